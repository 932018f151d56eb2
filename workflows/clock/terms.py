"""When a term ends: working days (N32, N34), calendar days and months (Civil Code 201 to 203)."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from math import ceil

from workflows.clock.calendar import SHANGHAI, WorkingCalendar, legal_date
from workflows.errors import CalendarError, DiagramError, InvalidAnswer

__all__ = [
    "Deadline",
    "Interval",
    "Point",
    "Remaining",
    "Term",
    "Unit",
    "add_months",
    "deadline",
    "end_before_moving",
    "end_instant",
    "last_day",
    "legal_date",
    "local_instant",
    "make_deadline",
    "parse_point",
    "point_instant",
    "remaining",
    "working_days_between",
]

Interval = tuple[date, date]


class Unit(StrEnum):
    """What a term counts."""

    WORKING_DAYS = "WD"
    CALENDAR_DAYS = "CD"
    MONTHS = "M"


@dataclass(frozen=True)
class Term:
    """A number of working days, calendar days or months; at least one."""

    amount: int
    unit: Unit = Unit.WORKING_DAYS

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise InvalidAnswer("error.term_not_positive", amount=self.amount)


@dataclass(frozen=True)
class Deadline:
    """The last day of a term; provisional while a year it touches has no holiday notice (N33)."""

    start_on: date
    due_on: date
    provisional: bool
    missing_years: tuple[int, ...]


def deadline(*, start_on: date, term: Term, calendar: WorkingCalendar) -> Deadline:
    """Return the last day of a term that begins with an event on ``start_on``.

    The day of the event is not counted (Civil Code 201). Raises CalendarError when the start lies
    outside the calendar or the term would run past its end.
    """
    due_on = last_day(start_on=start_on, term=term, calendar=calendar)
    return make_deadline(start_on=start_on, due_on=due_on, calendar=calendar)


def make_deadline(*, start_on: date, due_on: date, calendar: WorkingCalendar) -> Deadline:
    """Return a reckoned last day with the years whose notice is missing."""
    missing = calendar.missing_years(start_on + timedelta(days=1), due_on)
    return Deadline(start_on, due_on, bool(missing), missing)


def last_day(
    *,
    start_on: date,
    term: Term,
    calendar: WorkingCalendar,
    extra: int = 0,
    pauses: Sequence[Interval] = (),
) -> date:
    """Return the last day of a term lengthened by ``extra`` days and by its pauses.

    A pause is (day it began, day it ended): the days after the first up to and including the second
    do not count, as Civil Code 201 leaves out the day of each event. ``extra`` and pauses are in
    working days for a term of working days, else in calendar days.
    """
    if term.unit is Unit.WORKING_DAYS:
        return _last_working_day(start_on, term.amount + extra, calendar, pauses)
    end = end_before_moving(
        start_on=start_on, term=term, calendar=calendar, extra=extra, pauses=pauses
    )
    # Civil Code 203: a last day that is a holiday gives way to the first day after the holiday.
    return calendar.next_working_day(end)


def end_before_moving(
    *,
    start_on: date,
    term: Term,
    calendar: WorkingCalendar,
    extra: int = 0,
    pauses: Sequence[Interval] = (),
) -> date:
    """Return where the count itself ends, before Civil Code 203 moves it past a holiday."""
    if term.unit is Unit.WORKING_DAYS:
        return _last_working_day(start_on, term.amount + extra, calendar, pauses)
    end = _plain_end(start_on, term, extra)
    for began_on, ended_on in pauses:
        if began_on < end:
            end += ended_on - began_on
    return end


def _last_working_day(
    start_on: date, amount: int, calendar: WorkingCalendar, pauses: Sequence[Interval]
) -> date:
    rank = calendar.rank(start_on) + amount
    for began_on, ended_on in pauses:
        if began_on < calendar.working_day_number(rank):
            rank += calendar.rank(ended_on) - calendar.rank(began_on)
    return calendar.working_day_number(rank)


def _plain_end(start_on: date, term: Term, extra: int) -> date:
    try:
        if term.unit is Unit.CALENDAR_DAYS:
            return start_on + timedelta(days=term.amount + extra)
        return add_months(start_on, term.amount) + timedelta(days=extra)
    except (OverflowError, ValueError) as problem:
        raise CalendarError("error.term_too_long", first=start_on, last=date.max) from problem


def add_months(on: date, months: int) -> date:
    """Return the same date some months on, or the last day of a shorter month (Civil Code 202)."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    if not 1 <= year <= date.max.year:
        raise OverflowError(year)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


def end_instant(due_on: date) -> datetime:
    """Return the first instant too late: 00:00 of the following day in the office, as UTC."""
    return local_instant(due_on + timedelta(days=1), time())


def local_instant(on: date, at: time) -> datetime:
    """Return a time of day in the office as an aware UTC instant."""
    return datetime.combine(on, at, SHANGHAI).astimezone(UTC)


def working_days_between(after: date, until: date, calendar: WorkingCalendar) -> int:
    """Return the working days after ``after`` up to and including ``until``; negative when late."""
    return calendar.rank(until) - calendar.rank(after)


@dataclass(frozen=True)
class Remaining:
    """How a due date stands today: ``left`` N, ``today``, or ``late`` N working days."""

    state: str
    days: int


def remaining(*, due_on: date, today: date, calendar: WorkingCalendar) -> Remaining:
    """Return how many working days are left or overdue, never 0 of either.

    A term that ended on Friday is late by one already on Saturday, before a working day has passed.
    """
    days = working_days_between(today, due_on, calendar)
    if today == due_on:
        return Remaining("today", 0)
    if today < due_on:
        return Remaining("left", max(1, days))
    return Remaining("late", max(1, -days))


# --- Points on a clock, as diagrams name them ------------------------------------------------

_POINT = re.compile(
    r"(?P<percent>\d{1,3})%|day(?P<day>\d{1,4})|due(?:-(?P<before>\d{1,4}))?|overdue"
)


@dataclass(frozen=True)
class Point:
    """A point on a clock: a ``percent``, its ``day`` n, n days ``before`` due, or ``overdue``."""

    kind: str
    number: int = 0


def parse_point(text: str) -> Point:
    """Read "50%", "day13", "due-2", "due" or "overdue"; raises DiagramError for anything else."""
    match = _POINT.fullmatch(text.strip())
    if match is None:
        raise DiagramError("error.point_unknown", point=text)
    if text.strip() == "overdue":
        return Point("overdue")
    for kind in ("percent", "day"):
        if match[kind] is not None:
            number = int(match[kind])
            if not 1 <= number <= (100 if kind == "percent" else 9999):
                raise DiagramError("error.point_unknown", point=text)
            return Point(kind, number)
    return Point("before", int(match["before"] or 0))


def point_instant(
    *,
    start_on: date,
    due_on: date,
    term: Term,
    point: str,
    calendar: WorkingCalendar,
    opening: time,
    extra: int = 0,
    pauses: Sequence[Interval] = (),
) -> datetime:
    """Return the instant of a point: the office's opening hour of its day, or the exclusive end.

    "50%" of 15 working days is the start of working day 8. No point but "overdue" lies after the
    due day: "day13" of a shorter term is its last day. ``extra`` and ``pauses`` are the ledger's.
    """
    wanted = parse_point(point)
    if wanted.kind == "overdue":
        return end_instant(due_on)
    if wanted.kind == "before":
        on = _days_before(due_on, wanted.number, calendar)
    else:
        number = wanted.number
        if wanted.kind == "percent":
            number = _share(start_on, due_on, term, number, extra)
        unit = Unit.WORKING_DAYS if term.unit is Unit.WORKING_DAYS else Unit.CALENDAR_DAYS
        on = last_day(start_on=start_on, term=Term(number, unit), calendar=calendar, pauses=pauses)
    return local_instant(min(max(on, start_on), due_on), opening)


def _share(start_on: date, due_on: date, term: Term, percent: int, extra: int) -> int:
    """Return the number of the day in which this share of the term is reached."""
    whole = term.amount + extra
    if term.unit is not Unit.WORKING_DAYS:
        whole = (due_on - start_on).days
    return max(1, ceil(whole * percent / 100))


def _days_before(due_on: date, number: int, calendar: WorkingCalendar) -> date:
    if number == 0:
        return due_on
    rank = calendar.rank(due_on) - number
    return calendar.working_day_number(rank) if rank >= 1 else calendar.first_day
