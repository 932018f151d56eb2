"""Log who asked for a credit record and why, so that they can be told when it was wrong (R109)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select, update

from workflows.errors import InvalidAnswer
from workflows.models import CreditRecord, RecordQuery
from workflows.rules.catalogue import read_words
from workflows.storage.statements import Change, Query
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


class Querier(NamedTuple):
    """Somebody who read a record and is to be told that it was wrong."""

    id: str
    queried_by: str
    contact: str


QUERIERS = Query(
    select(RecordQuery.id, RecordQuery.queried_by, RecordQuery.contact)
    .where(
        RecordQuery.record_id == bindparam("record_id"),
        RecordQuery.queried_at <= bindparam("before"),
        RecordQuery.told_at.is_(None),
    )
    .order_by(RecordQuery.queried_at, RecordQuery.id),
    Querier._make,
)
TELL = Change(
    update(RecordQuery)
    .where(RecordQuery.id == bindparam("query_id"))
    .values(told_at=bindparam("now"))
)
TOLD = Query(
    select(RecordQuery.queried_by).where(
        RecordQuery.record_id == bindparam("record_id"), RecordQuery.told_at.is_not(None)
    ),
    lambda values: str(values[0]),
)


def list_queriers_to_tell(
    work: UnitOfWork, *, record: CreditRecord, before: datetime
) -> list[Querier]:
    """Return the queries until that instant whose readers have not been told of the correction."""
    return work.all(QUERIERS, record_id=record.id, before=before)


def note_told(work: UnitOfWork, querier: Querier) -> None:
    """Note that the reader has been told."""
    work.change(TELL, query_id=querier.id, now=work.command.now)


def list_told(work: UnitOfWork, *, record: CreditRecord) -> list[str]:
    """Return the names of those who have been told that the record was corrected (R109)."""
    return sorted(set(work.all(TOLD, record_id=record.id)))
