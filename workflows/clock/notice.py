"""Holiday notices arrive as files typed by people, so each is checked before it moves a date."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from workflows.clock.statutory import load_statutory_days
from workflows.errors import CalendarError

FORMAT = "jiannuo-calendar-1"
SATURDAY = 5

_NOTICE_FIELDS = {
    *("format", "year", "kind", "document", "title", "issuer", "issued_on", "amends"),
    *("source", "note", "exception", "holidays"),
}
_NOTICE_REQUIRED = ("year", "kind", "document", "title", "issued_on", "holidays")
_HOLIDAY_FIELDS = {"name", "from", "to", "days", "workdays", "quote"}
_HOLIDAY_REQUIRED = ("name", "from", "to", "days")


@dataclass(frozen=True)
class Holiday:
    """One paragraph of a notice: the days off and the weekend days worked in exchange."""

    name: str
    first: date
    last: date
    workdays: tuple[date, ...] = ()
    quote: str = ""

    def days(self) -> Iterator[date]:
        """Yield each day off."""
        for step in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=step)


@dataclass(frozen=True)
class Notice:
    """One State Council notice: for a whole year, or amending the notice ``amends`` names."""

    year: int
    document: str
    title: str
    issued_on: date
    holidays: tuple[Holiday, ...]
    amends: str | None = None
    exception: str = ""
    source: str = ""

    @property
    def is_annual(self) -> bool:
        """Tell a notice for a whole year from one that amends it."""
        return self.amends is None

    @property
    def workdays(self) -> tuple[date, ...]:
        """Return every make-up workday of the notice, in date order."""
        return tuple(sorted(day for holiday in self.holidays for day in holiday.workdays))


def read_notice(text: bytes | str, *, source: str) -> Notice:
    """Read one notice file (JSON in UTF-8, or GBK as older editors save it).

    Raises CalendarError naming file, place and remedy; ``others`` counts further problems, which
    ``list_problems`` gives in full.
    """
    notice, problems = _examine(text, source=source)
    if problems or notice is None:
        first = problems[0]
        first.facts["others"] = len(problems) - 1
        raise first
    return notice


def list_problems(text: bytes | str, *, source: str) -> tuple[CalendarError, ...]:
    """Return everything that is wrong with a notice file, so that it is mended in one go."""
    return tuple(_examine(text, source=source)[1])


def _examine(text: bytes | str, *, source: str) -> tuple[Notice | None, list[CalendarError]]:
    try:
        content = _parse(text, source=source)
        reader = _Reader(content, source=source)
        notice = reader.read()
    except CalendarError as problem:
        return None, [problem]
    if reader.problems or notice is None:
        return None, reader.problems
    return notice, list(_contradictions(notice, source))


def _parse(text: bytes | str, *, source: str) -> Mapping[str, Any]:
    try:
        content = json.loads(_decode(text, source=source), object_pairs_hook=_no_twins)
    except json.JSONDecodeError as problem:
        raise CalendarError(
            "error.calendar_not_json", source=source, line=problem.lineno, column=problem.colno
        ) from problem
    except _TwinKey as problem:
        raise CalendarError(
            "error.calendar_field_twice", source=source, field=str(problem)
        ) from problem
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise CalendarError("error.calendar_not_notice", source=source, format=FORMAT)
    return content


def _decode(text: bytes | str, *, source: str) -> str:
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return text.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CalendarError("error.calendar_not_text", source=source)


class _TwinKey(ValueError):
    """A JSON object names one field twice; the plain reader would silently keep the last."""


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    for name, count in Counter(name for name, _ in pairs).items():
        if count > 1:
            raise _TwinKey(name)
    return dict(pairs)


class _Reader:
    """Turns the parsed file into a Notice and collects what cannot be read."""

    def __init__(self, content: Mapping[str, Any], *, source: str) -> None:
        self.content = content
        self.source = source
        self.problems: list[CalendarError] = []

    def read(self) -> Notice | None:
        """Return the notice, or None when ``problems`` says why not."""
        self._check_fields(self.content, _NOTICE_FIELDS, _NOTICE_REQUIRED, "")
        if self.problems:
            return None
        rows = self.content["holidays"]
        if not isinstance(rows, list) or not rows:
            self._refuse("error.calendar_no_holidays")
            return None
        holidays = [self._read_holiday(row, number) for number, row in enumerate(rows, start=1)]
        notice = Notice(
            year=self._whole_number(self.content["year"], "year", ""),
            document=self._words("document"),
            title=self._words("title"),
            issued_on=self._day(self.content["issued_on"], "issued_on", ""),
            holidays=tuple(holiday for holiday in holidays if holiday is not None),
            amends=self._read_amends(),
            exception=str(self.content.get("exception") or ""),
            source=str(self.content.get("source") or ""),
        )
        return None if self.problems else notice

    def _read_amends(self) -> str | None:
        kind = self.content["kind"]
        if kind not in ("annual", "amendment"):
            self._refuse_value("kind", kind, "")
        if kind == "amendment":
            return self._words("amends")
        if self.content.get("amends") is not None:
            self._refuse_value("amends", self.content["amends"], "")
        return None

    def _read_holiday(self, row: object, number: int) -> Holiday | None:
        where = f"holidays[{number}]"
        if not isinstance(row, dict):
            self._refuse_value(where, row, "")
            return None
        before = len(self.problems)
        where = f"{where} {row.get('name', '')}".strip()
        self._check_fields(row, _HOLIDAY_FIELDS, _HOLIDAY_REQUIRED, where)
        if len(self.problems) > before:
            return None
        declared = self._whole_number(row["days"], "days", where)
        workdays = row.get("workdays") or []
        if not isinstance(workdays, list):
            self._refuse_value("workdays", workdays, where)
            workdays = []
        holiday = Holiday(
            name=str(row["name"]),
            first=self._day(row["from"], "from", where),
            last=self._day(row["to"], "to", where),
            workdays=tuple(self._day(day, "workdays", where) for day in workdays),
            quote=str(row.get("quote") or ""),
        )
        if len(self.problems) == before:
            self._check_span(holiday, declared, where)
        return holiday

    def _check_span(self, holiday: Holiday, declared: int, where: str) -> None:
        facts = {"where": where, "first": holiday.first, "last": holiday.last}
        if holiday.last < holiday.first:
            self._refuse("error.calendar_span_reversed", **facts)
            return
        counted = (holiday.last - holiday.first).days + 1
        if counted != declared:
            self._refuse("error.calendar_missing_day", **facts, declared=declared, counted=counted)

    def _check_fields(
        self, row: Mapping[str, Any], known: set[str], required: tuple[str, ...], where: str
    ) -> None:
        for field in required:
            if row.get(field) in (None, ""):
                self._refuse("error.calendar_field_missing", where=where, field=field)
        for field in sorted(set(row) - known):
            self._refuse("error.calendar_field_unknown", where=where, field=field)

    def _words(self, field: str) -> str:
        value = self.content.get(field)
        if isinstance(value, str) and value.strip():
            return value.strip()
        self._refuse("error.calendar_field_missing", where="", field=field)
        return ""

    def _whole_number(self, value: object, field: str, where: str) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 9999:
            return value
        self._refuse_value(field, value, where)
        return 1

    def _day(self, value: object, field: str, where: str) -> date:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        self._refuse_value(field, value, where)
        return date.min

    def _refuse_value(self, field: str, value: object, where: str) -> None:
        self._refuse("error.calendar_field_invalid", where=where, field=field, value=str(value))

    def _refuse(self, key: str, **facts: Any) -> None:
        self.problems.append(CalendarError(key, source=self.source, **facts))


def _contradictions(notice: Notice, source: str) -> Iterator[CalendarError]:
    """Yield what a well-formed notice cannot mean, in the order a reader would look."""
    facts = {"source": source}
    if str(notice.year) not in notice.title:
        yield CalendarError(
            "error.calendar_title_year", year=notice.year, title=notice.title, **facts
        )
    yield from _days_of_another_year(notice, source)
    yield from _days_named_twice(notice, source)
    for day in notice.workdays:
        if day.weekday() < SATURDAY:
            yield CalendarError("error.calendar_workday_on_weekday", day=day, **facts)
    if notice.is_annual and load_statutory_days().covers(notice.year):
        yield from _statutory_gaps(notice, source)


def _days_of_another_year(notice: Notice, source: str) -> Iterator[CalendarError]:
    # A notice may reach back into December: 2019's began on 29 December 2018.
    first, last = date(notice.year - 1, 12, 1), date(notice.year, 12, 31)
    for holiday in notice.holidays:
        for day in (holiday.first, holiday.last, *holiday.workdays):
            if not first <= day <= last:
                yield CalendarError(
                    "error.calendar_wrong_year",
                    source=source,
                    where=holiday.name,
                    day=day,
                    year=notice.year,
                )


def _days_named_twice(notice: Notice, source: str) -> Iterator[CalendarError]:
    seen: dict[date, str] = {}
    for holiday in notice.holidays:
        for day in (*holiday.days(), *holiday.workdays):
            if day in seen:
                yield CalendarError(
                    "error.calendar_overlap",
                    source=source,
                    day=day,
                    first=seen[day],
                    second=holiday.name,
                )
            seen[day] = holiday.name


def _statutory_gaps(notice: Notice, source: str) -> Iterator[CalendarError]:
    """Yield statutory days that are not off, and make-up days that the sum shows to be missing.

    Weekdays off = statutory days (one lost to a weekend is given back) + make-up workdays. It held
    for every notice since 2018; a notice that breaks it says why in ``exception``.
    """
    statutory = load_statutory_days().list_days(year=notice.year)
    off = {day for holiday in notice.holidays for day in holiday.days()}
    for day in statutory:
        if day.on not in off:
            yield CalendarError(
                "error.calendar_missing_holiday",
                source=source,
                day=day.on,
                name=day.name,
                document=day.document,
            )
    weekdays_off = sum(1 for day in off if day.weekday() < SATURDAY)
    expected = weekdays_off - len(statutory)
    if expected != len(notice.workdays) and not notice.exception:
        yield CalendarError(
            "error.calendar_missing_makeup",
            source=source,
            weekdays_off=weekdays_off,
            statutory=len(statutory),
            expected=expected,
            listed=len(notice.workdays),
        )
