"""Enter that a department has lifted a measure: one confirmation per department (R5, R123)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from workflows.clock.terms import legal_date
from workflows.errors import InvalidAnswer, NotFound
from workflows.models import Case, CreditRecord, Sanction
from workflows.storage.unit_of_work import UnitOfWork


def lift_sanction(
    work: UnitOfWork, *, case: Case, sanction: Sanction, lifted_on: date, document: str
) -> Sanction:
    """Note the day and the document of lifting; lifting a lifted measure changes nothing.

    Raises InvalidAnswer for a day that lies ahead or before the measure was imposed, or without
    the document that proves it.
    """
    if sanction.status == "lifted":
        return sanction
    if lifted_on > legal_date(work.command.now):
        raise InvalidAnswer(fields={"lifted_on": ["check.date_in_future"]})
    if lifted_on < sanction.imposed_on:
        raise InvalidAnswer(fields={"lifted_on": ["check.lifted_before_imposed"]})
    if not document.strip():
        raise InvalidAnswer(fields={"lifted_document": ["check.required"]})
    sanction.status = "lifted"
    sanction.lifted_on = lifted_on
    sanction.lifted_document = document[:200]
    work.record(
        "sanction_lifted",
        case_id=case.id,
        is_public=True,
        department=sanction.department.name,
        measure=sanction.measure,
        lifted_on=lifted_on.isoformat(),
        document=document,
    )
    return sanction


def list_sanctions_in_force(work: UnitOfWork, *, record: CreditRecord) -> list[Sanction]:
    """Return every measure that still rests on the record, at every level (R5)."""
    query = select(Sanction).where(Sanction.record_id == record.id, Sanction.status == "in_force")
    return list(work.session.scalars(query.order_by(Sanction.imposed_on, Sanction.id)))


def find_sanction(work: UnitOfWork, sanction_id: str) -> Sanction | None:
    """Return a measure of this office, or None."""
    sanction = work.session.get(Sanction, sanction_id)
    return sanction if sanction and sanction.office_id == work.command.office_id else None


def get_sanction(work: UnitOfWork, sanction_id: str) -> Sanction:
    """Return a measure of this office, or raise NotFound."""
    sanction = find_sanction(work, sanction_id)
    if sanction is None:
        raise NotFound("error.sanction_not_found")
    return sanction
