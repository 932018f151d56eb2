"""Enter the decision on a repair with the day of its approval; the effects count from it (R30)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from handlers.case_facts import answer_of, day_of, text_of
from handlers.marks import operation
from handlers.words import case_word
from workflows.clock.terms import local_instant
from workflows.services.desk import OperationContext

OUTCOMES = {"grant": "granted", "grant_partly": "granted_partly", "refuse": "refused"}
PROPOSAL, END, PLAN = "propose_repair", "decide_end", "plan_result"


@operation("record_repair_decision", needs=["decision"], sets={"outcome": list(OUTCOMES.values())})
def record_repair_decision(context: OperationContext) -> Mapping[str, Any]:
    """Keep the outcome (granted, granted_partly, refused), its reasons and its day."""
    outcome = OUTCOMES[str(context.variables.get("decision"))]
    proposal = answer_of(context, PROPOSAL)
    keep_decision(
        context,
        outcome=outcome,
        words=outcome,
        reasons=text_of(proposal, "reasons"),
        basis=text_of(proposal, "legal_basis"),
        approved_on=_approved_on(context, answer_of(context, "approve_repair")),
    )
    return {"outcome": outcome}


@operation("record_period_end", sets={"outcome": "granted"})
def record_period_end(context: OperationContext) -> Mapping[str, Any]:
    """Keep that publicity ends with its longest period, as the approver decided (N13)."""
    form = answer_of(context, END)
    keep_decision(
        context,
        outcome="granted",
        words="max_period",
        reasons=text_of(form, "reasons"),
        basis=text_of(answer_of(context, "confirm_end_basis"), "basis"),
        approved_on=_approved_on(context, form),
    )
    return {"outcome": "granted"}


@operation("record_plan_performed", sets={"outcome": "granted"})
def record_plan_performed(context: OperationContext) -> Mapping[str, Any]:
    """Turn the temporary shielding into repair: the plan has been performed (N9)."""
    keep_decision(
        context,
        outcome="granted",
        words="plan_performed",
        reasons=case_word("repair_plan_reason", document=plan_document(context)),
        basis=text_of(answer_of(context, "confirm_basis"), "basis"),
        approved_on=context.today,
    )
    return {"outcome": "granted"}


def plan_document(context: OperationContext) -> str:
    """Return the court's paper on the plan, entered from outside or asked for (N9)."""
    entered = answer_of(context, PLAN) or answer_of(context, "ask_court")
    return text_of(entered, "court_document")


def keep_decision(
    context: OperationContext,
    *,
    outcome: str,
    words: str,
    reasons: str,
    basis: str,
    approved_on: date,
) -> None:
    """Keep the decision where letters and pages read it, once."""
    case = context.case
    if "repair_outcome" not in case.flags:
        case.finding_approved_at = (
            context.now if approved_on == context.today else local_instant(approved_on, time(0, 0))
        )
        context.work.record(
            "repair_decided",
            case_id=case.id,
            is_public=True,
            outcome=outcome,
            approved_on=approved_on.isoformat(),
        )
    case.flags = {
        **case.flags,
        "repair_outcome": outcome,
        "repair_decided_on": approved_on.isoformat(),
        "repair_words": case_word(f"repair_words.{words}"),
        "repair_decision_reasons": reasons,
        "repair_basis": basis.rstrip("。"),
        "repair_effects": "" if outcome == "refused" else case_word(f"repair_effects.{outcome}"),
    }


def _approved_on(context: OperationContext, form: Mapping[str, Any]) -> date:
    on_paper = form.get("approval_medium") == "paper"
    return (day_of(dict(form), "approved_on") if on_paper else None) or context.today
