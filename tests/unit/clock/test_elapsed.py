"""Plain durations: wall time from when the timer begins to wait."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workflows.clock.calendar import SHANGHAI
from workflows.clock.elapsed import elapsed_instant
from workflows.errors import InvalidAnswer


class TestElapsedInstant:
    @pytest.mark.parametrize(
        "duration, ends",
        [
            ("PT1H", "2026-01-31T10:30"),
            ("PT90M", "2026-01-31T11:00"),
            ("P3D", "2026-02-03T09:30"),
            ("P2W", "2026-02-14T09:30"),
            ("P1M", "2026-02-28T09:30"),
            ("P1M1D", "2026-03-01T09:30"),
            ("P1Y", "2027-01-31T09:30"),
            ("P1DT12H30M10S", "2026-02-01T22:00:10"),
            ("PT0S", "2026-01-31T09:30"),
        ],
    )
    def test_runs_through_nights_and_holidays(self, duration, ends):
        since = datetime(2026, 1, 31, 9, 30, tzinfo=SHANGHAI)

        found = elapsed_instant(since=since, duration=duration)

        assert found == datetime.fromisoformat(ends).replace(tzinfo=SHANGHAI)
        assert found.tzinfo is UTC

    @pytest.mark.parametrize(
        "duration", ["", "P", "PT", "1H", "PT1.5H", "R3/PT1H", "-P1D", "P9999Y"]
    )
    def test_refuses_what_is_none(self, duration):
        with pytest.raises(InvalidAnswer, match="duration_unreadable"):
            elapsed_instant(since=datetime(2026, 1, 31, tzinfo=SHANGHAI), duration=duration)
