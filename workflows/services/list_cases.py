"""List cases for the ledger (台账): one row per case with what its reply clock says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from workflows.events import Actor
from workflows.models import Case, CaseClock, CaseSeries, CreditRecord, Subject
from workflows.services.find_case import (
    SEES_OFFICE,
    SEES_RESTRICTED,
    WORK,
    is_work_of,
    normal_text,
    visible_cases,
)
from workflows.services.open_case import PREFIX_LETTERS

DIVISION_DIGITS = 6


@dataclass(frozen=True)
class CaseFilter:
    """What the ledger is narrowed to; empty values narrow nothing."""

    status: str = ""
    stage: str = ""
    outcome: str = ""
    channel: str = ""
    division: str = ""
    subject_kind: str = ""
    recogniser_id: str = ""
    received_from: date | None = None
    received_until: date | None = None
    is_overdue: bool = False
    text: str = ""


@dataclass(frozen=True)
class LedgerRow:
    """A case and its newest reply clock."""

    case: Case
    clock: CaseClock | None


def list_cases(
    session: Session,
    *,
    actor: Actor,
    office_id: str,
    wanted: CaseFilter,
    today: date,
    before: tuple[datetime, str] | None = None,
    limit: int = 50,
) -> list[LedgerRow]:
    """Return a page of cases, newest first; ``before`` is (registered at, id) of the row before."""
    newest = aliased(CaseClock)
    later = select(newest.id).where(
        newest.case_id == CaseClock.case_id,
        newest.name == "reply",
        newest.started_at > CaseClock.started_at,
    )
    reply = and_(CaseClock.case_id == Case.id, CaseClock.name == "reply", ~later.exists())
    query = (
        select(Case, CaseClock)
        .join(Subject, Subject.id == Case.subject_id)
        .outerjoin(CreditRecord, CreditRecord.id == Case.record_id)
        .outerjoin(CaseClock, reply)
        .where(visible_cases(actor, office_id=office_id), *_narrowed(wanted, today))
    )
    if before is not None:
        at, last_id = before
        is_older = or_(Case.registered_at < at, and_(Case.registered_at == at, Case.id > last_id))
        query = query.where(is_older)
    query = query.order_by(Case.registered_at.desc(), Case.id).limit(limit)
    return [LedgerRow(case, clock) for case, clock in session.execute(query)]


def list_divisions(session: Session, *, actor: Actor, office_id: str) -> Sequence[str]:
    """Return the division codes of the cases this post may see.

    The inbox asks for them on every page, so nobody looks through all cases: the series of case
    numbers name the divisions of an office, and a department has its own work.
    """
    if actor.role not in SEES_OFFICE:
        worked_in = select(Case.division_code).join(WORK, WORK.case_id == Case.id)
        query = worked_in.where(Case.office_id == office_id, is_work_of(actor)).distinct()
        return list(session.scalars(query.order_by(Case.division_code)))
    numbered = func.substr(CaseSeries.series, PREFIX_LETTERS + 2, DIVISION_DIGITS).label("division")
    query = select(numbered).where(CaseSeries.office_id == office_id).distinct()
    if actor.role not in SEES_RESTRICTED:
        seen = visible_cases(actor, office_id=office_id)
        query = query.where(exists().where(Case.division_code == numbered, seen))
    return list(session.scalars(query.order_by("division")))


def _narrowed(wanted: CaseFilter, today: date) -> list[ColumnElement[bool]]:
    found = [column == value for column, value in _equals(wanted) if value]
    if wanted.division:
        found.append(Case.division_code.startswith(wanted.division))
    if wanted.received_from is not None:
        found.append(Case.received_on >= wanted.received_from)
    if wanted.received_until is not None:
        found.append(Case.received_on <= wanted.received_until)
    if wanted.is_overdue:
        running_late = and_(CaseClock.status != "stopped", CaseClock.due_on < today)
        found.append(or_(CaseClock.late_by > 0, running_late))
    if wanted.text:
        found.append(_holds(wanted.text))
    return found


def _equals(wanted: CaseFilter) -> list[tuple[InstrumentedAttribute[str], str]]:
    return [
        (Case.status, wanted.status),
        (Case.stage, wanted.stage),
        (Case.outcome, wanted.outcome),
        (Case.channel, wanted.channel),
        (Subject.kind, wanted.subject_kind),
        (CreditRecord.recogniser_id, wanted.recogniser_id),
    ]


def _holds(text: str) -> ColumnElement[bool]:
    like = f"%{normal_text(text)}%"
    return or_(
        Case.number.ilike(like),
        Case.title.ilike(like),
        Subject.name.ilike(like),
        CreditRecord.number.ilike(like),
    )
