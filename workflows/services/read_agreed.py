"""Read what the office agreed on: rules confirmed, remedies signed, notices, what is proposed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.clock.calendar import read_notice
from workflows.clock.notice import Notice
from workflows.models import (
    CalendarNotice,
    Deployment,
    Person,
    RemedySignature,
    RuleConfirmation,
)


@dataclass(frozen=True)
class Agreement:
    """Who confirmed or signed something here, when, and against which text."""

    person: str
    at: datetime
    against_text: str = ""


@dataclass(frozen=True)
class Proposal:
    """A definition or pack that was put forward, with the names of both people."""

    row: Deployment
    proposed_by: str
    decided_by: str


@dataclass(frozen=True)
class LoadedNotice:
    """A holiday notice of this office and when it was loaded."""

    notice: Notice
    loaded_at: datetime


def list_confirmations(session: Session, *, office_id: str) -> dict[tuple[str, str], Agreement]:
    """Return the confirmations in force by (pack, parameter hash)."""
    query = (
        select(RuleConfirmation, Person.name)
        .outerjoin(Person, Person.id == RuleConfirmation.confirmed_by_id)
        .where(RuleConfirmation.office_id == office_id, RuleConfirmation.withdrawn_at.is_(None))
    )
    return {
        (row.pack_id, row.parameter_hash): Agreement(name or "", row.confirmed_at, row.against_text)
        for row, name in session.execute(query)
    }


def list_signatures(session: Session, *, office_id: str) -> dict[tuple[str, str], Agreement]:
    """Return who signed which row of the remedies table, by (row, hash of its words)."""
    query = (
        select(RemedySignature, Person.name)
        .outerjoin(Person, Person.id == RemedySignature.signed_by_id)
        .where(RemedySignature.office_id == office_id)
    )
    return {
        (row.row_key, row.row_hash): Agreement(name or "", row.signed_at)
        for row, name in session.execute(query)
    }


def list_proposals(
    session: Session, *, office_id: str, kind: str, limit: int = 30
) -> list[Proposal]:
    """Return what was put forward or decided of a kind (bundle, pack), newest first."""
    query = select(Deployment).where(Deployment.office_id == office_id, Deployment.kind == kind)
    newest = query.order_by(Deployment.proposed_at.desc(), Deployment.id).limit(limit)
    rows = session.scalars(newest).all()
    ids = {row.proposed_by_id for row in rows} | {row.decided_by_id for row in rows}
    people = select(Person.id, Person.name).where(Person.id.in_(ids - {None}))
    names = {row.id: row.name for row in session.execute(people)}
    return [
        Proposal(
            row, names.get(row.proposed_by_id or "", ""), names.get(row.decided_by_id or "", "")
        )
        for row in rows
    ]


def list_processes(session: Session, *, office_id: str) -> list[str]:
    """Return the keys of the processes that run in an office."""
    query = select(Deployment.key).where(
        Deployment.office_id == office_id,
        Deployment.kind == "bundle",
        Deployment.status == "active",
    )
    return sorted(set(session.scalars(query)))


def list_notices(session: Session, *, office_id: str) -> list[LoadedNotice]:
    """Return the holiday notices loaded here, the newest year first."""
    query = select(CalendarNotice).where(CalendarNotice.office_id == office_id)
    newest = query.order_by(CalendarNotice.year.desc(), CalendarNotice.issued_on.desc())
    return [
        LoadedNotice(read_notice(row.content, source=row.document), row.loaded_at)
        for row in session.scalars(newest)
    ]
