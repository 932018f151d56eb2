"""Days and moments in words, because an officer reads 10月22日 周四 and not 2026-10-22."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

OFFICE_ZONE = ZoneInfo("Asia/Shanghai")
WEEKDAYS = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def weekday_words(on: date, *, language: str) -> str:
    """Return the weekday: 周四, Thu."""
    return WEEKDAYS[language][on.weekday()]


def day_words(
    on: date, *, language: str, this_year: int | None = None, weekday: bool = True
) -> str:
    """Return a day: 10月22日 周四, Thu 22 Oct; the year shows only when it is not this year."""
    year = "" if this_year is None or on.year == this_year else str(on.year)
    if language == "zh":
        text = f"{year}年" if year else ""
        text += f"{on.month}月{on.day}日"
        return f"{text} {weekday_words(on, language='zh')}" if weekday else text
    text = f"{on.day} {MONTHS[on.month - 1]}" + (f" {year}" if year else "")
    return f"{weekday_words(on, language='en')} {text}" if weekday else text


def moment_words(at: datetime, *, language: str, this_year: int | None = None) -> str:
    """Return a moment in the office's zone: 10月13日 09:42, 13 Oct 09:42."""
    here = at.astimezone(OFFICE_ZONE)
    on = day_words(here.date(), language=language, this_year=this_year, weekday=False)
    return f"{on} {here:%H:%M}"


def short_day(on: date, *, first: bool = False) -> str:
    """Return a day for a narrow cell: 24, or 10/1 where a month begins."""
    return f"{on.month}/{on.day}" if first else str(on.day)
