"""Read the inbox: my tasks and my posts' pool, nearest deadline first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    bindparam,
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


NARROWS_NOTHING = TaskFilter()


def _with_facts(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Join to tasks what their rows say and what filters ask for."""
    return (
        query.join(Case, Case.id == Task.case_id)
        .join(Subject, Subject.id == Case.subject_id)
        .join(Organisation, Organisation.id == Task.organisation_id)
        .outerjoin(CreditRecord, CreditRecord.id == Case.record_id)
        .outerjoin(Person, Person.id == Task.owner_id)
        .outerjoin(CaseClock, CaseClock.id == Task.clock_id)
    )


# What each fact of a row is read from.
_COLUMNS: dict[str, Any] = {
    "task_id": Task.id,
    "element": Task.element,
    "name": Task.name,
    "item": Task.item,
    "role": Task.role,
    "status": Task.status,
    "case_id": Case.id,
    "case_number": Case.number,
    "case_kind": Case.kind,
    "case_stage": Case.stage,
    "channel": Case.channel,
    "division_code": Case.division_code,
    "title": Case.title,
    "is_disputed": func.coalesce(CreditRecord.is_disputed, False),
    "is_restricted": Case.is_restricted,
    "flags": Case.flags,
    "subject_name": Subject.name,
    "organisation_id": Task.organisation_id,
    "organisation_name": Organisation.name,
    "owner_id": Task.owner_id,
    "owner_name": Person.name,
    "due_on": Task.due_on,
    "clock_id": Task.clock_id,
    "clock_name": CaseClock.name,
    "clock_status": CaseClock.status,
    "clock_start_on": CaseClock.start_on,
    "amount": CaseClock.amount,
    "unit": CaseClock.unit,
    "is_provisional": func.coalesce(CaseClock.is_provisional, False),
    "extended_days": func.coalesce(CaseClock.extended_days, 0),
    "moved_from": CaseClock.moved_from,
    "rule": CaseClock.rule,
    "opened_at": Task.opened_at,
    "done_at": Task.done_at,
}
# Made once: putting these together for every request took as long as the database.
_ROWS: Select[*tuple[Any, ...]] = _with_facts(
    select(*(_COLUMNS[fact.name].label(fact.name) for fact in fields(TaskRow)))
)
_OF_CASE = _ROWS.where(Task.case_id == bindparam("case_id")).order_by(
    Task.status.desc(), Task.opened_at, Task.id
)
_IDS: Select[*tuple[Any, ...]] = select(Task.id, Task.sort_on)
_FOUND: Select[*tuple[Any, ...]] = _with_facts(_IDS)


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
    narrowed = _narrowed(wanted or NARROWS_NOTHING)
    if view in ("done", "waiting"):
        visible = visible_cases(actor, office_id=office_id)
        narrowed += [Task.office_id == office_id, _in_view(actor, view), visible]
    if view == "done":
        newest_first = _ROWS.where(*narrowed).order_by(Task.done_at.desc(), Task.id)
        return _read(session, newest_first.limit(limit))
    due_on, task_id = after or (None, None)
    own, pool = _keys(actor)
    values = {
        "office_id": office_id,
        "own": own,
        "pool": pool,
        "today": today,
        "due_on": due_on,
        "task_id": task_id,
        "limit": limit,
    }
    make = make_page if narrowed else _plain_page
    return _read(session, make(view, is_first=after is None, narrowed=tuple(narrowed)), values)


def make_page(
    view: str, *, is_first: bool, narrowed: Sequence[ColumnElement[bool]] = ()
) -> Select[*tuple[Any, ...]]:
    """Return the query of a page; who asks, when, and after which row are its parameters."""
    found = (_FOUND if narrowed else _IDS).where(*narrowed)
    if not is_first:
        place = tuple_(bindparam("due_on", type_=Date), bindparam("task_id", type_=String))
        found = found.where(tuple_(Task.sort_on, Task.id) > place)
    found = found.order_by(Task.sort_on, Task.id).limit(bindparam("limit", type_=Integer))
    page = (found if view == "waiting" else _first_of_each(found, view)).subquery()
    return _ROWS.join(page, page.c.id == Task.id).order_by(page.c.sort_on, page.c.id)


_plain_page = cache(make_page)


def _first_of_each(found: Select[*tuple[Any, ...]], view: str) -> Select[*tuple[Any, ...]]:
    """Return the first ids of one's own tasks and of the pool's, each read in its index's order.

    One query for both would read and sort everything that lies with either. Whoever a task lies
    with may see its case, so nothing more is asked.
    """
    found = found.where(Task.office_id == bindparam("office_id"), IS_OPEN)
    if view == "overdue":
        found = found.where(Task.sort_on < bindparam("today"))
    keys = ("pool",) if view == "pool" else ("own", "pool")
    parts = [found.where(Task.owner_key == bindparam(key)).subquery() for key in keys]
    every = union_all(*(select(part) for part in parts)).subquery()
    return select(every).order_by(every.c.sort_on, every.c.id).limit(bindparam("limit"))


def _read(
    session: Session, query: Select[*tuple[Any, ...]], values: Mapping[str, Any] | None = None
) -> list[TaskRow]:
    return [TaskRow(*row) for row in session.execute(query, values)]


def count_tasks(session: Session, *, actor: Actor, office_id: str, today: date) -> dict[str, int]:
    """Return how many rows each view holds; every page asks for this.

    Persons and bodies belong to one office, so their keys do; asking for the office besides would
    lead SQLite to read every open task of it.
    """
    own, pool = _keys(actor)
    found = session.execute(_COUNTED, {"own": own, "pool": pool, "today": today}).one()
    counts = {name: int(count) for name, count in found._mapping.items()}
    counts["waiting"] = _count_waiting(session, actor=actor, office_id=office_id)
    return counts


_COUNTED = select(
    func.count().label("mine"),
    func.count().filter(Task.owner_key == bindparam("pool")).label("pool"),
    func.count().filter(Task.sort_on < bindparam("today")).label("overdue"),
).where(Task.owner_key.in_([bindparam("own"), bindparam("pool")]), IS_OPEN)


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
    return _read(session, _OF_CASE, {"case_id": case_id})


def list_all_open(
    session: Session, *, actor: Actor, office_id: str, due_until: date | None = None
) -> list[TaskRow]:
    """Return every open task the supervisor may see, nearest deadline first."""
    query = _ROWS.where(Task.status == "open", visible_cases(actor, office_id=office_id))
    if due_until is not None:
        query = query.where(Task.due_on <= due_until)
    return _read(session, query.order_by(func.coalesce(Task.due_on, FAR_AWAY), Task.id))


def _in_view(actor: Actor, view: str) -> ColumnElement[bool]:
    if view == "done":
        return and_(IS_DONE, Task.done_by_id == actor.person_id)
    return and_(IS_OPEN, _waits_for_others(actor))


def _keys(actor: Actor) -> tuple[str, str]:
    """Return with whom a post's open tasks lie: with the person, or with the post's pool."""
    return actor.person_id or "", f"{actor.organisation_id}:{actor.role}"


def _waits_for_others(actor: Actor) -> ColumnElement[bool]:
    """Return the departments' steps that this office may enter from paper on their behalf."""
    if actor.role not in ENTERS_FOR_DEPARTMENTS:
        return Task.id.is_(None)
    return and_(
        Task.role == literal_column("'department_officer'"),
        Case.receiving_organisation_id == actor.organisation_id,
    )


def _narrowed(wanted: TaskFilter) -> list[ColumnElement[bool]]:
    if wanted == NARROWS_NOTHING:
        return []
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
