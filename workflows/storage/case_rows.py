"""The rows that every move of a case reads and writes, as plain values (docs/decisions/0014).

A ``CaseRow`` stands in for the case where nobody needs its subject, record or parties. It has the
names of the model's columns, so what moves a case works on either.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from sqlalchemy import (
    BindParameter,
    Date,
    Select,
    bindparam,
    delete,
    func,
    literal,
    null,
    select,
    union_all,
    update,
)
from sqlalchemy import cast as sql_cast

from workflows.clock.ledger import Entry, EntryKind
from workflows.models import (
    Answer,
    AuditEntry,
    Case,
    CaseClock,
    Draft,
    Incident,
    LedgerEntry,
    Subject,
    Task,
    Timer,
)
from workflows.models.base import UtcDateTime
from workflows.storage.audit import CASE_STREAM, Head
from workflows.storage.statements import Change, Insertion, Query

_STREAM = AuditEntry.stream == literal(CASE_STREAM) + Case.id
_NEWEST = AuditEntry.seq.desc()
CASE_COLUMNS = (
    Case.id,
    Case.office_id,
    Case.number,
    Case.division_code,
    Case.receiving_organisation_id,
    Case.received_on,
    Case.bundle_hash,
    Case.version,
    Subject.kind,
    Case.engine_state,
    Case.stage,
    Case.status,
    Case.closed_at,
    select(func.max(Answer.answered_at)).where(Answer.case_id == Case.id).scalar_subquery(),
    select(AuditEntry.seq).where(_STREAM).order_by(_NEWEST).limit(1).scalar_subquery(),
    select(AuditEntry.entry_hash).where(_STREAM).order_by(_NEWEST).limit(1).scalar_subquery(),
)


class Reader(Protocol):
    """What reads within a command: the unit of work."""

    def all(
        self, query: Query[Any], *, besides: Collection[Change] = (), **values: Any
    ) -> list[Any]: ...

    def added(self, case_id: str) -> Sequence[tuple[Change, Mapping[str, Any]]] | None: ...


class Writer(Protocol):
    """What writes within a command: the unit of work."""

    def add(self, insertion: Insertion, **values: Any) -> Mapping[str, Any]: ...

    def hold_new(self, case: CaseRow) -> CaseRow: ...


@dataclass(slots=True)
class CaseRow:
    """A case as a move needs it. Engine state, stage, status and end may change.

    With it comes when it was last answered, and the last entry of its audit stream.
    """

    id: str
    office_id: str
    number: str
    division_code: str
    receiving_organisation_id: str
    received_on: date
    bundle_hash: str
    version: int
    subject_kind: str
    engine_state: str
    stage: str
    status: str
    closed_at: datetime | None
    answered_at: datetime | None
    audit_seq: int | None
    audit_hash: str | None
    _read: dict[str, Any] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._read = self.state()

    @property
    def is_changed(self) -> bool:
        """Say whether the case has moved since it was read."""
        return self.state() != self._read

    def change(self, *, now: datetime) -> tuple[Change, dict[str, Any]]:
        """Return what writes the row, guarded by the version it had."""
        guard = {"case_id": self.id, "known_version": self.version, "now": now}
        if not self.is_changed:
            return TOUCH_CASE, guard
        if (self.status, self.closed_at) == (self._read["status"], self._read["closed_at"]):
            return MOVE_CASE, {**guard, "engine_state": self.engine_state, "stage": self.stage}
        return CLOSE_CASE, {**guard, **self.state()}

    @property
    def last_entry(self) -> Head | None:
        """Return the last audit entry of the case when it was read."""
        return None if self.audit_seq is None else Head(self.audit_seq, self.audit_hash or "")

    def state(self) -> dict[str, Any]:
        """Return the columns that a move may change."""
        return {
            "engine_state": self.engine_state,
            "stage": self.stage,
            "status": self.status,
            "closed_at": self.closed_at,
        }


AnyCase = Case | CaseRow


def open_row(work: Writer, *, subject_kind: str, **values: Any) -> CaseRow:
    """Insert a case with these columns and return its row, held for what follows."""
    written = work.add(ADD_CASE, **values)
    row = CaseRow(
        id=written["id"],
        office_id=values["office_id"],
        number=values["number"],
        division_code=values["division_code"],
        receiving_organisation_id=values["receiving_organisation_id"],
        received_on=values["received_on"],
        bundle_hash=values["bundle_hash"],
        version=1,
        subject_kind=subject_kind,
        engine_state="",
        stage="received",
        status="open",
        closed_at=None,
        answered_at=None,
        audit_seq=None,
        audit_hash=None,
    )
    return work.hold_new(row)


_GUARDED = (
    update(Case)
    .where(Case.id == bindparam("case_id"), Case.version == bindparam("known_version"))
    .values(version=Case.version + 1, touched_at=bindparam("now"))
)
TOUCH_CASE = Change(_GUARDED, guards=True)
_MOVED = _GUARDED.values(engine_state=bindparam("engine_state"), stage=bindparam("stage"))
MOVE_CASE = Change(_MOVED, guards=True)
# Apart, because to write a status, even the one that is there, moves entries of indexes.
CLOSE_CASE = Change(
    _MOVED.values(status=bindparam("status"), closed_at=bindparam("closed_at")), guards=True
)
ADD_CASE = Insertion(Case)


class TaskRow(NamedTuple):
    """A task as whoever claims or completes it needs it."""

    id: str
    case_id: str
    step_id: str | None
    element: str
    form: str
    item: str | None
    role: str
    organisation_id: str
    owner_id: str | None
    status: str
    done_by_id: str | None
    done_at: datetime | None
    claimed_at: datetime | None


_TASK_COLUMNS = tuple(getattr(Task, name) for name in TaskRow._fields)


def _task_and_case(values: Sequence[Any]) -> tuple[TaskRow, CaseRow]:
    end = len(_TASK_COLUMNS)
    return TaskRow._make(values[:end]), CaseRow(*values[end:])


TASK_AND_CASE = Query(
    select(*_TASK_COLUMNS, *CASE_COLUMNS)
    .join(Case, Case.id == Task.case_id)
    .join(Subject, Subject.id == Case.subject_id)
    .where(Task.id == bindparam("task_id")),
    _task_and_case,
)
ADD_TASK = Insertion(Task)
CLAIM_TASK = Change(
    update(Task)
    .where(Task.id == bindparam("task_id"))
    .values(owner_id=bindparam("owner"), claimed_at=bindparam("claimed"), version=Task.version + 1)
)
FINISH_TASK = Change(
    update(Task)
    .where(Task.id == bindparam("task_id"))
    .values(
        status="done",
        owner_id=bindparam("person"),
        done_by_id=bindparam("person"),
        done_at=bindparam("now"),
        answer_id=bindparam("answer"),
        version=Task.version + 1,
    )
)
CANCEL_TASK = Change(
    update(Task)
    .where(Task.id == bindparam("task_id"))
    .values(status="cancelled", done_at=bindparam("now"), version=Task.version + 1)
)
CARRY_DUE_DATE = Change(
    update(Task)
    .where(
        Task.case_id == bindparam("of_case"),
        Task.clock_id == bindparam("of_clock"),
        Task.status == "open",
        Task.due_on.is_distinct_from(bindparam("to")),
    )
    .values(due_on=bindparam("to"), version=Task.version + 1)
)
DONE_BY = Query(
    select(Task.done_by_id)
    .where(
        Task.case_id == bindparam("case_id"),
        Task.role == bindparam("role"),
        Task.organisation_id == bindparam("organisation_id"),
        Task.owner_id == Task.done_by_id,
        Task.status == "done",
    )
    .order_by(Task.done_at.desc())
    .limit(1),
    lambda values: values[0],
)


DONE_ELEMENTS: Query[str] = Query(
    select(Task.element).where(
        Task.case_id == bindparam("case_id"),
        Task.status == "done",
        # Not the plain column: SQLite would go through all that the person has ever done.
        func.coalesce(Task.done_by_id, "") == bindparam("person"),
    ),
    lambda values: values[0],
)


class TimerRow(NamedTuple):
    """A timer as whoever fires it needs it."""

    id: str
    case_id: str
    engine_timer_id: str
    clock_name: str
    item: str | None
    point: str
    due_at: datetime | None
    status: str


_TIMER_COLUMNS = tuple(getattr(Timer, name) for name in TimerRow._fields)


def _timer_and_case(values: Sequence[Any]) -> tuple[TimerRow, CaseRow]:
    end = len(_TIMER_COLUMNS)
    return TimerRow._make(values[:end]), CaseRow(*values[end:])


TIMER_AND_CASE = Query(
    select(*_TIMER_COLUMNS, *CASE_COLUMNS)
    .join(Case, Case.id == Timer.case_id)
    .join(Subject, Subject.id == Case.subject_id)
    .where(Timer.id == bindparam("timer_id")),
    _timer_and_case,
)
ADD_TIMER = Insertion(Timer)
TIMERS_ON_CLOCK = Query(
    select(*_TIMER_COLUMNS).where(
        Timer.case_id == bindparam("case_id"),
        Timer.clock_name == bindparam("name"),
        Timer.status == "waiting",
    ),
    TimerRow._make,
)
MOVE_TIMER = Change(
    update(Timer).where(Timer.id == bindparam("timer_id")).values(due_at=bindparam("to"))
)
FIRE_TIMER = Change(
    update(Timer)
    .where(Timer.id == bindparam("timer_id"))
    .values(status="fired", fired_at=bindparam("now"), was_late=bindparam("late"))
)
CANCEL_TIMER = Change(
    update(Timer).where(Timer.id == bindparam("timer_id")).values(status="cancelled")
)


ADD_CLOCK = Insertion(CaseClock)


class ClockRow(NamedTuple):
    """A clock of a case as its dates stand now."""

    id: str
    name: str
    item: str | None
    status: str
    due_on: date | None
    amount: int
    unit: str


class _Found(NamedTuple):
    """A row around a case; ``name`` is the engine's name of it, or a clock's own."""

    kind: str
    id: str
    name: str
    item: str | None
    status: str
    due_on: date | None
    amount: int
    unit: str
    since: datetime | None


class Around(NamedTuple):
    """What stands around a case: ids by the engine's names, and the clocks, newest first."""

    tasks: dict[str, str]
    timers: dict[str, str]
    incidents: dict[str, str]
    clocks: tuple[ClockRow, ...]


_CASE: BindParameter[str] = bindparam("case_id")


def _around(kind: str, model: Any, name: Any, *conditions: Any) -> Select[Any]:
    """Select the rows of one table in the shape of ``_Found``; only clocks have more to say."""
    told: tuple[Any, ...] = (null(), literal(""), sql_cast(null(), Date), literal(0), literal(""))
    since: Any = sql_cast(null(), UtcDateTime())
    if model is CaseClock:
        told = tuple(getattr(CaseClock, each) for each in ClockRow._fields[2:])
        since = CaseClock.started_at
    return select(literal(kind), model.id, name, *told, since).where(
        model.case_id == _CASE, *conditions
    )


_AROUND = Query(
    union_all(
        _around("clock", CaseClock, CaseClock.name),
        _around("task", Task, Task.step_id, Task.status == "open", Task.step_id.is_not(None)),
        _around("timer", Timer, Timer.engine_timer_id, Timer.status == "waiting"),
        _around(
            "incident",
            Incident,
            Incident.failed_id,
            Incident.status == "open",
            Incident.outbox_id.is_(None),
        ),
    ),
    _Found._make,
)


def _found_clock(row: Mapping[str, Any]) -> _Found:
    clock = ClockRow(*(row[name] for name in ClockRow._fields))
    return _Found("clock", *clock, row["started_at"])


def _found_task(row: Mapping[str, Any]) -> _Found:
    return _Found("task", row["id"], row["step_id"], None, "", None, 0, "", None)


def _found_timer(row: Mapping[str, Any]) -> _Found:
    return _Found("timer", row["id"], row["engine_timer_id"], None, "", None, 0, "", None)


_ENDS = (FINISH_TASK, FIRE_TIMER)
_FOUND: Mapping[Change, Callable[[Mapping[str, Any]], _Found]] = {
    ADD_CLOCK: _found_clock,
    ADD_TASK: _found_task,
    ADD_TIMER: _found_timer,
}


def look_around(work: Reader, *, case_id: str, without: str | None = None) -> Around:
    """Return what stands around the case; ``without`` is the id of what is ended already."""
    added = work.added(case_id)
    if added is None:
        found = work.all(_AROUND, besides=_ENDS if without else (), case_id=case_id)
    else:
        found = [_FOUND[change](row) for change, row in added if change in _FOUND]
    clocks = [each for each in found if each.kind == "clock"]
    newest_first = sorted(clocks, key=lambda each: each.since, reverse=True)
    by_kind: dict[str, dict[str, str]] = {"task": {}, "timer": {}, "incident": {}, "clock": {}}
    for each in found:
        if each.id != without:
            by_kind[each.kind][each.name] = each.id
    return Around(
        tasks=by_kind["task"],
        timers=by_kind["timer"],
        incidents=by_kind["incident"],
        clocks=tuple(ClockRow._make(each[1:-1]) for each in newest_first),
    )


def _entry(values: Sequence[Any]) -> Entry:
    kind, at, on, days, reason, legal_basis, person, *rest = values
    return Entry(EntryKind(kind), at, on, days, reason, legal_basis, person or "", *rest)


ADD_LEDGER_ENTRY = Insertion(LedgerEntry)
DERIVED = (
    "status",
    "start_on",
    "raw_due_on",
    "due_on",
    "is_provisional",
    "missing_years",
    "extended_days",
    "stopped_on",
    "late_by",
)
DERIVE_CLOCK = Change(
    update(CaseClock)
    .where(CaseClock.id == bindparam("clock_id"))
    .values({name: bindparam(name) for name in DERIVED})
)
NOTE_MOVED = Change(
    update(CaseClock)
    .where(CaseClock.id == bindparam("clock_id"))
    .values(moved_from=bindparam("was_due_on"), moved_reason=bindparam("why"))
)
RULE_OF_CLOCK: Query[Mapping[str, Any]] = Query(
    select(CaseClock.rule).where(CaseClock.id == bindparam("clock_id")), lambda values: values[0]
)
LEDGER = Query(
    select(
        LedgerEntry.kind,
        LedgerEntry.at,
        LedgerEntry.on,
        LedgerEntry.days,
        LedgerEntry.reason,
        LedgerEntry.legal_basis,
        LedgerEntry.person_id,
        LedgerEntry.evidence,
        LedgerEntry.start_on,
        LedgerEntry.approved_by,
    )
    .where(LedgerEntry.clock_id == bindparam("clock_id"))
    .order_by(LedgerEntry.seq),
    _entry,
)

ADD_ANSWER = Insertion(Answer)
FORGET_DRAFT = Change(
    delete(Draft).where(Draft.holder == bindparam("of"), Draft.place == bindparam("at"))
)
