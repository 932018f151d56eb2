"""Open a case that follows from another one: same subject, same record, its own process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from workflows.models import Case, CaseLink, Organisation, Subject
from workflows.services.body_subject import subject_of_body
from workflows.services.deliver import awaits_message, deliver_message
from workflows.services.desk import Desk
from workflows.services.open_case import Filing, open_case
from workflows.storage.unit_of_work import UnitOfWork

FOLLOWS, CONTESTS = "follows", "contests"
# What a case waits for that another one followed from.
RESULT = "rectification_closed"


def open_following(
    work: UnitOfWork,
    desk: Desk,
    *,
    case_id: str,
    kind: str,
    channel: str,
    matter: str = "",
    body_id: str = "",
) -> dict[str, Any]:
    """Open the case that follows, or return the one of this kind and subject that already does.

    ``matter`` is what the new case is about, for a process that handles several. With ``body_id``
    it is about that body instead of the subject and record of the first case.
    """
    origin = work.get_case(case_id)
    subject = _subject(work, origin, body_id)
    known = _find_following(work, origin=origin, kind=kind, subject=subject)
    if known is not None:
        return {"case_id": known}
    record = None if body_id else origin.record
    filing = Filing.about(
        subject,
        kind=kind,
        channel=channel,
        record_number=record.number if record else "",
        receiving_organisation_id=origin.receiving_organisation_id,
        origin_case_id=origin.id,
        variables={"matter": matter} if matter else {},
    )
    return open_case(work, desk, filing=filing)


def _subject(work: UnitOfWork, origin: Case, body_id: str) -> Subject:
    if not body_id:
        return origin.subject
    return subject_of_body(work, work.session.get_one(Organisation, body_id))


def _find_following(work: UnitOfWork, *, origin: Case, kind: str, subject: Subject) -> str | None:
    query = (
        select(Case.id)
        .join(CaseLink, CaseLink.case_id == Case.id)
        .where(
            CaseLink.other_case_id == origin.id,
            CaseLink.kind == FOLLOWS,
            Case.kind == kind,
            Case.subject_id == subject.id,
        )
    )
    return work.session.scalars(query).first()


def list_origins(work: UnitOfWork, *, case: Case) -> list[str]:
    """Return the cases from which this one followed."""
    query = select(CaseLink.other_case_id).where(
        CaseLink.case_id == case.id, CaseLink.kind == FOLLOWS
    )
    return list(work.session.scalars(query.order_by(CaseLink.linked_at, CaseLink.id)))


def note_on_contested(work: UnitOfWork, *, case: Case) -> None:
    """Note in the case that this reconsideration or suit is about that it was brought (R10)."""
    query = select(CaseLink.other_case_id).where(
        CaseLink.case_id == case.id, CaseLink.kind == CONTESTS
    )
    for other_id in work.session.scalars(query):
        work.record("litigation_registered", case_id=other_id, number=case.number)


def receive_result(
    work: UnitOfWork, desk: Desk, *, case_id: str, from_number: str, result: str
) -> dict[str, Any]:
    """Bring a case the outcome of the one that followed; one that does not wait only notes it."""
    case = work.get_case(case_id)
    work.record("result_received", case_id=case.id, number=from_number, result=result)
    if not awaits_message(work, desk, case=case, name=RESULT):
        return {"case_id": case.id, "delivered": False}
    variables: Mapping[str, Any] = {"rectification_result": result}
    deliver_message(work, desk, case=case, name=RESULT, variables=variables)
    return {"case_id": case.id, "delivered": True}
