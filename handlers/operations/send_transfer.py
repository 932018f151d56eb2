"""Hand an objection of another body's competence over with all files, and say so (R1, R120)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, case_facts, office_facts, text_of
from handlers.grounds import is_credit_reporting
from handlers.marks import operation
from handlers.sending import find_letter, send_to_body, send_to_subject
from handlers.stopping import stop_named_clock
from handlers.telling import tell_subject
from handlers.words import case_word
from notifications.letters.compose.transfer import (
    compose_transfer_letter,
    compose_transfer_notice,
)
from workflows.errors import InvalidAnswer
from workflows.models import Organisation
from workflows.services.consult_file import find_organisation, list_documents
from workflows.services.desk import OperationContext
from workflows.storage.document_rows import DocumentRow


@operation("send_transfer", sets={"outcome": "transferred"})
def send_transfer(context: OperationContext) -> Mapping[str, Any]:
    """Send the transfer letter and the notice; the period ends here and runs on at that body."""
    form = answer_of(context, "formal_check")
    target = text_of(form, "transfer_to")
    body = find_organisation(context.work, office_id=context.case.office_id, text=target)
    if body is None:
        raise InvalidAnswer(fields={"transfer_to": ["check.required"]})
    reason = text_of(form, "transfer_reason") or case_word("transfer.reason")
    letter = _send_files(context, body, reason=reason)
    _tell_subject(context, body, reason=reason)
    stop_named_clock(context, "reply", reason="transferred", evidence=letter.number)
    context.work.record(
        "case_transferred",
        case_id=context.case_id,
        is_public=True,
        body=body.name,
    )
    return {"outcome": "transferred"}


def _send_files(context: OperationContext, body: Organisation, *, reason: str) -> DocumentRow:
    known = find_letter(context, "transfer_letter")
    if known is not None:
        return known
    letter = compose_transfer_letter(
        office=office_facts(context),
        case=case_facts(context),
        to=body.name,
        reason=reason,
        attachments=[each.title for each in list_documents(context.work, case=context.case)],
    )
    return send_to_body(context, letter, body=body)


def _tell_subject(context: OperationContext, body: Organisation, *, reason: str) -> None:
    if find_letter(context, "transfer_notice") is not None:
        return
    notice = compose_transfer_notice(
        office=office_facts(context),
        case=case_facts(context),
        to=body.name,
        to_contact=body.email,
        reason=reason,
        transferred_on=context.today,
        is_credit_reporting=is_credit_reporting(answer_of(context, "formal_check")),
    )
    send_to_subject(context, notice)
    tell_subject(context, "transferred", to=body.name)
