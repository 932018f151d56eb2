"""A due date is never set by hand: it is derived, each time, from a ledger of what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import StrEnum

from workflows.clock.calendar import WorkingCalendar
from workflows.clock.terms import (
    Deadline,
    Interval,
    Term,
    Unit,
    deadline,
    last_day,
    make_deadline,
    point_instant,
    working_days_between,
)
from workflows.errors import NotAllowed


class EntryKind(StrEnum):
    """The seven things that can happen to a clock."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    EXTENDED = "extended"
    STOPPED = "stopped"
    CORRECTED = "corrected"
    RECOMPUTED = "recomputed"


@dataclass(frozen=True)
class Entry:
    """One line of a ledger: what happened ``on`` which legal day, entered ``at`` which instant.

    ``days`` lengthens an extended term (working days for a term of working days, else calendar
    days). ``start_on`` is the start as corrected; a started entry may leave it out.
    """

    kind: EntryKind
    at: datetime
    on: date
    days: int | None = None
    reason: str = ""
    legal_basis: str = ""
    person: str = ""
    evidence: str = ""
    start_on: date | None = None
    approved_by: str = ""


@dataclass(frozen=True)
class Reckoning:
    """What the ledger adds up to. The raw date stays beside the adjusted one (O-1).

    ``due_on`` is None while the clock is paused: the end is not known then. ``early_by`` and
    ``late_by`` compare a stop with the due day in working days; a stop on the Saturday after a
    Friday due day is late by one.
    """

    status: str
    start_on: date
    raw_due_on: date
    due_on: date | None
    provisional: bool
    missing_years: tuple[int, ...]
    paused_days: int = 0
    extended_days: int = 0
    stopped_on: date | None = None
    working_days_used: int = 0
    late_by: int = 0
    early_by: int = 0
    paused_since: date | None = None
    days_left: int | None = None
    pauses: tuple[Interval, ...] = ()


@dataclass
class _Tally:
    """The running state while a ledger is read from its first line to its last."""

    started_on: date | None = None
    first_start_on: date | None = None
    extra: int = 0
    pauses: list[Interval] = field(default_factory=list)
    paused_since: date | None = None
    stopped_on: date | None = None

    def take(self, entry: Entry) -> None:
        """Add one line; raises NotAllowed when it cannot follow the lines before it."""
        if entry.kind is not EntryKind.STARTED and self.started_on is None:
            raise NotAllowed("error.clock_not_started", kind=entry.kind.value, on=entry.on)
        getattr(self, f"_{entry.kind.value}")(entry)

    def _started(self, entry: Entry) -> None:
        """Begin, or begin anew: a restart forgets pauses and extensions, never the first start."""
        self.started_on = entry.start_on or entry.on
        self.first_start_on = self.first_start_on or self.started_on
        self.extra, self.pauses = 0, []
        self.paused_since = self.stopped_on = None

    def _paused(self, entry: Entry) -> None:
        if self.paused_since is not None:
            raise NotAllowed("error.clock_already_paused", since=self.paused_since, on=entry.on)
        self._must_run(entry)
        self.paused_since = entry.on

    def _resumed(self, entry: Entry) -> None:
        if self.paused_since is None:
            raise NotAllowed("error.clock_not_paused", on=entry.on)
        self._close_pause(entry.on)

    def _extended(self, entry: Entry) -> None:
        self._must_run(entry)
        self.extra += entry.days or 0

    def _stopped(self, entry: Entry) -> None:
        self._must_run(entry)
        if self.paused_since is not None:
            self._close_pause(entry.on)
        self.stopped_on = entry.on

    def _corrected(self, entry: Entry) -> None:
        if entry.start_on is not None:
            if self.first_start_on == self.started_on:
                self.first_start_on = entry.start_on
            self.started_on = entry.start_on

    def _recomputed(self, entry: Entry) -> None:
        """Record that the calendar changed; the dates follow from the calendar itself."""

    def _close_pause(self, on: date) -> None:
        assert self.paused_since is not None
        if on < self.paused_since:
            raise NotAllowed("error.clock_resumed_before_pause", since=self.paused_since, on=on)
        self.pauses.append((self.paused_since, on))
        self.paused_since = None

    def _must_run(self, entry: Entry) -> None:
        if self.stopped_on is not None:
            raise NotAllowed(
                "error.clock_stopped", stopped_on=self.stopped_on, kind=entry.kind.value
            )


def reckon(
    *,
    entries: Sequence[Entry],
    term: Term,
    calendar: WorkingCalendar,
    today: date | None = None,
) -> Reckoning:
    """Derive a clock's state and dates from its ledger, read in the order given.

    ``today`` only tells how far ``working_days_used`` counts on a running clock (default: to the
    due day). Raises NotAllowed for a ledger whose lines cannot follow each other.
    """
    tally = _read(entries)
    assert tally.started_on is not None and tally.first_start_on is not None
    raw = deadline(start_on=tally.first_start_on, term=term, calendar=calendar)
    reached = _reached(tally, term, calendar)
    counted_until = tally.paused_since or tally.stopped_on or today or reached.due_on
    result = Reckoning(
        status="running",
        start_on=tally.started_on,
        raw_due_on=raw.due_on,
        due_on=reached.due_on,
        provisional=reached.provisional,
        missing_years=reached.missing_years,
        paused_days=sum(_length(pause, term, calendar) for pause in tally.pauses),
        extended_days=tally.extra,
        pauses=tuple(tally.pauses),
        working_days_used=_used(tally, min(counted_until, reached.due_on), calendar),
    )
    if tally.paused_since is not None:
        return _paused_reckoning(result, tally.paused_since, term, reached.due_on, calendar)
    if tally.stopped_on is not None:
        return _stopped_reckoning(result, tally.stopped_on, reached.due_on, calendar)
    return result


def due_dates(
    *, entries: Sequence[Entry], term: Term, calendar: WorkingCalendar
) -> tuple[tuple[Entry, date | None], ...]:
    """Return each line of the ledger with the due date as it stood after that line."""
    return tuple(
        (entry, reckon(entries=entries[: number + 1], term=term, calendar=calendar).due_on)
        for number, entry in enumerate(entries)
    )


def clock_point(
    *, reckoning: Reckoning, term: Term, point: str, calendar: WorkingCalendar, opening: time
) -> datetime | None:
    """Return the instant of a point on a clock as its ledger now stands; None while it is paused.

    Raises DiagramError for a point that cannot be read.
    """
    if reckoning.due_on is None:
        return None
    return point_instant(
        start_on=reckoning.start_on,
        due_on=reckoning.due_on,
        term=term,
        point=point,
        calendar=calendar,
        opening=opening,
        extra=reckoning.extended_days,
        pauses=reckoning.pauses,
    )


def _read(entries: Sequence[Entry]) -> _Tally:
    tally = _Tally()
    for entry in entries:
        tally.take(entry)
    if tally.started_on is None:
        raise NotAllowed("error.clock_not_started", kind="", on=None)
    return tally


def _reached(tally: _Tally, term: Term, calendar: WorkingCalendar) -> Deadline:
    """Return the due date from start, extensions and closed pauses."""
    assert tally.started_on is not None
    due_on = last_day(
        start_on=tally.started_on,
        term=term,
        calendar=calendar,
        extra=tally.extra,
        pauses=tally.pauses,
    )
    return make_deadline(start_on=tally.started_on, due_on=due_on, calendar=calendar)


def _length(pause: Interval, term: Term, calendar: WorkingCalendar) -> int:
    began_on, ended_on = pause
    if term.unit is Unit.WORKING_DAYS:
        return working_days_between(began_on, ended_on, calendar)
    return (ended_on - began_on).days


def _used(tally: _Tally, until: date, calendar: WorkingCalendar) -> int:
    """Return the working days counted after the start up to ``until``, pauses left out."""
    assert tally.started_on is not None
    used = working_days_between(tally.started_on, until, calendar)
    for began_on, ended_on in tally.pauses:
        if began_on < until:
            used -= working_days_between(began_on, min(ended_on, until), calendar)
    return max(0, used)


def _paused_reckoning(
    result: Reckoning, since: date, term: Term, due_on: date, calendar: WorkingCalendar
) -> Reckoning:
    left = (due_on - since).days
    if term.unit is Unit.WORKING_DAYS:
        left = working_days_between(since, due_on, calendar)
    return replace(result, status="paused", due_on=None, paused_since=since, days_left=max(0, left))


def _stopped_reckoning(
    result: Reckoning, stopped_on: date, due_on: date, calendar: WorkingCalendar
) -> Reckoning:
    distance = working_days_between(stopped_on, due_on, calendar)
    is_late = stopped_on > due_on
    return replace(
        result,
        status="stopped",
        stopped_on=stopped_on,
        late_by=max(1, -distance) if is_late else 0,
        early_by=0 if is_late else max(0, distance),
    )
