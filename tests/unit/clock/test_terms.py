"""Terms end where N32 and the Civil Code say, to the instant."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from tests.unit.clock.factories import FIFTEEN, calendar, calendar_days, day, months
from workflows.clock.terms import (
    Point,
    Term,
    deadline,
    end_instant,
    legal_date,
    parse_point,
    point_instant,
    remaining,
    working_days_between,
)
from workflows.errors import CalendarError, DiagramError, InvalidAnswer

OPENING = time(9, 0)


def due(start_on: str, term: Term) -> str:
    return deadline(start_on=day(start_on), term=term, calendar=calendar()).due_on.isoformat()


class TestWorkingDays:
    @pytest.mark.parametrize(
        ("start_on", "amount", "due_on"),
        [
            ("2026-02-10", 15, "2026-03-09"),
            ("2026-01-30", 15, "2026-02-27"),
            ("2026-02-14", 5, "2026-02-28"),
            ("2026-09-18", 15, "2026-10-15"),
            ("2026-09-30", 5, "2026-10-13"),
            ("2025-12-25", 15, "2026-01-16"),
            ("2026-10-01", 15, "2026-10-27"),
        ],
    )
    def test_hold_the_published_vectors(self, start_on, amount, due_on):
        assert due(start_on, Term(amount)) == due_on

    def test_do_not_count_the_day_of_receipt(self):
        assert due("2026-10-12", Term(1)) == "2026-10-13"

    def test_begin_after_a_holiday_when_received_on_one(self):
        assert due("2026-10-03", Term(1)) == "2026-10-08"

    def test_may_end_on_a_make_up_saturday(self):
        assert due("2026-10-09", Term(1)) == "2026-10-10"
        assert day("2026-10-10").weekday() == 5

    @pytest.mark.parametrize("amount", [0, -1])
    def test_are_at_least_one(self, amount):
        with pytest.raises(InvalidAnswer):
            Term(amount)

    @pytest.mark.parametrize("amount", [9_000, 10**9])
    def test_end_within_the_calendar(self, amount):
        with pytest.raises(CalendarError) as refused:
            due("2026-10-09", Term(amount))

        assert refused.value.key == "error.term_too_long"


class TestProvisional:
    def test_is_a_date_in_a_year_without_a_notice(self):
        found = deadline(start_on=day("2026-12-11"), term=FIFTEEN, calendar=calendar())

        assert found.due_on == day("2027-01-04")
        assert (found.provisional, found.missing_years) == (True, (2027,))

    def test_is_not_a_term_that_ends_on_the_last_day_of_the_known_year(self):
        found = deadline(start_on=day("2026-12-10"), term=FIFTEEN, calendar=calendar())

        assert (found.due_on, found.provisional) == (day("2026-12-31"), False)

    def test_names_every_missing_year(self):
        found = deadline(start_on=day("2026-12-31"), term=months(24), calendar=calendar())

        assert found.missing_years == (2027, 2028, 2029)
        assert found.due_on == day("2029-01-02")


class TestMonths:
    @pytest.mark.parametrize(
        ("start_on", "amount", "due_on"),
        [
            ("2026-03-12", 2, "2026-05-12"),
            ("2027-01-31", 1, "2027-03-01"),
            ("2025-10-31", 1, "2025-12-01"),
            ("2024-01-31", 1, "2024-02-29"),
            ("2025-12-31", 2, "2026-02-28"),
            ("2026-08-31", 6, "2027-03-01"),
            ("2026-09-10", 1, "2026-10-10"),
            ("2026-09-01", 1, "2026-10-08"),
            ("2026-01-16", 1, "2026-02-24"),
        ],
        ids=[
            "same date",
            "shorter month, last day on a Sunday",
            "month end on a Sunday",
            "leap day",
            "last day of February on a make-up Saturday",
            "into a provisional year, Sunday",
            "ends on a make-up Saturday",
            "moved past National Day",
            "moved past the Spring Festival",
        ],
    )
    def test_end_on_the_same_date_or_the_last_of_the_month(self, start_on, amount, due_on):
        assert due(start_on, months(amount)) == due_on

    def test_reach_no_further_than_the_calendar(self):
        with pytest.raises(CalendarError):
            due("2026-01-31", months(12 * 9000))


class TestCalendarDays:
    def test_run_on_weekends_too(self):
        assert due("2026-02-13", calendar_days(60)) == "2026-04-14"

    def test_end_after_a_holiday_instead_of_in_it(self):
        assert due("2026-09-23", calendar_days(10)) == "2026-10-08"

    def test_are_refused_beyond_all_dates(self):
        with pytest.raises(CalendarError):
            due("2026-02-13", calendar_days(10**10))


class TestInstants:
    def test_the_end_is_the_first_instant_that_is_too_late(self):
        end = end_instant(day("2026-10-15"))

        assert end == datetime(2026, 10, 15, 16, 0, tzinfo=UTC)
        assert legal_date(end - timedelta(seconds=1)) == day("2026-10-15")
        assert legal_date(end) == day("2026-10-16")

    def test_the_legal_date_is_that_of_the_office(self):
        assert legal_date(datetime(2026, 9, 24, 15, 59, tzinfo=UTC)) == day("2026-09-24")
        assert legal_date(datetime(2026, 9, 24, 16, 0, tzinfo=UTC)) == day("2026-09-25")

    def test_a_naive_instant_has_no_legal_date(self):
        with pytest.raises(ValueError, match="aware"):
            legal_date(datetime(2026, 9, 24))


class TestRemaining:
    @pytest.mark.parametrize(
        ("today", "state", "days"),
        [
            ("2026-10-13", "left", 7),
            ("2026-10-21", "left", 1),
            ("2026-10-22", "today", 0),
            ("2026-10-23", "late", 1),
            ("2026-10-27", "late", 3),
        ],
    )
    def test_says_what_the_pages_say(self, today, state, days):
        found = remaining(due_on=day("2026-10-22"), today=day(today), calendar=calendar())

        assert (found.state, found.days) == (state, days)

    def test_is_late_on_the_saturday_after(self):
        found = remaining(due_on=day("2026-10-23"), today=day("2026-10-24"), calendar=calendar())

        assert (found.state, found.days) == ("late", 1)

    def test_counts_working_days_both_ways(self):
        first, second = day("2026-09-30"), day("2026-10-13")

        assert working_days_between(first, second, calendar()) == 5
        assert working_days_between(second, first, calendar()) == -5


class TestParsePoint:
    @pytest.mark.parametrize(
        ("text", "point"),
        [
            ("50%", Point("percent", 50)),
            ("100%", Point("percent", 100)),
            ("day13", Point("day", 13)),
            ("due-2", Point("before", 2)),
            ("due", Point("before", 0)),
            ("overdue", Point("overdue")),
        ],
    )
    def test_reads_what_diagrams_write(self, text, point):
        assert parse_point(text) == point

    @pytest.mark.parametrize(
        "text", ["", "0%", "101%", "half", "day0", "day", "due+1", "due-", "P3D", "50 %", "-due"]
    )
    def test_refuses_anything_else(self, text):
        with pytest.raises(DiagramError) as refused:
            parse_point(text)

        assert refused.value.facts["point"] == text


class TestPointInstant:
    @pytest.mark.parametrize(
        ("point", "on"),
        [
            ("50%", "2026-10-13"),
            ("80%", "2026-10-19"),
            ("day1", "2026-09-28"),
            ("day13", "2026-10-20"),
            ("day99", "2026-10-22"),
            ("due-2", "2026-10-20"),
            ("due-99", "2026-09-24"),
            ("due", "2026-10-22"),
            ("100%", "2026-10-22"),
        ],
    )
    def test_is_the_opening_hour_of_its_working_day(self, point, on):
        found = point_instant(
            start_on=day("2026-09-24"),
            due_on=day("2026-10-22"),
            term=FIFTEEN,
            point=point,
            calendar=calendar(),
            opening=OPENING,
        )

        assert found == datetime.fromisoformat(f"{on}T01:00:00+00:00")

    def test_of_half_the_term_is_working_day_eight(self):
        found = legal_date(self._instant("50%", FIFTEEN, "2026-10-22"))

        assert working_days_between(day("2026-09-24"), found, calendar()) == 8

    def test_of_half_of_eight_is_working_day_four(self):
        found = legal_date(self._instant("50%", Term(8), "2026-10-13"))

        assert working_days_between(day("2026-09-24"), found, calendar()) == 4

    def test_overdue_is_the_exclusive_end(self):
        assert self._instant("overdue", FIFTEEN, "2026-10-22") == end_instant(day("2026-10-22"))

    def test_of_months_counts_calendar_days(self):
        found = self._instant("50%", months(1), "2026-10-26")

        # Half of the 32 days lies on Saturday 10 October, which is worked.
        assert legal_date(found) == day("2026-10-10")

    @staticmethod
    def _instant(point: str, term: Term, due_on: str) -> datetime:
        return point_instant(
            start_on=day("2026-09-24"),
            due_on=day(due_on),
            term=term,
            point=point,
            calendar=calendar(),
            opening=OPENING,
        )
