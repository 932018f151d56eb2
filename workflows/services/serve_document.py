"""Register service of a letter: the instant from which remedies run (C1 step 10, N42)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from workflows.clock.terms import legal_date
from workflows.errors import InvalidAnswer
from workflows.models import Case
from workflows.services.desk import Desk
from workflows.services.draft_document import check_status
from workflows.services.stop_reply import stop_reply
from workflows.storage.document_rows import DocumentRow, move_document
from workflows.storage.unit_of_work import UnitOfWork

# Service by public notice is complete thirty days after it went out (N42).
NOTICE_PERIOD = timedelta(days=30)


def serve_document(
    work: UnitOfWork,
    desk: Desk,
    *,
    case: Case,
    document: DocumentRow,
    served_on: date,
    evidence: str,
    served_at: datetime | None = None,
) -> DocumentRow:
    """Register that the addressee has the letter, and on what evidence.

    For electronic service ``served_at`` is the arrival in the addressee's system; when it is
    opened is noted apart (N42). Registering twice changes nothing. Raises InvalidAnswer for a day
    that lies ahead or before dispatch, or without evidence.
    """
    if document.status == "served":
        return document
    check_status(document, ("dispatched",))
    _check_day(work, document, served_on)
    if not evidence.strip():
        raise InvalidAnswer(fields={"evidence": ["check.required"]})
    document.status = "served"
    document.served_on = served_on
    document.served_at = served_at
    document.service_evidence = evidence[:300]
    move_document(work, document)
    work.record(
        "document_served",
        case_id=case.id,
        is_public=document.is_for_subject,
        kind=document.kind,
        title=document.title,
        number=document.number,
        method=document.service_method,
        served_on=served_on.isoformat(),
    )
    stop_reply(work, desk, case=case, document=document, instant="served")
    return document


def _check_day(work: UnitOfWork, document: DocumentRow, served_on: date) -> None:
    if served_on > legal_date(work.command.now):
        raise InvalidAnswer(fields={"served_on": ["check.date_in_future"]})
    sent_on = legal_date(document.dispatched_at) if document.dispatched_at else served_on
    if served_on < sent_on:
        raise InvalidAnswer(fields={"served_on": ["check.served_before_dispatch"]})
    if document.service_method == "public_notice" and served_on < sent_on + NOTICE_PERIOD:
        raise InvalidAnswer(fields={"served_on": ["check.public_notice_not_over"]})
