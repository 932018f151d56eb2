"""Every deadline rests on one question: is this a working day, and which paper says so (N33)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from workflows.clock.notice import SATURDAY, Holiday, Notice, list_problems, read_notice
from workflows.clock.statutory import StatutoryDays, load_statutory_days
from workflows.errors import CalendarError

__all__ = [
    "SHANGHAI",
    "Day",
    "DayKind",
    "Holiday",
    "Notice",
    "WorkingCalendar",
    "legal_date",
    "list_problems",
    "load_shipped_calendar",
    "read_notice",
]

SHANGHAI = ZoneInfo("Asia/Shanghai")
SHIPPED_FOLDER = Path(__file__).resolve().parents[2] / "bpmn" / "calendars"


class DayKind(StrEnum):
    """What a day is, in law; a make-up day is a Saturday or Sunday that is worked."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKEUP = "makeup"
    PROVISIONAL_HOLIDAY = "provisional_holiday"


@dataclass(frozen=True)
class Day:
    """One day with the paper that makes it what it is; weekday 0 is Monday."""

    on: date
    kind: DayKind
    name: str = ""
    document: str = ""

    @property
    def weekday(self) -> int:
        """Return 0 for Monday to 6 for Sunday."""
        return self.on.weekday()

    @property
    def is_working(self) -> bool:
        """Tell whether offices work on this day, make-up Saturdays included (N32)."""
        return self.kind in (DayKind.WORKDAY, DayKind.MAKEUP)


class WorkingCalendar:
    """The notices in force, and an index of working days that answers in one bisection.

    A year without a notice is reckoned with the statutory days alone: its dates are provisional.
    """

    def __init__(
        self, notices: Iterable[Notice], *, statutory: StatutoryDays | None = None
    ) -> None:
        self.statutory = statutory or load_statutory_days()
        self.notices = _in_force(tuple(notices))
        self._years = {notice.year for notice in self.notices if notice.is_annual}
        self.first_day = date(min(self._years), 1, 1)
        self.last_day = date(self.statutory.last_year, 12, 31)
        self._special = self._collect_special_days()
        self._working = [day.toordinal() for day in self._all_days() if self._works(day)]

    @property
    def years(self) -> tuple[int, ...]:
        """Return the years that have a notice, in order."""
        return tuple(sorted(self._years))

    def knows(self, year: int) -> bool:
        """Tell whether the notice of a year is loaded."""
        return year in self._years

    def missing_years(self, first: date, last: date) -> tuple[int, ...]:
        """Return the years without a notice that the days ``first`` to ``last`` touch."""
        years = range(first.year, last.year + 1)
        return tuple([year for year in years if year not in self._years])

    def is_working(self, on: date) -> bool:
        """Tell whether a day is a working day; raises CalendarError outside the calendar."""
        self._must_cover(on)
        return self._works(on)

    def day(self, on: date) -> Day:
        """Return what a day is and which paper says so."""
        self._must_cover(on)
        special = self._special.get(on)
        if special is not None:
            return special
        kind = DayKind.WEEKEND if on.weekday() >= SATURDAY else DayKind.WORKDAY
        return Day(on=on, kind=kind)

    def rank(self, on: date) -> int:
        """Return how many working days lie from the start of the calendar up to ``on``."""
        self._must_cover(on)
        return bisect_right(self._working, on.toordinal())

    def working_day_number(self, rank: int) -> date:
        """Return the working day with this rank; raises CalendarError past the calendar's end."""
        if not 1 <= rank <= len(self._working):
            raise CalendarError("error.term_too_long", first=self.first_day, last=self.last_day)
        return date.fromordinal(self._working[rank - 1])

    def next_working_day(self, on: date) -> date:
        """Return ``on`` itself when it is worked, else the first working day after it."""
        self._must_cover(on)
        return self.working_day_number(bisect_left(self._working, on.toordinal()) + 1)

    def with_notice(self, notice: Notice) -> WorkingCalendar:
        """Return the calendar as it would be with one more notice, to show what would move."""
        others = [known for known in self.notices if known.document != notice.document]
        return WorkingCalendar([*others, notice], statutory=self.statutory)

    def _must_cover(self, on: date) -> None:
        if not self.first_day <= on <= self.last_day:
            raise CalendarError(
                "error.calendar_out_of_range", day=on, first=self.first_day, last=self.last_day
            )

    def _works(self, on: date) -> bool:
        special = self._special.get(on)
        return on.weekday() < SATURDAY if special is None else special.is_working

    def _all_days(self) -> Iterator[date]:
        for ordinal in range(self.first_day.toordinal(), self.last_day.toordinal() + 1):
            yield date.fromordinal(ordinal)

    def _collect_special_days(self) -> dict[date, Day]:
        special: dict[date, Day] = {}
        for year in range(self.first_day.year, self.last_day.year + 1):
            if not self.knows(year):
                for fixed in self.statutory.list_days(year=year):
                    special[fixed.on] = Day(
                        fixed.on, DayKind.PROVISIONAL_HOLIDAY, fixed.name, fixed.document
                    )
        # In order of issue, so that the later paper has the last word on a day: the notice of
        # 26 January 2020 turned the make-up Saturday 1 February into a day off.
        for notice in self.notices:
            for holiday in notice.holidays:
                for on in holiday.days():
                    special[on] = Day(on, DayKind.HOLIDAY, holiday.name, notice.document)
                for on in holiday.workdays:
                    special[on] = Day(on, DayKind.MAKEUP, holiday.name, notice.document)
        return special


def _in_force(notices: tuple[Notice, ...]) -> tuple[Notice, ...]:
    """Return the latest notice of each year and the amendments to it, in order of issue.

    Raises CalendarError when there is none, or when an amendment's base is not among them.
    """
    if not any(notice.is_annual for notice in notices):
        raise CalendarError("error.calendar_empty")
    annual: dict[int, Notice] = {}
    for notice in sorted(notices, key=lambda one: one.issued_on):
        if notice.is_annual:
            annual[notice.year] = notice
    documents = {notice.document for notice in notices}
    for notice in notices:
        if notice.amends is not None and notice.amends not in documents:
            raise CalendarError(
                "error.calendar_amends_unknown", source=notice.document, amends=notice.amends
            )
    kept = [*annual.values(), *(one for one in notices if _still_amends(one, annual))]
    return tuple(sorted(kept, key=lambda one: one.issued_on))


def _still_amends(notice: Notice, annual: dict[int, Notice]) -> bool:
    """Tell whether an amendment is younger than the annual notice that now stands."""
    if notice.is_annual:
        return False
    return notice.year in annual and notice.issued_on >= annual[notice.year].issued_on


def legal_date(instant: datetime) -> date:
    """Return the date an instant has in the office, which is what the law counts by."""
    if instant.tzinfo is None:
        raise ValueError("a legal date needs an aware instant")
    return instant.astimezone(SHANGHAI).date()


def read_folder(folder: Path) -> tuple[Notice, ...]:
    """Read every notice in a folder; raises CalendarError naming the file that is wrong."""
    files = sorted(folder.glob("*.json"))
    if not files:
        raise CalendarError("error.calendar_folder_empty", source=str(folder))
    return tuple(read_notice(file.read_bytes(), source=file.name) for file in files)


@cache
def load_shipped_calendar() -> WorkingCalendar:
    """Return the calendar of the notices in bpmn/calendars, read once per process."""
    return WorkingCalendar(read_folder(SHIPPED_FOLDER))
