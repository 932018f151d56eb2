"""Enter the approved finding: it anchors the report clock and is told to linked cases (R4, O-3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from handlers.case_facts import answer_of, day_of, text_of
from handlers.grounds import ERRORS
from handlers.marks import operation
from handlers.stopping import stop_named_clock
from workflows.clock.terms import local_instant
from workflows.errors import InvalidAnswer
from workflows.lint.declared import KEPT
from workflows.services.desk import OperationContext
from workflows.services.run_clock import start_clock
from workflows.services.share_finding import share_finding

FORMS = {"record_base_finding": "approve_base_change"}


@operation(
    "record_finding",
    needs=["finding"],
    sets={"outcome": "decided", "finding": KEPT},
    starts={"report": "obj.report.limit"},
)
def record_finding(context: OperationContext) -> Mapping[str, Any]:
    """Note the finding with the legal date of its approval, and start the report clock on error.

    An approval on paper counts from the day written on it; the day it was entered stays beside it.
    """
    finding = str(context.variables.get("finding") or "")
    # Definitions of before keep the approved change of a base document in the same variable.
    form = answer_of(context, FORMS.get(context.element, "approve_finding"))
    enter_finding(context, finding=finding, form=form)
    return {"outcome": "decided", "finding": finding}


def enter_finding(context: OperationContext, *, finding: str, form: dict[str, Any]) -> None:
    """Note what was approved, start the report clock on error, and tell the linked cases."""
    if not finding:
        raise InvalidAnswer("error.finding_missing")
    approved_on = _approved_on(context, form)
    if not context.case.finding:
        _note(context, finding, form, approved_on)
    if finding in ERRORS:
        start_clock(
            context.work,
            context.desk,
            case=context.case,
            name="report",
            parameter="obj.report.limit",
            start_on=approved_on,
            reason="finding_approved",
            evidence=text_of(form, "approval_words"),
        )
    stop_named_clock(context, "base_revoked", reason="finding_approved", evidence=finding)
    share_finding(context.work, case=context.case, finding=finding)


def _approved_on(context: OperationContext, form: dict[str, Any]) -> date:
    on_paper = form.get("approval_medium") == "paper"
    approved_on = day_of(form, "approved_on") if on_paper else None
    return approved_on or context.today


def _note(context: OperationContext, finding: str, form: dict[str, Any], approved_on: date) -> None:
    case = context.case
    case.finding = finding
    case.finding_approved_at = _approved_at(context, approved_on)
    if case.record is not None and finding in ERRORS:
        case.flags = {**case.flags, "wrong_version": case.record.current_version}
    context.work.record(
        "finding_recorded",
        case_id=case.id,
        is_public=True,
        finding=finding,
        approved_on=approved_on.isoformat(),
        entered_on=context.today.isoformat(),
        on_paper=form.get("approval_medium") == "paper",
    )


def _approved_at(context: OperationContext, approved_on: date) -> datetime:
    if approved_on == context.today:
        return context.now
    return local_instant(approved_on, time(0, 0))
