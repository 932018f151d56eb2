"""The decision tables of credit repair: one row for every situation, and the order of the rows."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from tests.contracts.sources import ROOT
from workflows.engine.bundle import read_bundle
from workflows.engine.decisions import decide, read_decision

BUNDLE = read_bundle(ROOT / "bpmn", key="credit_repair")
PERIOD, ELIGIBILITY = "decisions/minimum_period.dmn", "decisions/eligibility.dmn"
FIT: dict[str, Any] = {
    "competence": "here",
    "repairable": "yes",
    "objection": "none",
    "subject_group": "other",
    "materials": "complete",
    "supplement_state": "not_asked",
    "commitment": "given",
    "duties": "performed",
    "period": "reached",
}
VALUES: dict[str, tuple[str, ...]] = {
    "competence": ("here", "elsewhere"),
    "repairable": ("yes", "no"),
    "objection": ("none", "running"),
    "subject_group": ("government", "other"),
    "materials": ("complete", "incomplete"),
    "supplement_state": ("not_asked", "asked"),
    "commitment": ("given", "not_given"),
    "duties": ("performed", "not_performed"),
    "period": ("reached", "not_reached", "unsettled"),
}


def eligibility(**changes: str) -> str:
    table = read_decision(BUNDLE, file=ELIGIBILITY)
    found = decide(table, file=ELIGIBILITY, variables={**FIT, **changes})
    return str(found["eligibility"])


class TestEligibility:
    def test_has_exactly_one_row_for_every_situation(self):
        table = read_decision(BUNDLE, file=ELIGIBILITY)

        for values in product(*VALUES.values()):
            variables = dict(zip(VALUES, values, strict=True))
            # Raises where no row fits, or two do.
            assert decide(table, file=ELIGIBILITY, variables=variables)["eligibility"]

    def test_pushes_what_meets_every_condition(self):
        assert eligibility() == "push"

    @pytest.mark.parametrize(
        ("changes", "result"),
        [
            ({"competence": "elsewhere"}, "transfer"),
            ({"repairable": "no"}, "not_repairable"),
            ({"objection": "running"}, "wait_objection"),
            ({"materials": "incomplete"}, "supplement"),
            ({"materials": "incomplete", "supplement_state": "asked"}, "not_yet"),
            ({"commitment": "not_given"}, "not_yet"),
            ({"duties": "not_performed"}, "not_yet"),
            ({"period": "not_reached"}, "not_yet"),
            ({"period": "unsettled"}, "settle"),
        ],
    )
    def test_answers_each_condition_that_is_not_met(self, changes, result):
        assert eligibility(**changes) == result

    def test_settles_the_earliest_day_before_it_says_not_yet(self):
        assert eligibility(period="unsettled", duties="not_performed") == "settle"
        assert eligibility(period="unsettled", commitment="not_given") == "settle"

    def test_lets_the_recogniser_judge_a_government_body(self):
        assert eligibility(subject_group="government", period="not_reached") == "push"
        assert eligibility(subject_group="government", objection="running") == "wait_objection"


class TestMinimumPeriod:
    @pytest.mark.parametrize(
        ("regime", "tier", "special_field", "rule"),
        [
            ("order36", "minor", "yes", "rep.tier.minor.min"),
            ("order36", "general", "no", "rep.tier.general.min"),
            ("order36", "serious", "no", "rep.tier.serious.min"),
            ("order36", "unknown", "no", "none"),
            ("order58", "serious", "no", "rep.penalty.min"),
            ("order58", "minor", "yes", "rep.penalty.special.min"),
        ],
    )
    def test_chooses_the_parameter_by_order_tier_and_field(self, regime, tier, special_field, rule):
        table = read_decision(BUNDLE, file=PERIOD)
        variables = {"regime": regime, "tier": tier, "special_field": special_field}

        assert decide(table, file=PERIOD, variables=variables) == {"period_rule": rule}
