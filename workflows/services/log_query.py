"""Log who asked for a credit record and why, so that they can be told when it was wrong (R109)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from workflows.errors import InvalidAnswer
from workflows.models import CreditRecord, RecordQuery
from workflows.rules.catalogue import read_words
from workflows.storage.unit_of_work import UnitOfWork

OTHER = "other"


def log_query(
    work: UnitOfWork,
    *,
    record: CreditRecord,
    queried_by: str,
    purpose: str,
    contact: str = "",
    purpose_code: str = OTHER,
) -> RecordQuery:
    """Log a query with its purpose, the version seen and whether the dispute mark showed.

    A purpose code speaks for itself (R107, R108); ``other`` needs words. Raises InvalidAnswer when
    nobody or no purpose is named.
    """
    known = read_words("purposes").get(purpose_code)
    if known is None:
        raise InvalidAnswer(fields={"purpose_code": ["check.not_choice"]})
    if purpose_code != OTHER:
        purpose = f"{known.name} {purpose}".strip()
    missing = {
        name: ["check.required"]
        for name, value in (("queried_by", queried_by), ("purpose", purpose))
        if not value.strip()
    }
    if missing:
        raise InvalidAnswer(fields=missing)
    query = RecordQuery(
        office_id=record.office_id,
        record_id=record.id,
        queried_by=queried_by.strip(),
        contact=contact.strip(),
        purpose=purpose.strip()[:120],
        purpose_code=purpose_code,
        person_id=work.command.actor.person_id,
        queried_at=work.command.now,
        version_seen=record.current_version,
        saw_dispute_mark=record.is_disputed,
    )
    work.session.add(query)
    work.session.flush()
    return query


def list_queriers_to_tell(
    work: UnitOfWork, *, record: CreditRecord, before: datetime
) -> list[RecordQuery]:
    """Return the queries until that instant whose readers have not been told of the correction."""
    query = select(RecordQuery).where(
        RecordQuery.record_id == record.id,
        RecordQuery.queried_at <= before,
        RecordQuery.told_at.is_(None),
    )
    return list(work.session.scalars(query.order_by(RecordQuery.queried_at, RecordQuery.id)))


def list_told(work: UnitOfWork, *, record: CreditRecord) -> list[str]:
    """Return the names of those who have been told that the record was corrected (R109)."""
    query = select(RecordQuery.queried_by).where(
        RecordQuery.record_id == record.id, RecordQuery.told_at.is_not(None)
    )
    return sorted(set(work.session.scalars(query)))
