"""What a complaint's forms may not say, and what its approved conclusion means (N14, R143)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.answers.paper import check_paper
from handlers.case_facts import answer_of, day_of, text_of
from handlers.marks import answered
from workflows.errors import InvalidAnswer
from workflows.lint.declared import KEPT
from workflows.models import Organisation
from workflows.services.desk import OperationContext

OUTCOMES = {"true": "confirmed", "settled": "confirmed"}


@answered("check_complaint")
def check_complaint(context: OperationContext) -> Mapping[str, Any]:
    """Refuse to have a body verify what it is itself accused of (N14)."""
    form = answer_of(context, "check_complaint")
    outcome = form.get("check_outcome")
    if outcome == "verify":
        bodies = [str(each) for each in form.get("bodies") or []]
        if not bodies:
            raise InvalidAnswer(fields={"bodies": ["check.required"]})
        if any(_is_reported(context, body_id) for body_id in bodies):
            raise InvalidAnswer(fields={"bodies": ["check.verifier_is_reported"]})
        verify_by = day_of(form, "verify_by")
        if verify_by is None or verify_by <= context.today:
            raise InvalidAnswer(fields={"verify_by": ["check.date_after_start"]})
    if outcome == "transfer" and _is_reported(context, text_of(form, "transfer_to")):
        raise InvalidAnswer(fields={"transfer_to": ["check.verifier_is_reported"]})
    return {}


@answered("verify_complaint")
def verify_complaint(context: OperationContext) -> Mapping[str, Any]:
    """Check the dates of a report that came on paper."""
    check_paper(context, answer_of(context, "verify_complaint", item=context.item))
    return {}


@answered("conclude_complaint")
def conclude_complaint(context: OperationContext) -> Mapping[str, Any]:
    """Refuse to call true what nobody verified: a complaint is verified first (N14)."""
    form = answer_of(context, "conclude_complaint")
    if form.get("conclusion") == "not_handled":
        return {}
    if not answer_of(context, "verify_complaint"):
        raise InvalidAnswer(fields={"conclusion": ["check.not_verified"]})
    return {}


@answered("approve_complaint", sets={"outcome": ["confirmed", "untrue", "not_handled"]})
def approve_complaint(context: OperationContext) -> Mapping[str, Any]:
    """Say in one word how the complaint ends, once its conclusion is approved."""
    conclusion = str(answer_of(context, "conclude_complaint").get("conclusion") or "")
    return {"outcome": OUTCOMES.get(conclusion, conclusion)}


@answered(
    "review_complaint",
    sets={"outcome": KEPT},
    follows=[("review_outcome", "changed", "outcome", "confirmed")],
)
def review_complaint(context: OperationContext) -> Mapping[str, Any]:
    """Call true from now on what the review found so: it ends, and may be rewarded, as such."""
    changed = answer_of(context, "review_complaint").get("review_outcome") == "changed"
    return {"outcome": "confirmed"} if changed else {}


def _is_reported(context: OperationContext, body_id: str) -> bool:
    body = context.session.get(Organisation, body_id) if body_id else None
    code = context.case.subject.credit_code
    return body is not None and bool(code) and body.credit_code == code
