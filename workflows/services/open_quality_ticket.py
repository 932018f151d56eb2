"""Open a data-quality ticket for the unit that supplied a wrong record (R15)."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from workflows.models import Case, CreditRecord, QualityTicket
from workflows.storage.statements import Insertion, Query
from workflows.storage.unit_of_work import UnitOfWork

TICKET = Query(
    select(QualityTicket.id).where(
        QualityTicket.case_id == bindparam("case_id"),
        QualityTicket.record_id == bindparam("record_id"),
        QualityTicket.organisation_id == bindparam("organisation_id"),
    ),
    lambda values: str(values[0]),
)
ADD_TICKET = Insertion(QualityTicket)


def open_ticket(
    work: UnitOfWork,
    *,
    case: Case,
    record: CreditRecord,
    organisation_id: str,
    cause: str,
    proposes_accountability: bool = False,
) -> str:
    """Open the case's ticket for that unit, once; return its id."""
    place = {"case_id": case.id, "record_id": record.id, "organisation_id": organisation_id}
    known = work.one(TICKET, **place)
    if known is not None:
        return known
    ticket = work.add(
        ADD_TICKET,
        office_id=case.office_id,
        **place,
        cause=cause[:400],
        proposes_accountability=proposes_accountability,
        opened_at=work.command.now,
    )
    work.record("quality_ticket_opened", case_id=case.id, record=record.number)
    return str(ticket["id"])
