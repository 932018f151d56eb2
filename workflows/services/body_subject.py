"""A body of the office as the subject of a case: government bodies have records too (R39)."""

from __future__ import annotations

from sqlalchemy import select

from workflows.clock.calendar import legal_date
from workflows.models import Organisation, Subject, new_id
from workflows.storage.unit_of_work import UnitOfWork

KIND = "government_body"


def subject_of_body(work: UnitOfWork, body: Organisation) -> Subject:
    """Return the subject with the body's credit code, entered now if it has none yet."""
    query = select(Subject).where(
        Subject.office_id == body.office_id, Subject.credit_code == body.credit_code
    )
    known = work.session.scalars(query.order_by(Subject.valid_from.desc())).first()
    if known is not None and body.credit_code:
        return known
    subject = Subject(
        id=new_id(),
        office_id=body.office_id,
        kind=KIND,
        name=body.name,
        credit_code=body.credit_code or None,
        division_code=body.division_code,
        valid_from=legal_date(work.command.now),
    )
    work.session.add(subject)
    work.session.flush()
    return subject
