"""Ledgers and terms in a line each, so that a test shows only what it is about."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from workflows.clock.calendar import WorkingCalendar, load_shipped_calendar
from workflows.clock.ledger import Entry, EntryKind
from workflows.clock.terms import Term, Unit

AT = datetime(2026, 9, 24, 1, 30, tzinfo=UTC)
FIFTEEN = Term(15)
FIVE = Term(5)
CALENDARS = Path(__file__).resolve().parents[3] / "bpmn" / "calendars"
PACKS = Path(__file__).with_name("data")


def calendar() -> WorkingCalendar:
    return load_shipped_calendar()


def day(text: str) -> date:
    return date.fromisoformat(text)


def months(amount: int) -> Term:
    return Term(amount, Unit.MONTHS)


def calendar_days(amount: int) -> Term:
    return Term(amount, Unit.CALENDAR_DAYS)


def entry(kind: str, on: str, **values: Any) -> Entry:
    """Return a ledger line that says everything a line of its kind must say."""
    said = {
        "reason": "test",
        "legal_basis": "test",
        "person": "p1",
        "evidence": "e1",
        "approved_by": "p2",
    }
    if values.get("start_on"):
        values["start_on"] = day(values["start_on"])
    return Entry(kind=EntryKind(kind), at=AT, on=day(on), **(said | values))
