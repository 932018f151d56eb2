"""The days that the decree names are known for every year the calendar reaches."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest

from tests.unit.clock.factories import calendar, day
from workflows.clock.statutory import load_statutory_days
from workflows.errors import CalendarError

DECREE = load_statutory_days()
YEARS = range(2018, 2051)


def names(year: int) -> dict[date, str]:
    return {one.on: one.name for one in DECREE.list_days(year=year)}


class TestListDays:
    def test_gives_the_thirteen_days_of_2027(self):
        expected = {
            "01-01": "元旦",
            **dict.fromkeys(("02-05", "02-06", "02-07", "02-08"), "春节"),
            "04-05": "清明节",
            **dict.fromkeys(("05-01", "05-02"), "劳动节"),
            "06-09": "端午节",
            "09-15": "中秋节",
            **dict.fromkeys(("10-01", "10-02", "10-03"), "国庆节"),
        }

        assert names(2027) == {day(f"2027-{on}"): name for on, name in expected.items()}

    def test_gives_eleven_days_before_2025(self):
        assert len(DECREE.list_days(year=2024)) == 11
        assert len(DECREE.list_days(year=2025)) == 13

    def test_counts_a_day_twice_when_two_festivals_meet(self):
        # Mid-Autumn 2031 is National Day: twelve dates for thirteen days.
        assert len(DECREE.list_days(year=2031)) == 13
        assert len(names(2031)) == 12

    def test_refuses_a_year_beyond_the_lunar_table(self):
        with pytest.raises(CalendarError) as refused:
            DECREE.list_days(year=2051)

        assert refused.value.facts["last"] == day("2050-12-31")

    @pytest.mark.parametrize("year", range(2027, 2051))
    def test_agrees_with_a_published_lunar_calendar(self, year):
        published = holidays.country_holidays("CN", years=year, observed=False)

        assert set(names(year)) == set(published)

    @pytest.mark.parametrize("year", YEARS)
    def test_agrees_with_a_published_table_of_solar_terms(self, year):
        terms = chinese_calendar.get_solar_terms(date(year, 4, 1), date(year, 4, 10))

        assert [on for on, name in names(year).items() if name == "清明节"] == [
            on for on, term in terms if "清明" in term
        ]

    @pytest.mark.parametrize("year", range(2018, 2027))
    def test_are_all_off_in_the_notices(self, year):
        assert [on for on in names(year) if calendar().is_working(on)] == []


class TestProvisionalYear:
    def test_leaves_out_weekends_and_the_thirteen_days_only(self):
        ours, off = calendar(), set(names(2027))
        days = [date(2027, 1, 1) + timedelta(days=step) for step in range(365)]

        worked = {on for on in days if ours.is_working(on)}

        assert worked == {on for on in days if on.weekday() < 5 and on not in off}
