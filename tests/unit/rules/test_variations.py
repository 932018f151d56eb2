"""Every rule that a region's paper gives, as it was read: a changed or missing one is noticed.

The expectations stand in variations.json and are not read from the packs. A rule that changes is
changed in both places, by somebody who has read the text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from webapp.rule_coverage.named_tests import variation_name
from workflows.rules.packs import Parameter, read_rule_book

BOOK = read_rule_book()
TABLE = Path(__file__).with_name("variations.json")
VARIATIONS: list[Mapping[str, Any]] = json.loads(TABLE.read_text("utf-8"))["variations"]


def each(variations: Iterable[Mapping[str, Any]]) -> pytest.MarkDecorator:
    cases = [pytest.param(one, id=variation_name(one)) for one in variations]
    return pytest.mark.parametrize("variation", cases)


def find(variation: Mapping[str, Any]) -> Parameter | None:
    """Return the parameter that says this in this clause of this paper."""
    for rule in BOOK.list_all(variation["key"]):
        stands_there = (rule.document, rule.clause) == (variation["document"], variation["clause"])
        if stands_there and repr(rule.value) == repr(variation["value"]):
            return rule
    return None


class TestVariation:
    @each(VARIATIONS)
    def test_stands_as_it_was_read(self, variation):
        rule = find(variation)
        until = variation.get("until")

        assert rule is not None, "the pack no longer says what this clause says."
        assert list(rule.rule_ids) == variation["ids"]
        assert rule.valid_from == date.fromisoformat(variation["since"])
        assert rule.valid_to == (date.fromisoformat(until) if until else None)
        assert rule.confirmed is variation.get("confirmed", True)

    @each(one for one in VARIATIONS if "until" in one)
    def test_of_a_paper_that_ended_ends_with_it(self, variation):
        rule, last = find(variation), date.fromisoformat(variation["until"])

        assert rule is not None
        assert rule.is_in_force(last)
        assert not rule.is_in_force(last + timedelta(days=1))

    def test_is_written_down_for_every_rule_of_every_paper(self):
        written = {(one["key"], one["document"], one["clause"]) for one in VARIATIONS}
        shipped = {
            (rule.key, rule.document, rule.clause)
            for pack in BOOK.packs
            if not pack.is_office
            for rule in pack.parameters
            if not rule.key.startswith("time.")
        }

        assert shipped == written
