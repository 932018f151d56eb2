"""Load a holiday notice: first show which dates would move, then move them in one step (N33).

One office transaction applies the notice; each case then recomputes its own clocks in a command of
its own, because no transaction touches two cases. What an interruption leaves undone is swept up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, exists, select
from sqlalchemy.orm import Session

from workflows.clock.calendar import SHANGHAI, WorkingCalendar, legal_date, read_notice
from workflows.clock.ledger import Entry, EntryKind, reckon
from workflows.clock.notice import Notice
from workflows.clock.terms import Term, Unit
from workflows.errors import Conflict
from workflows.events import Actor, Command
from workflows.models import CalendarNotice, Case, CaseClock, LedgerEntry, Task, new_id
from workflows.services.desk import Desk
from workflows.services.inform_people import inform_people, owners_of
from workflows.services.run_clock import ledger_of, recompute_clock, term_of
from workflows.storage.databases import Sessions
from workflows.storage.reading import read_all, read_session
from workflows.storage.statements import Query
from workflows.storage.unit_of_work import UnitOfWork

AT_A_TIME = 500
HAS_A_HISTORY = exists().where(LedgerEntry.clock_id == CaseClock.id, LedgerEntry.seq > 1)


_ALIKE = (
    CaseClock.start_on,
    CaseClock.amount,
    CaseClock.unit,
    CaseClock.due_on,
    CaseClock.is_provisional,
)


class StartedAlike(NamedTuple):
    """Running clocks of one day and term that nothing has happened to since they started."""

    start_on: date
    amount: int
    unit: str
    due_on: date | None
    is_provisional: bool

    def moves(self, calendar: WorkingCalendar) -> bool:
        """Say whether the calendar gives them another date than they have."""
        at = datetime.combine(self.start_on, time(), SHANGHAI)
        entry = Entry(EntryKind.STARTED, at, self.start_on)
        term = Term(amount=self.amount, unit=Unit(self.unit))
        after = reckon(entries=[entry], term=term, calendar=calendar)
        return (after.due_on, after.provisional) != (self.due_on, self.is_provisional)

    def conditions(self) -> tuple[ColumnElement[bool], ...]:
        """Return what picks them out."""
        return (
            ~HAS_A_HISTORY,
            *(column == value for column, value in zip(_ALIKE, self, strict=True)),
        )


STARTED_ALIKE = Query(
    select(*_ALIKE)
    .where(
        CaseClock.office_id == bindparam("office_id"),
        CaseClock.status == "running",
        ~HAS_A_HISTORY,
    )
    .group_by(*_ALIKE),
    StartedAlike._make,
)


@dataclass(frozen=True)
class MovedDate:
    """A due date that a notice moves, or makes certain."""

    case_id: str
    case_number: str
    clock: str
    rule_name: str
    rule_name_en: str
    item: str | None
    before: date | None
    after: date | None
    was_provisional: bool
    is_provisional: bool

    @property
    def calendar_days(self) -> int:
        """Return by how many days the date moves; negative when it comes earlier."""
        if self.before is None or self.after is None:
            return 0
        return (self.after - self.before).days


def preview_notice(
    session: Session, desk: Desk, *, office_id: str, content: str, source: str
) -> list[MovedDate]:
    """Return which running clocks would move, without moving any.

    Raises CalendarError for a notice that is incomplete or contradicts itself, and Conflict for
    one that is loaded already.
    """
    notice = read_notice(content, source=source)
    _check_new(session, office_id=office_id, notice=notice)
    rows = session.scalars(
        select(CalendarNotice).where(CalendarNotice.office_id == office_id)
    ).all()
    loaded = [read_notice(row.content, source="database") for row in rows]
    return _list_moved(session, office_id=office_id, calendar=WorkingCalendar([*loaded, notice]))


def load_notice(work: UnitOfWork, desk: Desk, *, content: str, source: str) -> dict[str, Any]:
    """Add the notice to the office's calendar; the same one again is a Conflict."""
    notice = read_notice(content, source=source)
    office_id = work.command.office_id
    _check_new(work.session, office_id=office_id, notice=notice)
    work.session.add(
        CalendarNotice(
            office_id=office_id,
            year=notice.year,
            document=notice.document,
            issued_on=notice.issued_on,
            content=content,
            loaded_at=work.command.now,
            loaded_by_id=work.command.actor.person_id,
        )
    )
    work.record("notice_loaded", case_id=None, year=notice.year, document=notice.document)
    return {"year": notice.year, "document": notice.document}


def apply_notice(
    sessions: Sessions,
    desk: Desk,
    *,
    office_id: str,
    actor: Actor,
    now: datetime,
    content: str,
    source: str,
    command_id: str = "",
) -> list[MovedDate]:
    """Load the notice and recompute every clock it touches; return what moved.

    The notice itself is one transaction. Interrupted after it, the sweep of the next tick
    (``recompute_moved``) finishes what is left.
    """
    notice = read_notice(content, source=source)
    load = Command(
        id=command_id or new_id(),
        name="load_notice",
        actor=actor,
        now=now,
        office_id=office_id,
        reason=notice.document,
    )
    desk.bus.run(load, lambda work: load_notice(work, desk, content=content, source=source))
    return recompute_moved(
        sessions, desk, office_id=office_id, actor=actor, now=now, reason=notice.document
    )


def recompute_moved(
    sessions: Sessions,
    desk: Desk,
    *,
    office_id: str,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> list[MovedDate]:
    """Recompute each case with a date that the loaded notices move; return what moved.

    A case that somebody works on at this very moment is left for the next sweep.
    """
    with read_session(sessions) as session:
        calendar = desk.calendar(session, office_id)
        moved = _list_moved(session, office_id=office_id, calendar=calendar)
        why = reason or _last_document(session, office_id=office_id)
    left: set[str] = set()
    for case_id in dict.fromkeys(row.case_id for row in moved):
        recompute = Command(
            id=new_id(),
            name="recompute_clocks",
            actor=actor,
            now=now,
            office_id=office_id,
            case_id=case_id,
            reason=why,
        )
        try:
            desk.bus.run(recompute, partial(recompute_case, desk=desk, case_id=case_id, reason=why))
        except Conflict:
            left.add(case_id)
    return [row for row in moved if row.case_id not in left]


def recompute_case(work: UnitOfWork, desk: Desk, *, case_id: str, reason: str) -> dict[str, Any]:
    """Derive the dates of every running clock of a case anew, and note what moved."""
    case = work.get_case(case_id)
    query = select(CaseClock).where(CaseClock.case_id == case_id, CaseClock.status == "running")
    moved: list[str] = []
    for clock in work.session.scalars(query).all():
        before = clock.due_on
        on = legal_date(work.command.now)
        if recompute_clock(work, desk, case=case, clock=clock, reason=reason, on=on):
            moved.append(clock.name)
            _tell_holders(work, case=case, clock=clock, before=before, reason=reason)
            work.record(
                "date_moved",
                case_id=case_id,
                is_public=clock.name == "reply",
                clock=clock.name,
                item=clock.item,
                before=before.isoformat() if before else None,
                after=clock.due_on.isoformat() if clock.due_on else None,
                reason=reason,
            )
    return {"case_id": case_id, "moved": moved}


def _tell_holders(
    work: UnitOfWork, *, case: Case, clock: CaseClock, before: date | None, reason: str
) -> None:
    """Tell whoever holds work on this clock that its date has moved."""
    tasks = select(Task).where(Task.case_id == case.id, Task.status == "open")
    people = [
        person
        for task in work.session.scalars(tasks)
        if task.clock_id == clock.id or clock.name == "reply"
        for person in owners_of(work, task=task)
    ]
    inform_people(
        work,
        case=case,
        kind="date_moved",
        key=f"{clock.id}:{len(clock.entries)}",
        people=people,
        facts={
            "matter": str(clock.rule.get("name") or clock.name),
            "old_on": before.isoformat() if before else "",
            "new_on": clock.due_on.isoformat() if clock.due_on else "",
            "why": reason,
        },
    )


def _check_new(session: Session, *, office_id: str, notice: Notice) -> None:
    query = select(CalendarNotice.id).where(
        CalendarNotice.office_id == office_id,
        CalendarNotice.year == notice.year,
        CalendarNotice.document == notice.document,
    )
    if session.scalar(query) is not None:
        raise Conflict("error.notice_already_loaded", document=notice.document, year=notice.year)


def _last_document(session: Session, *, office_id: str) -> str:
    query = select(CalendarNotice.document).where(CalendarNotice.office_id == office_id)
    return session.scalar(query.order_by(CalendarNotice.loaded_at.desc()).limit(1)) or ""


def _list_moved(session: Session, *, office_id: str, calendar: WorkingCalendar) -> list[MovedDate]:
    """Return the running clocks to which this calendar gives another date than they have.

    Most clocks have only been started, and those of one day and term are reckoned once for all: an
    office of a million cases has some hundred of them. The others are read a few at a time.
    """
    found = list(_list_moved_with_a_history(session, office_id, calendar))
    for group in read_all(session, STARTED_ALIKE, office_id=office_id):
        if group.moves(calendar):
            found += _list_moved_of(session, _clocks(office_id, *group.conditions()), calendar)
    return sorted(found, key=lambda moved: (moved.before or date.max, moved.case_number))


def _list_moved_with_a_history(
    session: Session, office_id: str, calendar: WorkingCalendar
) -> Iterator[MovedDate]:
    return _list_moved_of(session, _clocks(office_id, HAS_A_HISTORY), calendar)


def _clocks(office_id: str, *conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(CaseClock, Case.number)
        .join(Case, Case.id == CaseClock.case_id)
        .where(CaseClock.office_id == office_id, CaseClock.status == "running", *conditions)
    )


def _list_moved_of(
    session: Session, query: Select[*tuple[Any, ...]], calendar: WorkingCalendar
) -> Iterator[MovedDate]:
    last = ""
    while rows := session.execute(
        query.where(CaseClock.id > last).order_by(CaseClock.id).limit(AT_A_TIME)
    ).all():
        for clock, number in rows:
            moved = _moved(clock, number, calendar)
            if moved is not None:
                yield moved
        last = rows[-1][0].id


def _moved(clock: CaseClock, number: str, calendar: WorkingCalendar) -> MovedDate | None:
    after = reckon(entries=ledger_of(clock), term=term_of(clock), calendar=calendar)
    if after.due_on == clock.due_on and after.provisional == clock.is_provisional:
        return None
    return MovedDate(
        case_id=clock.case_id,
        case_number=number,
        clock=clock.name,
        rule_name=str(clock.rule.get("name") or clock.name),
        rule_name_en=str(clock.rule.get("name_en") or clock.name),
        item=clock.item,
        before=clock.due_on,
        after=after.due_on,
        was_provisional=clock.is_provisional,
        is_provisional=after.provisional,
    )
