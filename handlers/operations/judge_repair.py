"""Bring the facts of a repair before the decision tables, and keep what the answer must name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, find_parameter
from handlers.marks import operation
from handlers.repair_facts import (
    GOVERNMENT,
    NOT_REACHED,
    REACHED,
    UNSETTLED,
    candidates,
    earliest_words,
    refusal_reasons,
    shortest_period,
)
from workflows.services.desk import OperationContext
from workflows.services.repair_record import is_contested


@operation(
    "read_repair_facts",
    sets={
        "regime": ["order36", "order58"],
        "tier": ["minor", "general", "serious", "unknown"],
        "special_field": ["yes", "no"],
        "competence": ["here", "elsewhere"],
        "repairable": ["yes", "no"],
        "objection": ["running", "none"],
        "subject_group": ["government", "other"],
        "materials": ["complete", "incomplete"],
        "commitment": ["given", "not_given"],
        "duties": ["performed", "not_performed"],
    },
)
def read_repair_facts(context: OperationContext) -> Mapping[str, Any]:
    """Set what the tables read of the application, as checked (R29, N1 to N3, N7).

    ``regime`` is the order in force on the day of receipt (N1, N11); the tier is the one checked,
    ``unknown`` where no order covers that day.
    """
    form = answer_of(context, "check_repair")
    _note_missing_record(context, form)
    regime = find_parameter(context, "rep.regime")
    is_government = context.case.subject.kind in GOVERNMENT
    is_repairable = form.get("repairable") == "yes" and form.get("record_exists") == "yes"
    return {
        "regime": str(regime.value) if regime else "order36",
        "tier": str(form.get("tier") or "unknown") if regime else "unknown",
        "special_field": "yes" if form.get("special_field") == "yes" else "no",
        "competence": str(form.get("competence") or "here"),
        "repairable": "yes" if is_repairable else "no",
        "objection": "running" if _is_contested(context) else "none",
        "subject_group": "government" if is_government else "other",
        "materials": "incomplete" if form.get("completeness") == "incomplete" else "complete",
        "commitment": "given" if form.get("commitment_given") == "given" else "not_given",
        # The recogniser checks what the window cannot see (N4, N7).
        "duties": "not_performed" if form.get("duties") == "not_performed" else "performed",
    }


@operation(
    "assess_repair",
    reads=["period_rule", "materials", "commitment", "duties"],
    sets={"period": [REACHED, NOT_REACHED, UNSETTLED]},
)
def assess_repair(context: OperationContext) -> Mapping[str, Any]:
    """Reckon the shortest publicity by the chosen rule; keep reasons and the earliest day (N3).

    Sets ``period`` to reached, not_reached or unsettled, the last where no confirmed rule says.
    """
    found = shortest_period(context, rule_key=str(context.variables.get("period_rule") or "none"))
    names = ("materials", "commitment", "duties")
    facts = {name: str(context.variables.get(name) or "") for name in names}
    facts["period"] = found.state
    case = context.case
    case.flags = {
        **case.flags,
        "repair_reasons": refusal_reasons(facts),
        "repair_candidates": {name: day.isoformat() for name, day in candidates(context).items()},
        **earliest_words(found.earliest_on, facts),
    }
    context.work.record(
        "repair_assessed",
        case_id=case.id,
        period=found.state,
        earliest_on=found.earliest_on.isoformat() if found.earliest_on else "",
    )
    return {"period": found.state}


def _is_contested(context: OperationContext) -> bool:
    record = context.case.record
    return record is not None and is_contested(context.work, record=record)


def _note_missing_record(context: OperationContext, form: Mapping[str, Any]) -> None:
    """Keep what the applicant named when there is no such record, for the letter to repeat."""
    named = answer_of(context, "filing_").get("record_reference") or context.case.number
    missing = str(named) if form.get("record_exists") == "no" else ""
    context.case.flags = {**context.case.flags, "repair_no_record": missing}
