"""Read what a case's file holds: what was entered, written, worked on, signed and counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
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
from workflows.services.inform_people import PressedTask
from workflows.storage.document_rows import EVER_THERE, PAPERS, FiledPaper
from workflows.storage.kept import ANSWERS_KEPT, keep
from workflows.storage.statements import Query
from workflows.storage.unit_of_work import UnitOfWork

REMINDERS = ("reminder", "due_today", "overdue")


class SignedRow(NamedTuple):
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
    """Return what was entered last in a form, or None; a command that enters more asks again."""
    key = (ANSWERS_KEPT, case_id)
    known: dict[tuple[str, str | None], AnswerRow | None] = keep(work, key, dict)
    if (form, item) not in known:
        known[form, item] = work.one(NEWEST_ANSWER, case_id=case_id, form=_pattern(form), item=item)
    return known[form, item]


NAME: Query[str] = Query(
    select(Person.name).where(Person.id == bindparam("person_id")), lambda values: values[0]
)


def name_of(work: UnitOfWork, *, person_id: str) -> str:
    """Return the name of somebody who works on cases."""
    return work.one(NAME, person_id=person_id) or ""


def _pattern(form: str) -> str:
    plain = form.replace("_", "\\_")
    return f"{plain}%" if form.endswith("_") else plain


def list_documents(work: UnitOfWork, *, case: Case) -> list[FiledPaper]:
    """Return every letter of the case that counts, oldest first."""
    return work.all(PAPERS, case_id=case.id)


class FiledClock(NamedTuple):
    """A clock of the case as the closing papers name it."""

    name: str
    item: str | None
    status: str
    rule: Mapping[str, Any]
    raw_due_on: date
    due_on: date | None
    stopped_on: date | None


CLOCKS = Query(
    select(*(getattr(CaseClock, name) for name in FiledClock._fields))
    .where(CaseClock.case_id == bindparam("case_id"))
    .order_by(CaseClock.started_at, CaseClock.id),
    FiledClock._make,
)


def list_clocks(work: UnitOfWork, *, case: Case) -> list[FiledClock]:
    """Return the clocks of the case in the order they started."""
    return work.all(CLOCKS, case_id=case.id)


class DoneTask(NamedTuple):
    """Work that was done: what, when and by whom."""

    name: str
    done_at: datetime | None
    person: str | None


DONE_TASKS = Query(
    select(Task.name, Task.done_at, Person.name.label("person"))
    .outerjoin(Person, Person.id == Task.done_by_id)
    .where(Task.case_id == bindparam("case_id"), Task.status == "done")
    .order_by(Task.done_at, Task.id),
    DoneTask._make,
)


def list_done_tasks(work: UnitOfWork, *, case: Case) -> list[DoneTask]:
    """Return the work that was done, oldest first."""
    return work.all(DONE_TASKS, case_id=case.id)


OPEN_TASKS = Query(
    select(*(getattr(Task, name) for name in PressedTask._fields))
    .where(
        Task.case_id == bindparam("case_id"),
        Task.status == "open",
        or_(_ITEM.is_(None), Task.item == _ITEM),
    )
    .order_by(Task.opened_at, Task.id),
    PressedTask._make,
)


def list_tasks_on_clock(
    work: UnitOfWork, *, case: Case, clock: CaseClock | None, item: str | None
) -> list[PressedTask]:
    """Return the open work that a clock presses; without any, all open work of the branch."""
    tasks = work.all(OPEN_TASKS, case_id=case.id, item=item)
    pressed = [task for task in tasks if clock is not None and task.clock_id == clock.id]
    return pressed or tasks


class FiredTimer(NamedTuple):
    """Which point of which clock has fired."""

    clock_name: str
    point: str
    item: str | None


NEWEST_FIRED = Query(
    select(*(getattr(Timer, name) for name in FiredTimer._fields))
    .where(
        Timer.case_id == bindparam("case_id"),
        Timer.status == "fired",
        or_(_ITEM.is_(None), Timer.item == _ITEM),
    )
    .order_by(Timer.fired_at.desc(), Timer.id)
    .limit(1),
    FiredTimer._make,
)


def newest_fired_timer(work: UnitOfWork, *, case: Case, item: str | None) -> FiredTimer | None:
    """Return the timer of the branch that fired last, or None."""
    return work.one(NEWEST_FIRED, case_id=case.id, item=item)


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


SIGNED_ROWS = Query(
    select(
        RemedySignature.row_key,
        RemedySignature.row_hash,
        Person.name,
        RemedySignature.signed_at,
    )
    .outerjoin(Person, Person.id == RemedySignature.signed_by_id)
    .where(RemedySignature.office_id == bindparam("office_id")),
    lambda values: SignedRow(values[0], values[1], values[2] or "", legal_date(values[3])),
)


def list_signed_rows(work: UnitOfWork, *, office_id: str) -> list[SignedRow]:
    """Return the signatures under the remedies table (E, "Remedies")."""
    return work.all(SIGNED_ROWS, office_id=office_id)


def list_file_names(work: UnitOfWork, *, file_ids: Sequence[Any]) -> list[str]:
    """Return the names of stored files, in the order given."""
    ids = [each for each in file_ids if isinstance(each, str)]
    if not ids:
        return []
    rows = work.session.scalars(select(StoredFile).where(StoredFile.id.in_(ids)))
    names = {row.id: row.name for row in rows}
    return [names[each] for each in ids if each in names]


_BODIES = (
    select(Organisation.id)
    .where(Organisation.office_id == bindparam("office_id"), Organisation.valid_to.is_(None))
    .order_by(Organisation.code)
    .limit(1)
)
IDS_OF_KIND = Query(
    select(Organisation.id)
    .where(
        Organisation.office_id == bindparam("office_id"),
        Organisation.valid_to.is_(None),
        Organisation.kind == bindparam("kind"),
    )
    .order_by(Organisation.code),
    lambda values: str(values[0]),
)
_TEXT: BindParameter[str] = bindparam("text", type_=String())
BODY_OF_KIND = Query(
    _BODIES.where(Organisation.kind == bindparam("kind")), lambda values: str(values[0])
)
BODY_OF_TEXT = Query(
    _BODIES.where(
        or_(Organisation.id == _TEXT, Organisation.code == _TEXT, Organisation.name == _TEXT)
    ),
    lambda values: str(values[0]),
)


def list_body_ids(work: UnitOfWork, *, office_id: str, kind: str) -> list[str]:
    """Return the bodies of this kind that exist now, by code."""
    return work.all(IDS_OF_KIND, office_id=office_id, kind=kind)


def find_body_of_kind(work: UnitOfWork, *, office_id: str, kind: str) -> Organisation | None:
    """Return the first body of this kind that exists now, by code, or None."""
    return _body(work, work.one(BODY_OF_KIND, office_id=office_id, kind=kind))


def find_organisation(work: UnitOfWork, *, office_id: str, text: str) -> Organisation | None:
    """Return the body with this id, code or name, or None."""
    wanted = text.strip()
    return _body(work, work.one(BODY_OF_TEXT, office_id=office_id, text=wanted)) if wanted else None


def _body(work: UnitOfWork, body_id: str | None) -> Organisation | None:
    """Return the body as an object: most often one that came with the case."""
    return work.session.get(Organisation, body_id) if body_id else None


def list_reports(work: UnitOfWork, *, case: Case) -> list[Outbox]:
    """Return the reports to the province of this case, oldest revision first."""
    query = select(Outbox).where(Outbox.case_id == case.id, Outbox.kind == "province_report")
    return list(work.session.scalars(query.order_by(Outbox.key)))
