"""Ask a department to verify, with the office's inner limit so that the reply fits (R2, R8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers.case_facts import (
    answer_of,
    case_facts,
    find_parameter,
    find_term,
    office_facts,
    text_of,
)
from handlers.grounds import grounds_words
from handlers.marks import operation
from handlers.places import get_item_body
from handlers.record_words import items_words
from handlers.sending import find_letter, send_to_body
from notifications.letters.compose.verification_request import (
    ContestedRecord,
    compose_verification_request,
)
from workflows.services.change_record import current_version
from workflows.services.desk import OperationContext
from workflows.services.lengthen_reply import lengthen_reply_clock
from workflows.services.run_clock import find_clock, start_clock


@operation("send_verification_letter")
def send_verification_letter(context: OperationContext) -> Mapping[str, Any]:
    """Send the request to the department of this branch and start its inner clock."""
    body = get_item_body(context)
    clock = start_clock(
        context.work,
        context.desk,
        case=context.case,
        name="verification",
        parameter="obj.verification.limit",
        start_on=context.today,
        item=context.item,
        reason="verification_asked",
    )
    if body.id != context.case.receiving_organisation_id:
        lengthen_reply_clock(context.work, context.desk, case=context.case)
    if find_letter(context, "verification_request", item=context.item) is not None:
        return {}
    letter = compose_verification_request(
        office=office_facts(context),
        case=case_facts(context),
        department=body.name,
        records=[_contested(context)],
        term=find_term(context, "obj.verification.limit"),
        reply_due=_reply_due(context),
    )
    send_to_body(
        context,
        letter,
        body=body,
        item=context.item,
        message="verification_requested",
        facts={"due_on": clock.due_on.isoformat() if clock.due_on else None},
    )
    context.work.record("verification_asked", case_id=context.case_id, organisation=body.name)
    return {}


def _contested(context: OperationContext) -> ContestedRecord:
    case = context.case
    filing = answer_of(context, "filing_")
    check = answer_of(context, "formal_check")
    record = f"{case.record.number}　{case.record.title}" if case.record else case.title
    contested = _contested_items(context, check.get("contested_items") or [])
    contested = contested or text_of(filing, "record_description") or case.title
    chosen = check.get("grounds") or filing.get("grounds") or []
    words = grounds_words(chosen)
    return ContestedRecord(
        record=record, contested=contested, grounds=text_of(filing, "statement") or words
    )


def _contested_items(context: OperationContext, chosen: list[Any]) -> str:
    record = context.case.record
    if record is None or not chosen:
        return ""
    content = current_version(context.work, record).content
    return items_words(content, chosen) or "；".join(str(each) for each in chosen)


def _reply_due(context: OperationContext) -> date | None:
    """Return the due date of the reply, if the rule behind it may show outside the office (E)."""
    rule = find_parameter(context, "obj.reply.limit")
    clock = find_clock(context.work, case_id=context.case_id, name="reply")
    if rule is None or not rule.confirmed or clock is None:
        return None
    return clock.due_on
