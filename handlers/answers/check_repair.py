"""What is entered on a repair is checked at once, so that a slip shows on its form (R115, N4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.answers.approvals import check_paper_approval
from handlers.case_facts import answer_of, day_of, text_of
from handlers.marks import answered
from handlers.operations.ask_recogniser import conclusion_of
from handlers.operations.change_sanction import apply_change
from handlers.operations.decide_leniency import NONE, allowed
from handlers.places import get_item_sanction
from workflows.errors import InvalidAnswer
from workflows.services.desk import OperationContext
from workflows.services.identify_record import identify_record

# What the recogniser found -> what may be decided on it: never more than it found (N4).
WITHIN: Mapping[str, tuple[str, ...]] = {
    "performed": ("grant", "grant_partly", "refuse", "return"),
    "partly_performed": ("grant_partly", "refuse", "return"),
    "not_performed": ("refuse", "return"),
}


@answered("check_repair")
def check_repair(context: OperationContext) -> Mapping[str, Any]:
    """Give the case its record; papers are asked for once, with everything named (R115)."""
    form = answer_of(context, "check_repair")
    if form.get("completeness") == "incomplete" and not text_of(form, "supplement_list"):
        raise InvalidAnswer(fields={"supplement_list": ["check.required"]})
    if form.get("competence") == "elsewhere" and not text_of(form, "transfer_to"):
        raise InvalidAnswer(fields={"transfer_to": ["check.required"]})
    if form.get("record_exists") == "yes" and context.case.record is None:
        _need_record(form)
    _name_record(context, form)
    return {}


@answered("examine_ruling")
def examine_ruling(context: OperationContext) -> Mapping[str, Any]:
    """Give the case the record that the ruling is about, and its plan a day ahead (N9)."""
    form = answer_of(context, "examine_ruling")
    if form.get("ruling_outcome") == "effective":
        _need_ahead(context, form, "plan_until")
        if context.case.record is None:
            _need_record(form)
    _name_record(context, form)
    return {}


@answered("examine_breach")
def examine_breach(context: OperationContext) -> Mapping[str, Any]:
    """Give the case the repaired record, and the statement a day ahead (O-11)."""
    form = answer_of(context, "examine_breach")
    if form.get("breach_outcome") == "likely":
        _need_ahead(context, form, "statement_until")
        if context.case.record is None:
            _need_record(form)
    _name_record(context, form)
    return {}


@answered("check_leniency")
def check_leniency(context: OperationContext) -> Mapping[str, Any]:
    """Name the record, if there is one already, and the day to decide by (O-11)."""
    form = answer_of(context, "check_leniency")
    _need_ahead(context, form, "decide_until")
    _name_record(context, form)
    return {}


@answered("note_third_party")
def note_third_party(context: OperationContext) -> Mapping[str, Any]:
    """The day to correct by lies ahead."""
    _need_ahead(context, answer_of(context, "note_third_party"), "correct_until")
    return {}


@answered("propose_repair")
def propose_repair(context: OperationContext) -> Mapping[str, Any]:
    """Refuse a decision that goes beyond what the recogniser found (谁认定、谁修复, N4)."""
    form = answer_of(context, "propose_repair")
    known = context.desk.engine.read_variables(state=context.case.engine_state)
    bodies = known.get("recognisers") or []
    conclusion = conclusion_of(context, str(bodies[0]) if bodies else "")
    if form.get("decision") not in WITHIN.get(conclusion, WITHIN["performed"]):
        raise InvalidAnswer(fields={"decision": ["check.beyond_recogniser"]})
    if form.get("decision") == "grant_partly" and not form.get("granted_items"):
        raise InvalidAnswer(fields={"granted_items": ["check.required_choices"]})
    return {}


@answered("confirm_change")
def confirm_change(context: OperationContext) -> Mapping[str, Any]:
    """Change the sanction in the register at once, so that a wrong day shows on the form."""
    form = answer_of(context, "confirm_change", item=context.item)
    known = context.desk.engine.read_variables(state=context.case.engine_state)
    if form.get("change_result") != "not_done":
        change = str(known.get("sanction_change") or "")
        apply_change(context, get_item_sanction(context), form, change=change)
    return {}


@answered("panel_minutes")
def panel_minutes(context: OperationContext) -> Mapping[str, Any]:
    """Hold the proposal to what the region's rule may give, on one of its grounds (R23 to R26)."""
    form = answer_of(context, "panel_minutes")
    effect = form.get("proposed_effect")
    if effect == NONE:
        return {}
    if effect not in allowed(context, "lenient.effects"):
        raise InvalidAnswer(fields={"proposed_effect": ["check.effect_not_here"]})
    if allowed(context, "lenient.conditions").isdisjoint(form.get("met_conditions") or []):
        raise InvalidAnswer(fields={"met_conditions": ["check.needs_one_condition"]})
    return {}


@answered("approve_refusal")
def approve_refusal(context: OperationContext) -> Mapping[str, Any]:
    """Check the day of a paper approval."""
    return check_paper_approval(context, "approve_refusal")


@answered("approve_repair")
def approve_repair(context: OperationContext) -> Mapping[str, Any]:
    """Check the day of a paper approval: the effects count from it (R30)."""
    return check_paper_approval(context, "approve_repair")


@answered("approve_shielding")
def approve_shielding(context: OperationContext) -> Mapping[str, Any]:
    """Check the day of a paper approval."""
    return check_paper_approval(context, "approve_shielding")


@answered("decide_end")
def decide_end(context: OperationContext) -> Mapping[str, Any]:
    """Check the day of a paper approval."""
    return check_paper_approval(context, "decide_end")


@answered("approve_revocation")
def approve_revocation(context: OperationContext) -> Mapping[str, Any]:
    """Check the day of a paper approval."""
    return check_paper_approval(context, "approve_revocation")


@answered("approve_leniency")
def approve_leniency(context: OperationContext) -> Mapping[str, Any]:
    """Check the day of a paper approval."""
    return check_paper_approval(context, "approve_leniency")


def _name_record(context: OperationContext, form: dict[str, Any]) -> None:
    chosen = text_of(form, "record_id")
    if chosen:
        identify_record(context.work, case=context.case, record_id=chosen)


def _need_record(form: dict[str, Any]) -> None:
    if not text_of(form, "record_id"):
        raise InvalidAnswer(fields={"record_id": ["check.required_choice"]})


def _need_ahead(context: OperationContext, form: dict[str, Any], name: str) -> None:
    day = day_of(form, name)
    if day is None or day <= context.today:
        raise InvalidAnswer(fields={name: ["check.date_after_start"]})
