"""Read what a subject may see of the own case: public facts, own letters, who asked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from workflows.clock.calendar import legal_date
from workflows.models import Case, CaseParty, Document, Event, Organisation, RecordQuery
from workflows.services.desk import Desk

# What has left the office, and what a department handed in for the subject to keep (R5).
SENT = ("dispatched", "served")
KEPT = "received"
WAITING = ("numbered", "sealed")
# The bodies an objection may be made to: each is competent (R1).
BODIES = ("lead", "platform")
SHORTEST_CODE = 8


def is_accepted(case: Case) -> bool:
    """Say whether the office has checked who files and accepted it: the record bears our mark.

    Before that anybody may have filed in the subject's name, so nothing about the record is told.
    """
    return "contested_version" in case.flags


def is_pending(case: Case) -> bool:
    """Say whether this case disputes its record now, as a certificate says of it."""
    is_open = case.status == "open" and is_accepted(case)
    return is_open and case.record is not None and case.record.is_disputed


def list_bodies(session: Session, *, office_id: str) -> list[Organisation]:
    """Return the bodies one may object to here; whichever is asked first keeps the case (R1)."""
    query = select(Organisation).where(
        Organisation.office_id == office_id,
        Organisation.kind.in_(BODIES),
        Organisation.valid_to.is_(None),
    )
    return sorted(session.scalars(query), key=lambda body: (BODIES.index(body.kind), body.code))


def list_public_events(session: Session, *, case_id: str) -> list[Event]:
    """Return what the subject may know has happened, newest first."""
    query = select(Event).where(Event.case_id == case_id, Event.is_public.is_(True))
    return list(session.scalars(query.order_by(Event.id.desc())))


def find_last_event(session: Session, *, case_id: str, kind: str) -> Event | None:
    """Return the newest happening of that kind in the case, or None."""
    query = select(Event).where(Event.case_id == case_id, Event.kind == kind)
    return session.scalars(query.order_by(Event.id.desc())).first()


def list_days_passed(session: Session, *, case_id: str) -> dict[str, date]:
    """Return on which day the case last passed each element of its diagrams."""
    query = select(Event.facts, Event.at).where(Event.case_id == case_id, Event.kind == "moved")
    days: dict[str, date] = {}
    for facts, at in session.execute(query.order_by(Event.id)):
        days.update({str(element): legal_date(at) for element, _ in facts.get("passed", [])})
    return days


def list_letters_for_subject(session: Session, *, case_id: str) -> list[Document]:
    """Return the letters sent to the subject and the receipts kept for it, newest first."""
    query = select(Document).where(
        Document.case_id == case_id,
        Document.is_for_subject.is_(True),
        or_(Document.status.in_(SENT), Document.status == KEPT),
    )
    return list(session.scalars(query.order_by(Document.drafted_at.desc(), Document.id)))


def list_letters_to_collect(
    session: Session, *, case_id: str, kinds: Collection[str]
) -> list[Document]:
    """Return the numbered letters of these kinds that the window still has to hand over."""
    query = select(Document).where(
        Document.case_id == case_id,
        Document.is_for_subject.is_(True),
        Document.direction == "out",
        Document.status.in_(WAITING),
        Document.kind.in_(kinds),
    )
    return list(session.scalars(query.order_by(Document.drafted_at, Document.id)))


def find_letter_for_subject(session: Session, *, case_id: str, document_id: str) -> Document | None:
    """Return one letter that the subject of this case may open, or None."""
    letters = list_letters_for_subject(session, case_id=case_id)
    return next((letter for letter in letters if letter.id == document_id), None)


def list_queries_since(session: Session, *, case: Case, since: datetime) -> list[RecordQuery]:
    """Return who has asked for the contested record and why, newest first (R109)."""
    if case.record_id is None or not is_accepted(case):
        return []
    query = select(RecordQuery).where(
        RecordQuery.record_id == case.record_id, RecordQuery.queried_at >= since
    )
    return list(session.scalars(query.order_by(RecordQuery.queried_at.desc(), RecordQuery.id)))


def waits_for(session: Session, desk: Desk, *, case: Case) -> frozenset[str]:
    """Return the names of the messages that the case waits for now."""
    if case.status == "closed" or not case.engine_state:
        return frozenset()
    bundle = desk.bundle(session, case.bundle_hash)
    snapshot = desk.engine.look(bundle=bundle, state=case.engine_state)
    return frozenset(wait.name for wait in snapshot.messages)


def find_by_verification_code(
    session: Session, *, office_id: str, code: str
) -> tuple[Document, Case] | None:
    """Return the letter that carries this code with its case, or None; drafts are not found."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    if len(plain) < SHORTEST_CODE:
        return None
    query = (
        select(Document, Case)
        .join(Case, Case.id == Document.case_id)
        .where(
            Document.office_id == office_id,
            Document.verification_code == plain,
            Document.status.in_((*WAITING, *SENT, "void")),
        )
    )
    row = session.execute(query).first()
    return (row[0], row[1]) if row is not None else None


def list_cases_of_proof(
    session: Session, *, office_id: str, proof_index: str, limit: int
) -> list[Case]:
    """Return the newest cases whose party proves itself by this index; the demo shows its own."""
    query = (
        select(Case)
        .join(CaseParty, CaseParty.case_id == Case.id)
        .where(Case.office_id == office_id, CaseParty.proof_index == proof_index)
        .order_by(Case.received_at.desc(), Case.number.desc())
        .limit(limit)
    )
    return list(session.scalars(query))
