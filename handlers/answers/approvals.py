"""An approval given on paper may not lie ahead, nor before the case came in (E, 呈批单)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, day_of, text_of
from handlers.marks import answered
from handlers.stopping import stop_named_clock
from workflows.errors import InvalidAnswer
from workflows.services.desk import OperationContext


@answered("approve_finding")
def approve_finding(context: OperationContext) -> Mapping[str, Any]:
    """Check the day of a paper approval of the finding: the report clock will start on it."""
    return check_paper_approval(context, "approve_finding")


@answered("approve_base_change")
def approve_base_change(context: OperationContext) -> Mapping[str, Any]:
    """Check the day of a paper approval; a refused change has no three days to keep (N24)."""
    checked = check_paper_approval(context, "approve_base_change")
    form = answer_of(context, "approve_base_change")
    if form.get("base_change_outcome") == "refused":
        stop_named_clock(
            context,
            "base_revoked",
            reason="base_change_refused",
            evidence=text_of(form, "refusal_reason"),
        )
    return checked


@answered("sign_letter")
def sign_letter(context: OperationContext) -> Mapping[str, Any]:
    """Check the day of a paper signature."""
    return check_paper_approval(context, "sign_letter")


def check_paper_approval(context: OperationContext, form_name: str) -> Mapping[str, Any]:
    """Refuse a day of a paper approval that lies ahead, or before the case came in."""
    form = answer_of(context, form_name)
    approved_on = day_of(form, "approved_on")
    if form.get("approval_medium") != "paper" or approved_on is None:
        return {}
    if approved_on > context.today:
        raise InvalidAnswer(fields={"approved_on": ["check.date_in_future"]})
    if approved_on < context.case.received_on:
        raise InvalidAnswer(fields={"approved_on": ["check.approved_before_receipt"]})
    return {}
