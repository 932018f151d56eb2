"""Write the corrected or revoked version of the record; the former one stays readable (R3, R93)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, day_of, files_of, text_of
from handlers.marks import operation
from handlers.places import get_item_body
from handlers.record_words import corrected_items
from handlers.words import case_word
from workflows.models import CreditRecord
from workflows.services.change_record import (
    correct_record,
    current_version,
    revoke_record,
)
from workflows.services.desk import OperationContext
from workflows.services.receive_document import receive_document


@operation("apply_correction")
def apply_correction(context: OperationContext) -> Mapping[str, Any]:
    """Add the version that this corrector's answer describes."""
    record = context.case.record
    if record is None:
        return {}
    form = answer_of(context, "correct_record", item=context.item)
    reason = text_of(form, "correction_document") or context.case.number
    _file_paper(context, form)
    if _revokes(context, form):
        revoke_record(context.work, case=context.case, record=record, reason=reason)
        return {}
    correct_record(
        context.work,
        case=context.case,
        record=record,
        changes=_changes(context, record, form),
        reason=reason,
        mark=f"correct:{context.item}",
    )
    return {}


def _revokes(context: OperationContext, form: dict[str, Any]) -> bool:
    action = text_of(form, "correction_action")
    return action == "revoked" if action else context.case.finding == "revoke"


def _changes(
    context: OperationContext, record: CreditRecord, form: dict[str, Any]
) -> dict[str, Any]:
    """Return the corrected content: a line ``name: value`` replaces that item of the record."""
    proposal = answer_of(context, "propose_finding")
    text = text_of(form, "corrected_values") or text_of(proposal, "correct_values")
    content = current_version(context.work, record).content
    return {"correction": text, "items": corrected_items(content, text)}


def _file_paper(context: OperationContext, form: dict[str, Any]) -> None:
    if form.get("answered_by") != "paper":
        return
    body = get_item_body(context)
    scans = files_of(form, "incoming_scan")
    receive_document(
        context.work,
        case=context.case,
        kind="correction_answer",
        title=case_word("correction.answer", body=body.name),
        sender=body.name,
        sender_id=body.id,
        number=text_of(form, "incoming_number"),
        document_on=day_of(form, "document_date"),
        arrived_on=day_of(form, "arrived_on") or context.today,
        scan_id=scans[0] if scans else None,
        item=context.item,
    )
