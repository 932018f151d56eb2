"""Open a data-quality ticket for the unit that supplied a wrong record (R15)."""

from __future__ import annotations

from sqlalchemy import select

from workflows.models import Case, CreditRecord, QualityTicket
from workflows.storage.unit_of_work import UnitOfWork


def open_ticket(
    work: UnitOfWork,
    *,
    case: Case,
    record: CreditRecord,
    organisation_id: str,
    cause: str,
    proposes_accountability: bool = False,
) -> QualityTicket:
    """Open the case's ticket for that unit; a second call returns the first ticket."""
    query = select(QualityTicket).where(
        QualityTicket.case_id == case.id,
        QualityTicket.record_id == record.id,
        QualityTicket.organisation_id == organisation_id,
    )
    known = work.session.scalars(query).first()
    if known is not None:
        return known
    ticket = QualityTicket(
        office_id=case.office_id,
        record_id=record.id,
        case_id=case.id,
        organisation_id=organisation_id,
        cause=cause[:400],
        proposes_accountability=proposes_accountability,
        opened_at=work.command.now,
    )
    work.session.add(ticket)
    work.session.flush()
    work.record("quality_ticket_opened", case_id=case.id, record=record.number)
    return ticket
