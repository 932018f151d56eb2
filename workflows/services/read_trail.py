"""Read the trail: who did what, who looked at what, what failed and waits for a retry."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.models import AuditEntry, AuditSeal, Case, Incident, Person, ReadEntry

MOST_ENTRIES = 200


@dataclass(frozen=True)
class TrailRow:
    """An audit entry with the name of whoever acted and the number of the case, if any."""

    entry: AuditEntry
    person: str
    case_number: str


@dataclass(frozen=True)
class ReadingRow:
    """Somebody looked at something."""

    entry: ReadEntry
    person: str
    case_number: str


@dataclass(frozen=True)
class IncidentRow:
    """A failed automatic step and the number of its case."""

    incident: Incident
    case_number: str


def list_incidents(
    session: Session, *, office_id: str, limit: int = MOST_ENTRIES
) -> list[IncidentRow]:
    """Return the failed automatic steps, open ones first, then the newest."""
    query = (
        select(Incident, Case.number)
        .join(Case, Case.id == Incident.case_id)
        .where(Incident.office_id == office_id)
        .order_by(Incident.status, Incident.opened_at.desc(), Incident.id)
        .limit(limit)
    )
    return [IncidentRow(row, number) for row, number in session.execute(query)]


def find_incident(session: Session, *, number: str) -> Incident | None:
    """Return the incident of that number, or None."""
    return session.scalars(select(Incident).where(Incident.number == number)).first()


def list_entries(
    session: Session, *, office_id: str, stream: str = "", limit: int = MOST_ENTRIES
) -> list[TrailRow]:
    """Return what was done, newest first; ``stream`` narrows it to one case or the office."""
    query = (
        select(AuditEntry, Person.name)
        .outerjoin(Person, Person.id == AuditEntry.person_id)
        .where(AuditEntry.office_id == office_id)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    if stream:
        query = query.where(AuditEntry.stream == stream)
    found = [(entry, name or "") for entry, name in session.execute(query)]
    numbers = _numbers(session, {case_of(entry.stream) for entry, _ in found})
    return [TrailRow(entry, name, numbers.get(case_of(entry.stream), "")) for entry, name in found]


def list_readings(
    session: Session, *, office_id: str, limit: int = MOST_ENTRIES
) -> list[ReadingRow]:
    """Return who looked at what, newest first."""
    query = (
        select(ReadEntry, Person.name, Case.number)
        .outerjoin(Person, Person.id == ReadEntry.person_id)
        .outerjoin(Case, Case.id == ReadEntry.case_id)
        .where(ReadEntry.office_id == office_id)
        .order_by(ReadEntry.read_at.desc(), ReadEntry.id)
        .limit(limit)
    )
    return [
        ReadingRow(entry, name or "", number or "")
        for entry, name, number in session.execute(query)
    ]


def find_last_seal(session: Session, *, office_id: str) -> AuditSeal | None:
    """Return the newest seal over the heads of the office's streams, or None."""
    query = select(AuditSeal).where(AuditSeal.office_id == office_id)
    return session.scalars(query.order_by(AuditSeal.id.desc()).limit(1)).first()


def case_of(stream: str) -> str:
    """Return the id of the case whose stream this is, or nothing for the office's own."""
    return stream.removeprefix("case:") if stream.startswith("case:") else ""


def _numbers(session: Session, ids: set[str]) -> dict[str, str]:
    query = select(Case.id, Case.number).where(Case.id.in_(ids - {""}))
    return {row.id: row.number for row in session.execute(query)}
