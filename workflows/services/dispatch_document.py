"""Send a letter on its way; how it goes decides what will count as service (N42)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select

from workflows.errors import InvalidAnswer, NotAllowed
from workflows.models import Case, CaseParty
from workflows.services.desk import Desk
from workflows.services.draft_document import check_status
from workflows.services.stop_reply import stop_reply
from workflows.storage.document_rows import DocumentRow, move_document
from workflows.storage.statements import Query
from workflows.storage.unit_of_work import UnitOfWork

METHODS = ("electronic", "window", "post", "leaving", "public_notice")
# Why a letter came back; a code, because events hold no words that could name a person.
CAME_BACK = ("address_unknown", "moved", "refused", "not_collected", "bounced")


def dispatch_document(
    work: UnitOfWork,
    desk: Desk,
    *,
    case: Case,
    document: DocumentRow,
    method: str,
    dispatched_at: datetime | None = None,
) -> DocumentRow:
    """Note that the letter left the office, and by which of the five ways.

    A paper that needs no service, such as a receipt, goes out with an empty ``method``.
    Raises NotAllowed for electronic service to a subject who has not agreed to it (N42), and
    InvalidAnswer for an unknown way or an instant that lies ahead.
    """
    if document.status in ("dispatched", "served"):
        return document
    check_status(document, ("numbered", "sealed"))
    at = dispatched_at or work.command.now
    if method not in ("", *METHODS):
        raise InvalidAnswer(fields={"service_method": ["check.choice"]})
    if at > work.command.now:
        raise InvalidAnswer(fields={"dispatched_on": ["check.date_in_future"]})
    if method == "electronic" and document.is_for_subject and not has_consented(work, case):
        raise NotAllowed("error.no_consent_to_electronic_service", case=case.number)
    document.status = "dispatched"
    document.service_method = method
    document.dispatched_at = at
    move_document(work, document)
    work.record(
        "document_dispatched",
        case_id=case.id,
        is_public=document.is_for_subject,
        kind=document.kind,
        title=document.title,
        number=document.number,
        method=method,
    )
    stop_reply(work, desk, case=case, document=document, instant="made")
    stop_reply(work, desk, case=case, document=document, instant="dispatched")
    return document


def dispatch_again(
    work: UnitOfWork, *, case: Case, document: DocumentRow, method: str, reason: str
) -> DocumentRow:
    """Send a letter that came back on its way once more, by another of the five ways.

    ``reason`` is one of ``CAME_BACK``. Raises NotAllowed for electronic service without consent,
    InvalidAnswer for an unknown way or reason, Conflict once it is served.
    """
    check_status(document, ("dispatched",))
    if reason not in CAME_BACK:
        raise InvalidAnswer(fields={"reason": ["check.choice"]})
    if method not in METHODS:
        raise InvalidAnswer(fields={"service_method": ["check.choice"]})
    if method == "electronic" and document.is_for_subject and not has_consented(work, case):
        raise NotAllowed("error.no_consent_to_electronic_service", case=case.number)
    before = document.service_method
    document.service_method = method
    document.dispatched_at = work.command.now
    move_document(work, document)
    work.record(
        "document_sent_again",
        case_id=case.id,
        kind=document.kind,
        title=document.title,
        before=before,
        method=method,
        reason=reason,
    )
    return document


def has_consented(work: UnitOfWork, case: Case) -> bool:
    """Say whether a present party has signed for electronic service."""
    return any(party.has_consented for party in present_parties(work, case))


class PresentParty(NamedTuple):
    """A party as far as letters need it; name and addresses stay in the vault."""

    id: str
    has_consented: bool
    has_email: bool


PRESENT_PARTIES = Query(
    select(CaseParty.id, CaseParty.consents_to_electronic_service, CaseParty.email.is_not(None))
    .where(CaseParty.case_id == bindparam("case_id"), CaseParty.valid_to.is_(None))
    .order_by(CaseParty.valid_from.desc(), CaseParty.id),
    PresentParty._make,
)


def present_parties(work: UnitOfWork, case: Case) -> list[PresentParty]:
    """Return the applicant, agent or successor as of now, newest first."""
    return work.all(PRESENT_PARTIES, case_id=case.id)
