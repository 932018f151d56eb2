"""Holds the decision on the data's source to be complete and free of overlaps."""

from __future__ import annotations

from itertools import product

import pytest
from lxml import etree

from tests.unit.process.drawings import bundle
from workflows.engine.markup import read_markup

NAMESPACE = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"
BODIES = ("office", "platform", "department", "upstream")
ORIGINS = ("platform", "department", "upstream")


def table() -> etree._Element:
    file = "decisions/source.dmn"
    return next(read_markup(bundle().files[file], file=file).iter(f"{NAMESPACE}decisionTable"))


def cells(rule: etree._Element, kind: str) -> list[str]:
    return [
        (e.findtext(f"{NAMESPACE}text") or "").strip('"') for e in rule.iter(f"{NAMESPACE}{kind}")
    ]


def decide(body: str, origin: str) -> list[str]:
    """Return the answer of each rule that fits."""
    return [
        cells(rule, "outputEntry")[0]
        for rule in table().iter(f"{NAMESPACE}rule")
        if all(
            cell in ("-", value)
            for cell, value in zip(cells(rule, "inputEntry"), (body, origin), strict=True)
        )
    ]


class TestSource:
    def test_is_unique(self):
        assert table().get("hitPolicy") == "UNIQUE"

    @pytest.mark.parametrize(("body", "origin"), list(product(BODIES, ORIGINS)))
    def test_has_exactly_one_answer_for_every_case(self, body, origin):
        assert len(decide(body, origin)) == 1

    def test_sends_a_pushed_objection_to_the_local_department(self):
        assert decide("upstream", "upstream") == ["department"]

    def test_asks_the_higher_platform_about_its_own_data(self):
        assert decide("office", "upstream") == ["upstream"]

    def test_asks_the_department_whoever_received_the_objection(self):
        assert {decide(body, "department")[0] for body in BODIES} == {"department"}
