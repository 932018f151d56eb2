"""Read the inbox: my tasks and my posts' pool, nearest deadline first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from workflows.events import Actor
from workflows.models import Case, CaseClock, CreditRecord, Organisation, Person, Subject, Task
from workflows.services.find_case import visible_cases
from workflows.services.work_on_task import ENTERS_FOR_DEPARTMENTS

VIEWS = ("mine", "pool", "waiting", "done", "overdue")
FAR_AWAY = date(9999, 12, 31)
# Spelt out, not handed in as a value: only so does a planner see that the partial index fits.
IS_OPEN = Task.status == literal_column("'open'")
IS_DONE = Task.status == literal_column("'done'")


@dataclass(frozen=True)
class TaskRow:
    """One row of the inbox, read without loading any object."""

    task_id: str
    element: str
    name: str
    item: str | None
    role: str
    status: str
    case_id: str
    case_number: str
    case_kind: str
    case_stage: str
    channel: str
    division_code: str
    title: str
    is_disputed: bool
    is_restricted: bool
    flags: dict[str, Any]
    subject_name: str
    organisation_id: str
    organisation_name: str
    owner_id: str | None
    owner_name: str | None
    due_on: date | None
    clock_id: str | None
    clock_name: str | None
    clock_status: str | None
    clock_start_on: date | None
    amount: int | None
    unit: str | None
    is_provisional: bool
    extended_days: int
    moved_from: date | None
    rule: dict[str, Any] | None
    opened_at: datetime
    done_at: datetime | None


@dataclass(frozen=True)
class TaskFilter:
    """What the inbox is narrowed to; empty values narrow nothing."""

    kind: str = ""
    division: str = ""
    recogniser_id: str = ""
    element: str = ""
    due_until: date | None = None
    marked: str = ""
    text: str = ""


def list_tasks(
    session: Session,
    *,
    actor: Actor,
    office_id: str,
    view: str = "mine",
    today: date,
    wanted: TaskFilter | None = None,
    after: tuple[date, str] | None = None,
    limit: int = 50,
) -> list[TaskRow]:
    """Return a page of rows; ``after`` is (due date, task id) of the row before (keyset paging)."""
    query = _rows().where(Task.office_id == office_id)
    if view in ("done", "waiting"):
        query = query.where(_in_view(actor, view), visible_cases(actor, office_id=office_id))
    query = query.where(*_narrowed(wanted or TaskFilter()))
    if view == "done":
        query = query.order_by(Task.done_at.desc(), Task.id).limit(limit)
    else:
        if after is not None:
            query = query.where(tuple_(Task.sort_on, Task.id) > after)
        query = query.order_by(Task.sort_on, Task.id).limit(limit)
        if view != "waiting":
            query = first_of_each(query, actor=actor, view=view, today=today, limit=limit)
    return [TaskRow(**row._mapping) for row in session.execute(query)]


def first_of_each(
    query: Select[*tuple[Any, ...]], *, actor: Actor, view: str, today: date, limit: int
) -> Select[*tuple[Any, ...]]:
    """Return the first rows of one's own tasks and of the pool's, each read in its index's order.

    One query for both would read and sort everything that lies with either. Whoever a task lies
    with may see its case, so nothing more is asked.
    """
    query = query.add_columns(Task.sort_on.label("sort_on"))
    parts = [
        query.where(_lies_with(key), *_overdue(view, today)).subquery()
        for key in _keys(actor, view)
    ]
    every = union_all(*(select(part) for part in parts)).subquery()
    rows = [column for column in every.c if column.name != "sort_on"]
    return select(*rows).order_by(every.c.sort_on, every.c.task_id).limit(limit)


def count_tasks(session: Session, *, actor: Actor, office_id: str, today: date) -> dict[str, int]:
    """Return how many rows each view holds; every page asks for this.

    Persons and bodies belong to one office, so their keys do; asking for the office besides would
    lead SQLite to read every open task of it.
    """
    own, pool = _keys(actor, "mine")
    counted = select(
        func.count().label("mine"),
        func.count().filter(Task.owner_key == pool).label("pool"),
        func.count().filter(Task.sort_on < today).label("overdue"),
    ).where(Task.owner_key.in_([own, pool]), IS_OPEN)
    counts = {name: int(count) for name, count in session.execute(counted).one()._mapping.items()}
    counts["waiting"] = _count_waiting(session, actor=actor, office_id=office_id)
    return counts


def _count_waiting(session: Session, *, actor: Actor, office_id: str) -> int:
    if actor.role not in ENTERS_FOR_DEPARTMENTS:
        return 0
    query = (
        select(func.count())
        .select_from(Task)
        .join(Case, Case.id == Task.case_id)
        .where(
            Task.office_id == office_id,
            _in_view(actor, "waiting"),
            visible_cases(actor, office_id=office_id),
        )
    )
    return session.scalar(query) or 0


def list_case_tasks(session: Session, *, case_id: str) -> list[TaskRow]:
    """Return every task of a case, open ones first."""
    query = _rows().where(Task.case_id == case_id)
    query = query.order_by(Task.status.desc(), Task.opened_at, Task.id)
    return [TaskRow(**row._mapping) for row in session.execute(query)]


def list_all_open(
    session: Session, *, actor: Actor, office_id: str, due_until: date | None = None
) -> list[TaskRow]:
    """Return every open task the supervisor may see, nearest deadline first."""
    query = _rows().where(Task.status == "open", visible_cases(actor, office_id=office_id))
    if due_until is not None:
        query = query.where(Task.due_on <= due_until)
    query = query.order_by(func.coalesce(Task.due_on, FAR_AWAY), Task.id)
    return [TaskRow(**row._mapping) for row in session.execute(query)]


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Task.id.label("task_id"),
            Task.element,
            Task.name,
            Task.item,
            Task.role,
            Task.status,
            Case.id.label("case_id"),
            Case.number.label("case_number"),
            Case.kind.label("case_kind"),
            Case.stage.label("case_stage"),
            Case.channel,
            Case.division_code,
            Case.title,
            func.coalesce(CreditRecord.is_disputed, False).label("is_disputed"),
            Case.is_restricted,
            Case.flags,
            Subject.name.label("subject_name"),
            Task.organisation_id,
            Organisation.name.label("organisation_name"),
            Task.owner_id,
            Person.name.label("owner_name"),
            Task.due_on,
            Task.clock_id,
            CaseClock.name.label("clock_name"),
            CaseClock.status.label("clock_status"),
            CaseClock.start_on.label("clock_start_on"),
            CaseClock.amount,
            CaseClock.unit,
            func.coalesce(CaseClock.is_provisional, False).label("is_provisional"),
            func.coalesce(CaseClock.extended_days, 0).label("extended_days"),
            CaseClock.moved_from,
            CaseClock.rule,
            Task.opened_at,
            Task.done_at,
        )
        .join(Case, Case.id == Task.case_id)
        .join(Subject, Subject.id == Case.subject_id)
        .join(Organisation, Organisation.id == Task.organisation_id)
        .outerjoin(CreditRecord, CreditRecord.id == Case.record_id)
        .outerjoin(Person, Person.id == Task.owner_id)
        .outerjoin(CaseClock, CaseClock.id == Task.clock_id)
    )


def _in_view(actor: Actor, view: str) -> ColumnElement[bool]:
    if view == "done":
        return and_(IS_DONE, Task.done_by_id == actor.person_id)
    return and_(IS_OPEN, _waits_for_others(actor))


def _keys(actor: Actor, view: str) -> list[str]:
    """Return whose open tasks a view shows: the person's own, then the pool of the post."""
    pool = f"{actor.organisation_id}:{actor.role}"
    return [pool] if view == "pool" else [actor.person_id or "", pool]


def _lies_with(key: str) -> ColumnElement[bool]:
    return and_(Task.owner_key == key, IS_OPEN)


def _overdue(view: str, today: date) -> list[ColumnElement[bool]]:
    return [Task.sort_on < today] if view == "overdue" else []


def _waits_for_others(actor: Actor) -> ColumnElement[bool]:
    """Return the departments' steps that this office may enter from paper on their behalf."""
    if actor.role not in ENTERS_FOR_DEPARTMENTS:
        return Task.id.is_(None)
    return and_(
        Task.role == "department_officer",
        Case.receiving_organisation_id == actor.organisation_id,
    )


def _narrowed(wanted: TaskFilter) -> list[ColumnElement[bool]]:
    like = f"%{wanted.text}%"
    conditions: list[tuple[object, ColumnElement[bool]]] = [
        (wanted.kind, Case.kind == wanted.kind),
        (wanted.division, Case.division_code.startswith(wanted.division)),
        (wanted.recogniser_id, CreditRecord.recogniser_id == wanted.recogniser_id),
        (wanted.element, Task.element == wanted.element),
        (wanted.due_until, Task.due_on <= (wanted.due_until or FAR_AWAY)),
        (wanted.marked == "disputed", CreditRecord.is_disputed.is_(True)),
        (wanted.marked == "provisional", CaseClock.is_provisional.is_(True)),
        (
            wanted.text,
            or_(Case.number.ilike(like), Subject.name.ilike(like), Case.title.ilike(like)),
        ),
    ]
    return [condition for is_wanted, condition in conditions if is_wanted]
