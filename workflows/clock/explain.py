"""A date without its reckoning is not believed: each day is shown counted or skipped, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from workflows.clock.calendar import Day, DayKind, WorkingCalendar
from workflows.clock.ledger import Entry, Reckoning, due_dates, reckon
from workflows.clock.terms import Term, Unit, end_before_moving

_LATE_DAYS_SHOWN = 400


class Rule(Protocol):
    """What an explanation says of the rule behind a term; a rule-pack parameter fits."""

    @property
    def key(self) -> str: ...
    @property
    def document(self) -> str: ...
    @property
    def clause(self) -> str: ...
    @property
    def quote(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def confirmed(self) -> bool: ...


@dataclass(frozen=True)
class DayLine:
    """One day of the reckoning; ``note_key`` is a text key "explain.day.*"."""

    on: date
    weekday: int
    kind: DayKind
    name: str
    counted: bool
    number: int | None
    note_key: str
    document: str
    is_due: bool = False
    is_late: bool = False


@dataclass(frozen=True)
class HolidaySkipped:
    """One holiday between start and end and how many of its days were left out."""

    name: str
    days: int


@dataclass(frozen=True)
class Summary:
    """The figures of the one sentence that says why (ui/README.md, page 03)."""

    calendar_days: int
    counted_days: int
    weekend_days: int
    holidays: tuple[HolidaySkipped, ...]
    makeup_days: tuple[date, ...]
    paused_days: int
    moved_days: int


@dataclass(frozen=True)
class Explanation:
    """A reckoning with its days, its ledger as the due date moved, and the rule behind it."""

    reckoning: Reckoning
    term: Term
    lines: tuple[DayLine, ...]
    summary: Summary
    ledger: tuple[tuple[Entry, date | None], ...]
    rule: Rule | None = None


def explain(
    *,
    entries: Sequence[Entry],
    term: Term,
    calendar: WorkingCalendar,
    rule: Rule | None = None,
    today: date | None = None,
) -> Explanation:
    """Explain a clock day by day: from its start to its due day, or to the day that was too late.

    A paused clock is explained up to the day of the pause. ``today`` lets an overdue clock show
    its late days.
    """
    reckoning = reckon(entries=entries, term=term, calendar=calendar, today=today)
    lines = tuple(_Days(reckoning, term, calendar).lines(today))
    return Explanation(
        reckoning=reckoning,
        term=term,
        lines=lines,
        summary=_summarise(lines),
        ledger=due_dates(entries=entries, term=term, calendar=calendar),
        rule=rule,
    )


class _Days:
    """Walks the days of one clock and numbers those that count."""

    def __init__(self, reckoning: Reckoning, term: Term, calendar: WorkingCalendar) -> None:
        self.reckoning = reckoning
        self.calendar = calendar
        self.counts_working_days = term.unit is Unit.WORKING_DAYS
        self.number = 0
        # Civil Code 203 may move the end: the days in between belong to no count.
        self.counted_until = end_before_moving(
            start_on=reckoning.start_on,
            term=term,
            calendar=calendar,
            extra=reckoning.extended_days,
            pauses=reckoning.pauses,
        )

    def lines(self, today: date | None) -> Iterator[DayLine]:
        """Yield a line for the start day and for each day after it."""
        on, last = self.reckoning.start_on, self._last(today)
        while on <= last:
            yield self._line(self.calendar.day(on))
            on += timedelta(days=1)

    def _last(self, today: date | None) -> date:
        due_on = self.reckoning.due_on
        if due_on is None:
            return self.reckoning.paused_since or self.reckoning.start_on
        seen = self.reckoning.stopped_on or today or due_on
        return min(max(due_on, seen), due_on + timedelta(days=_LATE_DAYS_SHOWN))

    def _line(self, day: Day) -> DayLine:
        due_on = self.reckoning.due_on
        note = self._note(day)
        counted = note in ("explain.day.counted", "explain.day.makeup", "explain.day.last_day")
        if counted:
            self.number += 1
        return DayLine(
            on=day.on,
            weekday=day.weekday,
            kind=day.kind,
            name=day.name,
            counted=counted,
            number=self.number if counted else None,
            note_key=note,
            document=day.document,
            is_due=day.on == due_on,
            is_late=due_on is not None and day.on > due_on,
        )

    def _note(self, day: Day) -> str:
        reckoning = self.reckoning
        if day.on == reckoning.start_on:
            return "explain.day.start_day"
        if reckoning.due_on is not None and day.on > reckoning.due_on:
            return "explain.day.late"
        if any(began_on < day.on <= ended_on for began_on, ended_on in reckoning.pauses):
            return "explain.day.paused"
        return self._note_while_running(day)

    def _note_while_running(self, day: Day) -> str:
        if self.counts_working_days and not day.is_working:
            return f"explain.day.{day.kind.value}"
        if day.on > self.counted_until:
            return (
                "explain.day.moved" if day.on != self.reckoning.due_on else "explain.day.moved_to"
            )
        if day.on == self.counted_until:
            return "explain.day.last_day"
        return "explain.day.makeup" if day.kind is DayKind.MAKEUP else "explain.day.counted"


def _summarise(lines: Sequence[DayLine]) -> Summary:
    inside = [line for line in lines[1:] if not line.is_late]
    holidays: dict[str, int] = {}
    for line in inside:
        if line.note_key in ("explain.day.holiday", "explain.day.provisional_holiday"):
            holidays[line.name] = holidays.get(line.name, 0) + 1
    return Summary(
        calendar_days=len(inside),
        counted_days=sum(1 for line in inside if line.counted),
        weekend_days=_having(inside, "explain.day.weekend"),
        holidays=tuple(HolidaySkipped(name, days) for name, days in holidays.items()),
        makeup_days=tuple(
            line.on for line in inside if line.counted and line.kind is DayKind.MAKEUP
        ),
        paused_days=_having(inside, "explain.day.paused"),
        moved_days=_having(inside, "explain.day.moved") + _having(inside, "explain.day.moved_to"),
    )


def _having(lines: Sequence[DayLine], note_key: str) -> int:
    return sum(1 for line in lines if line.note_key == note_key)
