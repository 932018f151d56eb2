"""Count breaches of trust by public body: where they are many, the head may have to answer (R60).

The count proposes nothing: whether anybody is held to account is decided by people (E).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflows.models import Case, CreditRecord, Subject

BODIES = ("government_body", "public_institution")
RECTIFICATION = "rectification"


@dataclass(frozen=True)
class Defaults:
    """What one public body has: records that stand, and rectifications that are open."""

    subject_id: str
    name: str
    division: str
    records: int
    rectifying: int


def count_defaults(session: Session, *, office_id: str, limit: int = 10) -> list[Defaults]:
    """Return the bodies with the most records that were neither revoked nor repaired."""
    records = func.count(CreditRecord.id)
    rectifying = (
        select(func.count(Case.id))
        .where(Case.subject_id == Subject.id, Case.kind == RECTIFICATION, Case.status == "open")
        .correlate(Subject)
        .scalar_subquery()
    )
    query = (
        select(Subject.id, Subject.name, Subject.division_code, records, rectifying)
        .join(CreditRecord, CreditRecord.subject_id == Subject.id)
        .where(
            CreditRecord.office_id == office_id,
            CreditRecord.status != "revoked",
            CreditRecord.repaired_on.is_(None),
            Subject.kind.in_(BODIES),
        )
        .group_by(Subject.id, Subject.name, Subject.division_code)
        .order_by(records.desc(), Subject.division_code, Subject.name)
        .limit(limit)
    )
    return [Defaults(*row) for row in session.execute(query)]
