"""Check in time whether a commitment is kept, and note the result of it (R111, R112)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.answers.paper import check_paper
from handlers.case_facts import answer_of, day_of, text_of
from handlers.marks import answered, operation
from workflows.errors import InvalidAnswer
from workflows.services.case_bodies import name_body
from workflows.services.desk import OperationContext
from workflows.services.keep_commitments import (
    BROKEN,
    CheckResult,
    get_commitment_of_case,
    needs_revocation,
    settle_commitment,
    start_check_clock,
    take_up_commitment,
)

CLOCK = "commitment_check"
FORM = "check_commitment"


@operation(
    "register_commitment_check",
    needs=["commitment_id"],
    sets={"check_result": "", "breach_outcome": "", "outcome": ""},
    starts={CLOCK: "com.verify.deadline"},
)
def register_commitment_check(context: OperationContext) -> Mapping[str, Any]:
    """Let the body that gave the approval check it, to the day that the register has (R111)."""
    commitment = take_up_commitment(
        context.work,
        commitment_id=str(context.variables["commitment_id"]),
        case_id=context.case_id,
    )
    name_body(context.case, "checker", commitment.received_by_id)
    start_check_clock(
        context.work, context.desk, case=context.case, commitment=commitment, name=CLOCK
    )
    return {"check_result": "", "breach_outcome": "", "outcome": ""}


@answered(FORM)
def check_answer(context: OperationContext) -> Mapping[str, Any]:
    """Ask for the document that revoked an approval whose commitment was broken (R112)."""
    form = answer_of(context, FORM)
    check_paper(context, form)
    commitment = get_commitment_of_case(context.work, case_id=context.case_id)
    checked_on = day_of(form, "checked_on")
    if checked_on is not None and checked_on < commitment.approved_on:
        raise InvalidAnswer(fields={"checked_on": ["check.ends_before_it_begins"]})
    is_broken = form.get("check_result") == BROKEN
    if is_broken and needs_revocation(commitment) and not text_of(form, "revocation_document"):
        raise InvalidAnswer(fields={"revocation_document": ["check.broken_needs_revocation"]})
    return {}


@operation("record_commitment_check", needs=["check_result"])
def record_commitment_check(context: OperationContext) -> Mapping[str, Any]:
    """Note on the commitment whether it was kept, what was found and on which day (R111, R121)."""
    form = answer_of(context, FORM)
    settle_commitment(
        context.work,
        commitment=get_commitment_of_case(context.work, case_id=context.case_id),
        found=CheckResult(
            result=str(context.variables["check_result"]),
            finding=text_of(form, "finding"),
            checked_on=day_of(form, "checked_on") or context.today,
            revocation_document=text_of(form, "revocation_document"),
        ),
        case_id=context.case_id,
    )
    return {}
