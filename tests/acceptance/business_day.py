"""Says when something happens in a test, as people in the office would say it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from webapp.business_clock import BusinessClock
from workflows.clock.calendar import SHANGHAI

OPENING = time(9, 1)


def at(words: str) -> datetime:
    """Return the instant of "2026-09-24 14:30" on the wall of the office; a day alone is 09:01."""
    day, _, clock = words.partition(" ")
    hour = time.fromisoformat(clock) if clock else OPENING
    return datetime.combine(date.fromisoformat(day), hour, SHANGHAI).astimezone(UTC)


class SettableClock(BusinessClock):
    """The clock of legal time in tests: it stands still until the test moves it, and only on."""

    def __init__(self, now: datetime) -> None:
        """Begin at this instant."""
        self.is_virtual = False
        self._now = now

    def now(self) -> datetime:
        """Return the business instant."""
        return self._now

    def advance_to(self, instant: datetime) -> None:
        """Go on to the instant."""
        assert instant >= self._now, f"a clock does not go back from {self._now} to {instant}"
        self._now = instant
