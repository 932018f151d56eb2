"""A year without a holiday notice still has holidays: the days the decree itself names (N33)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from workflows.errors import CalendarError

SHIPPED_FILE = (
    Path(__file__).resolve().parents[2] / "bpmn" / "calendars" / "statutory" / "national-days.json"
)


@dataclass(frozen=True)
class StatutoryDay:
    """One day that the decree names, whatever the notice of the year moves around it."""

    on: date
    name: str
    document: str


@dataclass(frozen=True)
class StatutoryDays:
    """The decree in its versions (thirteen days since 2025), with the lunar dates it needs."""

    versions: tuple[Mapping[str, Any], ...]
    lunar: Mapping[int, Mapping[str, date]]

    @property
    def last_year(self) -> int:
        """Return the last year whose lunar dates are known: no term is reckoned beyond it."""
        return max(self.lunar)

    def covers(self, year: int) -> bool:
        """Tell whether the lunar dates of a year are known."""
        return year in self.lunar

    def list_days(self, *, year: int) -> tuple[StatutoryDay, ...]:
        """Return the statutory days of a year; two may fall on one date (National Day, N33).

        Raises CalendarError for a year outside the lunar table.
        """
        if not self.covers(year):
            raise CalendarError(
                "error.calendar_out_of_range",
                day=date(year, 1, 1),
                first=date(min(self.lunar), 1, 1),
                last=date(self.last_year, 12, 31),
            )
        version = self._version_for(year)
        return tuple(
            StatutoryDay(
                on=self._first_day(rule, year) + timedelta(days=step),
                name=rule["name"],
                document=version["document"],
            )
            for rule in version["days"]
            for step in range(int(rule["days"]))
        )

    def _version_for(self, year: int) -> Mapping[str, Any]:
        """Return the version in force on 1 January of the year."""
        in_force = [v for v in self.versions if date.fromisoformat(v["valid_from"]).year <= year]
        return max(in_force, key=lambda version: str(version["valid_from"]))

    def _first_day(self, rule: Mapping[str, Any], year: int) -> date:
        """Return the first day of one festival, by Gregorian or lunar date."""
        if "on" in rule:
            return date.fromisoformat(f"{year}-{rule['on']}")
        return self.lunar[year][rule["lunar"]] + timedelta(days=int(rule["offset"]))


@cache
def load_statutory_days(path: Path = SHIPPED_FILE) -> StatutoryDays:
    """Read the decree from bpmn/calendars/statutory; raises CalendarError when it is not there."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise CalendarError("error.calendar_decree_unreadable", source=str(path)) from problem
    lunar = {
        int(year): {name: date.fromisoformat(on) for name, on in row.items()}
        for year, row in content["lunar"].items()
    }
    return StatutoryDays(versions=tuple(content["versions"]), lunar=lunar)
