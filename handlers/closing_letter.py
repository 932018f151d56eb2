"""Write to the subject how the case ended, where no other letter has said so (R5, R15)."""

from __future__ import annotations

from datetime import date

from handlers.case_facts import answer_of, case_facts, office_facts, text_of
from handlers.operations.send_supplement_notice import silence_provision
from handlers.remedies import get_remedies
from handlers.sending import find_letter, send_to_subject
from notifications.letters.compose.closing_letter import (
    Corrected,
    Ending,
    GivenUp,
    Upheld,
    Withdrawn,
    compose_closing_letter,
)
from workflows.services.change_record import changed_on
from workflows.services.consult_file import list_documents
from workflows.services.desk import OperationContext
from workflows.services.log_query import list_told


def close_with_letter(context: OperationContext, outcome: str) -> None:
    """Send the closing letter once. A notice of non-acceptance or transfer has said it already."""
    if find_letter(context, "closing_letter") is not None:
        return
    ending = _ending(context, outcome)
    if ending is None:
        return
    letter = compose_closing_letter(
        office=office_facts(context), case=case_facts(context), ending=ending
    )
    send_to_subject(context, letter)


def _ending(context: OperationContext, outcome: str) -> Ending | None:
    if outcome == "withdrawn":
        return _withdrawn(context)
    if outcome == "given_up":
        return GivenUp(
            provision=silence_provision(context),
            remedies=get_remedies(context, decision="given_up"),
        )
    reply = find_letter(context, "reply")
    if outcome == "upheld":
        return Upheld(reply_number=reply.number if reply else "")
    return _corrected(context) if outcome == "corrected" else None


def _withdrawn(context: OperationContext) -> Withdrawn:
    withdrawn_on = context.case.flags.get("withdrawn_on")
    finding = context.case.finding
    return Withdrawn(
        withdrawn_on=date.fromisoformat(withdrawn_on) if withdrawn_on else context.today,
        finding="" if finding == "uphold" else finding,
    )


def _corrected(context: OperationContext) -> Corrected | None:
    """Return what was done about the error, or None where the linked case does it (O-5)."""
    receipt = text_of(answer_of(context, "report_answer"), "receipt")
    if context.variables.get("finding_is_shared"):
        return None
    record = context.case.record
    receipts = [
        each.title
        for each in list_documents(context.work, case=context.case)
        if each.kind == "lifting_receipt"
    ]
    return Corrected(
        finding=context.case.finding,
        changed_on=changed_on(context.work, case=context.case) or context.today,
        platform_receipt=receipt or "—",
        lifting_receipts=receipts,
        told=list_told(context.work, record=record) if record else (),
    )
