"""Read what a case's file holds: what was entered, written, worked on, signed and counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, String, bindparam, or_, select

from workflows.clock.terms import legal_date
from workflows.models import (
    Answer,
    Case,
    CaseClock,
    Notice,
    Organisation,
    Outbox,
    Person,
    RemedySignature,
    StoredFile,
    Task,
    Timer,
)
from workflows.storage.document_rows import EVER_THERE, PAPERS, FiledPaper
from workflows.storage.statements import Query
from workflows.storage.unit_of_work import UnitOfWork

REMINDERS = ("reminder", "due_today", "overdue")


@dataclass(frozen=True)
class SignedRow:
    """A signature of the legal reviewer under one row of the remedies table."""

    row: str
    row_hash: str
    signed_by: str
    signed_on: date


class AnswerRow(NamedTuple):
    """What somebody entered in a form."""

    content: Mapping[str, Any]
    person_id: str | None


_ITEM: BindParameter[str] = bindparam("item", type_=String())
_ANSWERS = (
    select(Answer.content, Answer.person_id)
    .where(
        Answer.case_id == bindparam("case_id"),
        Answer.form.like(bindparam("form"), escape="\\"),
        or_(_ITEM.is_(None), Answer.item == _ITEM),
    )
    .order_by(Answer.answered_at.desc())
)
ANSWERS = Query(_ANSWERS, AnswerRow._make)
NEWEST_ANSWER = Query(_ANSWERS.limit(1), AnswerRow._make)


def list_answers(
    work: UnitOfWork, *, case_id: str, form: str, item: str | None = None
) -> list[AnswerRow]:
    """Return what was entered in a form, newest first; ``filing_`` at the end means any channel."""
    return work.all(ANSWERS, case_id=case_id, form=_pattern(form), item=item)


def newest_answer(
    work: UnitOfWork, *, case_id: str, form: str, item: str | None = None
) -> AnswerRow | None:
    """Return what was entered last in a form, or None."""
    return work.one(NEWEST_ANSWER, case_id=case_id, form=_pattern(form), item=item)


def _pattern(form: str) -> str:
    plain = form.replace("_", "\\_")
    return f"{plain}%" if form.endswith("_") else plain


def list_documents(work: UnitOfWork, *, case: Case) -> list[FiledPaper]:
    """Return every letter of the case that counts, oldest first."""
    return work.all(PAPERS, case_id=case.id)


def list_clocks(work: UnitOfWork, *, case: Case) -> list[CaseClock]:
    """Return the clocks of the case in the order they started."""
    query = select(CaseClock).where(CaseClock.case_id == case.id)
    return list(work.session.scalars(query.order_by(CaseClock.started_at, CaseClock.id)))


def list_done_tasks(work: UnitOfWork, *, case: Case) -> list[tuple[Task, str]]:
    """Return the work that was done, with the names of those who did it, oldest first."""
    query = (
        select(Task, Person.name)
        .outerjoin(Person, Person.id == Task.done_by_id)
        .where(Task.case_id == case.id, Task.status == "done")
        .order_by(Task.done_at, Task.id)
    )
    return [(task, name or "") for task, name in work.session.execute(query)]


def list_tasks_on_clock(
    work: UnitOfWork, *, case: Case, clock: CaseClock | None, item: str | None
) -> list[Task]:
    """Return the open work that a clock presses; without any, all open work of the branch."""
    query = select(Task).where(Task.case_id == case.id, Task.status == "open")
    if item is not None:
        query = query.where(Task.item == item)
    tasks = list(work.session.scalars(query.order_by(Task.opened_at, Task.id)))
    pressed = [task for task in tasks if clock is not None and task.clock_id == clock.id]
    return pressed or tasks


def newest_fired_timer(work: UnitOfWork, *, case: Case, item: str | None) -> Timer | None:
    """Return the timer of the branch that fired last, or None."""
    query = select(Timer).where(Timer.case_id == case.id, Timer.status == "fired")
    if item is not None:
        query = query.where(Timer.item == item)
    return work.session.scalars(query.order_by(Timer.fired_at.desc(), Timer.id)).first()


def has_document(work: UnitOfWork, *, case: Case, kind: str, item: str) -> bool:
    """Say whether the case ever had a letter of that kind for that branch, moot ones included."""
    return work.one(EVER_THERE, case_id=case.id, kind=kind, item=item) is not None


def list_reminder_days(work: UnitOfWork, *, case: Case, clock: str, item: str | None) -> list[date]:
    """Return the days on which people were reminded of this clock."""
    query = select(Notice).where(Notice.case_id == case.id, Notice.kind.in_(REMINDERS))
    days = {
        legal_date(notice.told_at)
        for notice in work.session.scalars(query)
        if notice.facts.get("clock") == clock and notice.facts.get("item") == (item or "")
    }
    return sorted(days)


def list_signed_rows(work: UnitOfWork, *, office_id: str) -> list[SignedRow]:
    """Return the signatures under the remedies table (E, "Remedies")."""
    query = (
        select(RemedySignature, Person.name)
        .outerjoin(Person, Person.id == RemedySignature.signed_by_id)
        .where(RemedySignature.office_id == office_id)
    )
    return [
        SignedRow(
            row=row.row_key,
            row_hash=row.row_hash,
            signed_by=name or "",
            signed_on=legal_date(row.signed_at),
        )
        for row, name in work.session.execute(query)
    ]


def list_file_names(work: UnitOfWork, *, file_ids: Sequence[Any]) -> list[str]:
    """Return the names of stored files, in the order given."""
    ids = [each for each in file_ids if isinstance(each, str)]
    if not ids:
        return []
    rows = work.session.scalars(select(StoredFile).where(StoredFile.id.in_(ids)))
    names = {row.id: row.name for row in rows}
    return [names[each] for each in ids if each in names]


def list_organisations(
    work: UnitOfWork, *, office_id: str, kind: str | None = None
) -> list[Organisation]:
    """Return the bodies of the office that exist now, by code."""
    query = select(Organisation).where(
        Organisation.office_id == office_id, Organisation.valid_to.is_(None)
    )
    if kind is not None:
        query = query.where(Organisation.kind == kind)
    return list(work.session.scalars(query.order_by(Organisation.code)))


def find_organisation(work: UnitOfWork, *, office_id: str, text: str) -> Organisation | None:
    """Return the body with this id, code or name, or None."""
    wanted = text.strip()
    if not wanted:
        return None
    for body in list_organisations(work, office_id=office_id):
        if wanted in (body.id, body.code, body.name):
            return body
    return None


def list_reports(work: UnitOfWork, *, case: Case) -> list[Outbox]:
    """Return the reports to the province of this case, oldest revision first."""
    query = select(Outbox).where(Outbox.case_id == case.id, Outbox.kind == "province_report")
    return list(work.session.scalars(query.order_by(Outbox.key)))
