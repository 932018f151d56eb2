"""Read what stands about a subject beside its records: cases, queries, purposes stated."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.clock.calendar import legal_date
from workflows.events import Actor
from workflows.models import Case, RecordQuery
from workflows.services.find_case import visible_cases


def list_cases_of(
    session: Session, *, subject_id: str, actor: Actor, office_id: str, record_id: str = ""
) -> list[Case]:
    """Return the visible cases of a subject, or of one of its records, newest first."""
    query = select(Case).where(
        Case.subject_id == subject_id, visible_cases(actor, office_id=office_id)
    )
    if record_id:
        query = query.where(Case.record_id == record_id)
    return list(session.scalars(query.order_by(Case.registered_at.desc()).limit(100)))


def list_subject_queries(
    session: Session, *, record_ids: Collection[str], limit: int = 50
) -> list[RecordQuery]:
    """Return who asked for these records, newest first (R109)."""
    query = select(RecordQuery).where(RecordQuery.record_id.in_(record_ids))
    newest = query.order_by(RecordQuery.queried_at.desc(), RecordQuery.id)
    return list(session.scalars(newest.limit(limit)))


def has_stated_purpose(session: Session, *, record_id: str, person_id: str, now: datetime) -> bool:
    """Say whether this person has stated today what a natural person's record is wanted for."""
    query = (
        select(RecordQuery.queried_at)
        .where(RecordQuery.record_id == record_id, RecordQuery.person_id == person_id)
        .order_by(RecordQuery.queried_at.desc())
    )
    last = session.scalars(query.limit(1)).first()
    return last is not None and legal_date(last) == legal_date(now)
