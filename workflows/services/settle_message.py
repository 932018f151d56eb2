"""A message that no case took waits for a person: bring it to a case, or set it aside (R4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflows.errors import Conflict, InvalidAnswer, NotFound
from workflows.models import Case, InboundMessage
from workflows.services.desk import Desk
from workflows.services.receive_exchange import (
    deliver_answer,
    find_doubt,
    find_numbered_case,
    find_reported_case,
)
from workflows.storage.unit_of_work import UnitOfWork

MOST_MESSAGES = 100
# The audit keeps a reason in full up to here.
LONGEST_REASON = 400


@dataclass(frozen=True)
class WaitingMessage:
    """A message that no case took; ``case_number`` is the case it found, if any."""

    message: InboundMessage
    case_number: str


def list_waiting_messages(
    session: Session, *, office_id: str, limit: int = MOST_MESSAGES
) -> list[WaitingMessage]:
    """Return the messages that no case took, newest first, for a person to settle."""
    query = (
        select(InboundMessage, Case.number)
        .outerjoin(Case, Case.id == InboundMessage.case_id)
        .where(InboundMessage.office_id == office_id, InboundMessage.handled_at.is_(None))
        .order_by(InboundMessage.received_at.desc(), InboundMessage.id)
        .limit(limit)
    )
    return [WaitingMessage(row, number or "") for row, number in session.execute(query)]


def count_waiting_messages(session: Session, *, office_id: str) -> int:
    """Return how many messages wait for a person."""
    query = select(func.count()).where(
        InboundMessage.office_id == office_id, InboundMessage.handled_at.is_(None)
    )
    return session.scalar(query) or 0


def assign_message(
    work: UnitOfWork, desk: Desk, *, message_id: str, case_number: str
) -> dict[str, Any]:
    """Bring a message to the case a person named, as if it had found it by itself.

    Raises InvalidAnswer when that case does not exist, does not wait for it, or is not the one
    whose report it answers; Conflict when somebody settled the message meanwhile.
    """
    message = _get_waiting(work, message_id)
    number = case_number.strip().upper()
    found = find_numbered_case(work, number=number)
    if found is None:
        raise _refusal("error.message_case_unknown", number=number)
    reported = find_reported_case(work, message.payload)
    if reported is not None and reported.id != found.id:
        raise _refusal("error.message_of_other_case", number=reported.number)
    case = work.get_case(found.id)
    # A key that we never sent is what the person has just cleared up; an old one stays old.
    if find_doubt(work, case, message.payload) == "stale":
        raise _refusal("error.message_stale", number=number)
    # The answer counts from the day it was given, or came in, not from the day it was sorted.
    decided = message.payload.get("decided_at") or message.received_at.isoformat()
    payload = {**message.payload, "decided_at": decided}
    result = deliver_answer(work, desk, case=case, kind=message.kind, payload=payload)
    if result != "delivered":
        raise _refusal("error.message_not_awaited", number=number)
    message.case_id = case.id
    _settle(work, message, result="delivered", fact="message_assigned")
    return {"case_id": case.id, "number": number}


def set_message_aside(work: UnitOfWork, *, message_id: str, reason: str) -> dict[str, Any]:
    """Settle a message without bringing it to a case; it stays on file with the reason.

    Raises InvalidAnswer without a reason or for one too long; Conflict when somebody settled the
    message meanwhile.
    """
    message = _get_waiting(work, message_id)
    count = len(reason.strip())
    if not count:
        raise InvalidAnswer(fields={"reason": ["check.reason_needed"]})
    if count > LONGEST_REASON:
        raise InvalidAnswer(
            fields={"reason": ["check.too_long"]}, limit=LONGEST_REASON, count=count
        )
    _settle(work, message, result="set_aside", fact="message_set_aside")
    return {"case_id": message.case_id}


def _get_waiting(work: UnitOfWork, message_id: str) -> InboundMessage:
    message = work.session.get(InboundMessage, message_id)
    if message is None or message.office_id != work.command.office_id:
        raise NotFound("error.message_not_found")
    if message.handled_at is not None:
        raise Conflict("error.message_settled")
    return message


def _settle(work: UnitOfWork, message: InboundMessage, *, result: str, fact: str) -> None:
    message.result = result
    message.handled_at = work.command.now
    work.record(
        fact,
        case_id=message.case_id,
        source=message.source,
        kind=message.kind,
        message_id=message.message_id,
    )


def _refusal(key: str, **facts: Any) -> InvalidAnswer:
    return InvalidAnswer(key, fields={"case_number": [key]}, **facts)
