"""Enter a department's opinion, answered here or by stamped paper, and stop its clock (R2, R8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers.case_facts import answer_of, case_facts, day_of, files_of, text_of
from handlers.grounds import ERRORS, conclusion_of
from handlers.marks import operation
from handlers.places import get_item_body
from handlers.sending import find_letter
from handlers.stopping import stop_named_clock
from notifications.letters.compose.verification_opinion import (
    PaperOpinion,
    compose_verification_opinion,
)
from workflows.models import Organisation
from workflows.services.consult_file import name_of, newest_answer
from workflows.services.desk import OperationContext
from workflows.services.receive_document import receive_document
from workflows.services.sign_supervision_letter import moot_supervision_letters


@operation("record_verification")
def record_verification(context: OperationContext) -> Mapping[str, Any]:
    """File the opinion, stop the branch's clock and set aside drafts that nobody needs to sign."""
    body = get_item_body(context)
    form = answer_of(context, "verify", item=context.item)
    conclusion = conclusion_of(form.get("conclusion"))
    arrived_on = day_of(form, "arrived_on") or context.today
    _file_opinion(context, body, form, conclusion=conclusion, arrived_on=arrived_on)
    evidence = text_of(form, "incoming_number") or body.name
    stop_named_clock(
        context,
        "verification",
        reason="verification_answered",
        evidence=evidence,
        item=context.item,
        on=arrived_on,
    )
    moot_supervision_letters(
        context.work,
        case=context.case,
        item=f"verification:{context.item}",
        reason="verification_answered",
    )
    context.work.record(
        "verification_recorded",
        case_id=context.case_id,
        organisation=body.name,
        conclusion=conclusion,
        on_paper=form.get("answered_by") == "paper",
    )
    return {"error_found": True} if conclusion in ERRORS else {}


def _file_opinion(
    context: OperationContext,
    body: Organisation,
    form: dict[str, Any],
    *,
    conclusion: str,
    arrived_on: date,
) -> None:
    request = find_letter(context, "verification_request", item=context.item)
    letter = compose_verification_opinion(
        department=body.name,
        case=case_facts(context),
        request_number=request.number if request else "",
        conclusion=conclusion,
        facts=text_of(form, "facts"),
        evidence=text_of(form, "correct_values", "cannot_reason"),
        base_document=text_of(form, "base_document"),
        handler=_answering_person(context),
        answered_on=arrived_on,
        paper=_paper(context, form, arrived_on),
    )
    scans = files_of(form, "incoming_scan")
    receive_document(
        context.work,
        case=context.case,
        kind="verification_opinion",
        title=letter.title,
        sender=body.name,
        sender_id=body.id,
        number=text_of(form, "incoming_number"),
        document_on=day_of(form, "document_date"),
        arrived_on=arrived_on,
        scan_id=scans[0] if scans else None,
        item=context.item,
        letter=letter.to_mapping(),
    )


def _paper(
    context: OperationContext, form: dict[str, Any], arrived_on: date
) -> PaperOpinion | None:
    if form.get("answered_by") != "paper":
        return None
    return PaperOpinion(
        number=text_of(form, "incoming_number"),
        document_on=day_of(form, "document_date") or arrived_on,
        arrived_on=arrived_on,
        entered_by=_answering_person(context),
    )


def _answering_person(context: OperationContext) -> str:
    answer = newest_answer(context.work, case_id=context.case_id, form="verify", item=context.item)
    return name_of(context.work, person_id=answer.person_id) if answer and answer.person_id else ""
