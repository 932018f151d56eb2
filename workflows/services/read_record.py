"""Read a credit record with its past: what it said when, what hangs on it, who asked for it."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from workflows.models import Case, CreditRecord, RecordQuery, RecordVersion, Sanction


def list_versions(session: Session, *, record_id: str) -> list[RecordVersion]:
    """Return the versions of a record, newest first."""
    query = select(RecordVersion).where(RecordVersion.record_id == record_id)
    return list(session.scalars(query.order_by(RecordVersion.version.desc())))


def list_sanctions(session: Session, *, record_id: str) -> list[Sanction]:
    """Return the sanctions that rest on a record, those in force first."""
    query = select(Sanction).where(Sanction.record_id == record_id)
    return list(session.scalars(query.order_by(Sanction.status, Sanction.imposed_on, Sanction.id)))


def list_queries(session: Session, *, record_id: str, limit: int = 100) -> list[RecordQuery]:
    """Return who asked for a record, newest first."""
    query = select(RecordQuery).where(RecordQuery.record_id == record_id)
    newest = query.order_by(RecordQuery.queried_at.desc(), RecordQuery.id)
    return list(session.scalars(newest.limit(limit)))


def find_similar_records(session: Session, *, case: Case, limit: int = 30) -> list[CreditRecord]:
    """Return the records a case may be about: its own, its subject's, that of its number."""
    stated = case.title.strip()
    is_meant = or_(
        CreditRecord.id == case.record_id,
        CreditRecord.subject_id == case.subject_id,
        CreditRecord.number == stated,
    )
    query = select(CreditRecord).where(CreditRecord.office_id == case.office_id, is_meant)
    return list(session.scalars(query.order_by(CreditRecord.number).limit(limit)))
