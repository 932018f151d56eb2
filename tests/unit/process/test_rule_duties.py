"""What a rule asks of a form or diagram, where no journey would notice that it is gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FORMS = Path(__file__).resolve().parents[3] / "bpmn" / "objection" / "forms"
GROUNDS = ("error", "omission", "duplicate", "not_public", "over_period", "differs", "wrong_list")


def fields(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for each in components:
        yield each
        yield from fields(each.get("components", []))


class TestGrounds:
    @pytest.mark.parametrize("form", ["filing_portal", "formal_check"])
    def test_are_the_seven_that_the_guides_name(self, form):
        """N21: error, omission, duplicate, not public, over the period, differs, wrong list."""
        content = json.loads((FORMS / f"{form}.json").read_text("utf-8"))
        (asked,) = [each for each in fields(content["components"]) if each.get("key") == "grounds"]

        assert tuple(value["value"] for value in asked["values"]) == GROUNDS
