"""Accept the objection: mark the record 异议中 and keep the contested version (R93, N20)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import case_facts, find_term, office_facts
from handlers.marks import operation
from handlers.sending import find_letter, send_to_subject
from handlers.telling import tell_subject
from notifications.letters.compose.acceptance_notice import compose_acceptance_notice
from workflows.services import change_record
from workflows.services.desk import OperationContext


@operation("mark_disputed")
def mark_disputed(context: OperationContext) -> Mapping[str, Any]:
    """Mark the record, if there is one, and tell the subject that the objection is accepted."""
    record = context.case.record
    if record is None:
        return {"record_origin": "department"}
    change_record.mark_disputed(context.work, case=context.case, record=record)
    if find_letter(context, "acceptance_notice") is None:
        letter = compose_acceptance_notice(
            office=office_facts(context),
            case=case_facts(context),
            term=find_term(context, "obj.reply.limit"),
            other_term=find_term(context, "obj.other.limit"),
        )
        send_to_subject(context, letter)
        tell_subject(context, "accepted")
    return {"record_origin": record.origin}
