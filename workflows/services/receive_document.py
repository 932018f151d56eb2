"""Enter a stamped letter that came in on paper: other bodies answer so, not by logging in (E)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from workflows.clock.terms import legal_date
from workflows.errors import InvalidAnswer
from workflows.models import Case, new_id
from workflows.services.draft_document import get_document, hash_letter
from workflows.storage.document_rows import RECEIVED, DocumentRow, add_document
from workflows.storage.unit_of_work import UnitOfWork


def receive_document(
    work: UnitOfWork,
    *,
    case: Case,
    kind: str,
    title: str,
    sender: str,
    number: str,
    document_on: date | None,
    arrived_on: date,
    scan_id: str | None = None,
    item: str | None = None,
    sender_id: str | None = None,
    letter: Mapping[str, Any] | None = None,
    is_for_subject: bool = False,
) -> DocumentRow:
    """Enter the letter with its number (来文字号), its date, its day of arrival and its scan.

    ``letter`` is what it says, where our own form holds it. The same number from the same sender
    is entered once. Raises InvalidAnswer for a day that lies
    ahead, or a letter dated after it arrived.
    """
    known = work.one(
        RECEIVED, case_id=case.id, kind=kind, sender=sender, number=number, item=item or None
    )
    if known is not None:
        return get_document(work, known)
    _check_days(work, document_on=document_on, arrived_on=arrived_on)
    received = DocumentRow(
        id=new_id(),
        office_id=case.office_id,
        case_id=case.id,
        kind=kind,
        direction="in",
        item=item,
        title=title,
        status="received",
        number=number,
        letter=dict(letter or {}),
        letter_hash=hash_letter(letter) if letter else "",
        addressee=sender,
        addressee_id=sender_id,
        drafted_at=work.command.now,
        document_on=document_on,
        arrived_on=arrived_on,
        sealed_copy_id=scan_id,
        is_for_subject=is_for_subject,
    )
    add_document(work, received)
    work.record(
        "document_received",
        case_id=case.id,
        kind=kind,
        title=title,
        sender=sender,
        number=number,
        arrived_on=arrived_on.isoformat(),
    )
    return received


def _check_days(work: UnitOfWork, *, document_on: date | None, arrived_on: date) -> None:
    today = legal_date(work.command.now)
    if arrived_on > today:
        raise InvalidAnswer(fields={"arrived_on": ["check.date_in_future"]})
    if document_on is not None and document_on > arrived_on:
        raise InvalidAnswer(fields={"document_on": ["check.dated_after_arrival"]})
