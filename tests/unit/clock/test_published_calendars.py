"""Two calendars that others publish say of every day and every deadline what ours says."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest

from tests.unit.clock.factories import calendar
from workflows.clock.terms import Term, deadline

FIRST, LAST = date(2018, 1, 1), date(2026, 12, 31)
DAYS = [FIRST + timedelta(days=step) for step in range((LAST - FIRST).days + 1)]


def ask_chinesecalendar() -> Callable[[date], bool]:
    return chinese_calendar.is_workday


def ask_holidays() -> Callable[[date], bool]:
    china = holidays.country_holidays("CN", years=range(2018, 2027))
    return china.is_working_day


PUBLISHED = {"chinesecalendar": ask_chinesecalendar, "holidays": ask_holidays}


@pytest.fixture(params=PUBLISHED, name="works")
def _works(request) -> Callable[[date], bool]:
    return PUBLISHED[request.param]()


class TestPublishedCalendars:
    def test_agree_on_every_day_of_nine_years(self, works):
        ours = calendar()

        differing = [on for on in DAYS if ours.is_working(on) != works(on)]

        assert len(DAYS) == 3287
        assert differing == []

    @pytest.mark.parametrize("amount", [15, 5])
    def test_agree_on_the_deadline_of_every_start_date(self, works, amount):
        worked = [on for on in DAYS if works(on)]
        ours = calendar()
        compared = 0

        for start_on in DAYS:
            number = bisect_right(worked, start_on) + amount
            if number > len(worked):
                continue
            found = deadline(start_on=start_on, term=Term(amount), calendar=ours)
            assert (start_on, found.due_on) == (start_on, worked[number - 1])
            assert not found.provisional
            compared += 1

        assert compared > 3260
