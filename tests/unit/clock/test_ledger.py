"""The due date follows from the ledger, line by line, and the raw date stays beside it."""

from __future__ import annotations

from datetime import time

import pytest

from tests.unit.clock.factories import FIFTEEN, calendar, calendar_days, day, entry, months
from workflows.clock.ledger import clock_point, due_dates, reckon
from workflows.clock.terms import Term, legal_date
from workflows.errors import NotAllowed

STARTED = entry("started", "2026-10-12")
TEN = Term(10)


def reckoned(*entries, term=TEN, today=None):
    return reckon(entries=entries, term=term, calendar=calendar(), today=today)


class TestRunning:
    def test_has_a_due_date_and_a_raw_date(self):
        found = reckoned(STARTED)

        assert (found.status, found.start_on) == ("running", day("2026-10-12"))
        assert found.due_on == found.raw_due_on == day("2026-10-26")
        assert (found.paused_days, found.extended_days, found.late_by) == (0, 0, 0)

    def test_counts_what_is_used_up_to_today(self):
        assert reckoned(STARTED, today=day("2026-10-15")).working_days_used == 3
        assert reckoned(STARTED, today=day("2027-01-15")).working_days_used == 10
        assert reckoned(STARTED).working_days_used == 10

    def test_may_start_on_an_earlier_day_than_the_entry(self):
        found = reckoned(entry("started", "2026-10-16", start_on="2026-10-12"))

        assert found.due_on == day("2026-10-26")

    def test_is_provisional_across_the_year(self):
        found = reckoned(entry("started", "2026-12-11"), term=FIFTEEN)

        assert (found.due_on, found.provisional) == (day("2027-01-04"), True)
        assert found.missing_years == (2027,)

    def test_needs_a_start(self):
        with pytest.raises(NotAllowed) as refused:
            reckoned()

        assert refused.value.key == "error.clock_not_started"


class TestPaused:
    def test_has_no_due_date_and_knows_what_is_left(self):
        found = reckoned(STARTED, entry("paused", "2026-10-15"))

        assert (found.status, found.due_on) == ("paused", None)
        assert found.raw_due_on == day("2026-10-26")
        assert found.paused_since == day("2026-10-15")
        assert (found.working_days_used, found.days_left) == (3, 7)

    def test_gives_the_days_back_when_resumed(self):
        # Thursday 15th counts, Friday 16th to Tuesday 20th (three working days) do not.
        found = reckoned(STARTED, entry("paused", "2026-10-15"), entry("resumed", "2026-10-20"))

        assert (found.status, found.paused_days) == ("running", 3)
        assert found.due_on == day("2026-10-29")
        assert found.raw_due_on == day("2026-10-26")
        assert found.working_days_used == 10

    def test_takes_nothing_when_resumed_the_same_day(self):
        found = reckoned(STARTED, entry("paused", "2026-10-15"), entry("resumed", "2026-10-15"))

        assert (found.paused_days, found.due_on) == (0, day("2026-10-26"))

    def test_takes_nothing_over_a_weekend(self):
        found = reckoned(STARTED, entry("paused", "2026-10-16"), entry("resumed", "2026-10-18"))

        assert (found.paused_days, found.due_on) == (0, day("2026-10-26"))

    def test_may_happen_twice(self):
        found = reckoned(
            STARTED,
            entry("paused", "2026-10-13"),
            entry("resumed", "2026-10-14"),
            entry("paused", "2026-10-20"),
            entry("resumed", "2026-10-22"),
        )

        assert (found.paused_days, found.due_on) == (3, day("2026-10-29"))
        assert len(found.pauses) == 2

    def test_on_the_last_day_moves_nothing(self):
        found = reckoned(STARTED, entry("paused", "2026-10-26"), entry("resumed", "2026-10-28"))

        assert found.due_on == day("2026-10-26")

    def test_across_a_holiday_counts_working_days_only(self):
        found = reckoned(
            entry("started", "2026-09-24"),
            entry("paused", "2026-09-29"),
            entry("resumed", "2026-10-09"),
            term=FIFTEEN,
        )

        # Only 30 September and 8, 9 October would have counted.
        assert (found.paused_days, found.due_on) == (3, day("2026-10-27"))

    def test_adds_calendar_days_to_a_term_of_days(self):
        found = reckoned(
            entry("started", "2026-10-12"),
            entry("paused", "2026-10-15"),
            entry("resumed", "2026-10-19"),
            term=calendar_days(9),
        )

        assert (found.paused_days, found.raw_due_on) == (4, day("2026-10-21"))
        assert found.due_on == day("2026-10-26")  # Sunday 25th moves on to Monday.

    @pytest.mark.parametrize(
        ("lines", "key"),
        [
            ([("paused", "2026-10-14")] * 2, "error.clock_already_paused"),
            ([("resumed", "2026-10-14")], "error.clock_not_paused"),
            (
                [("paused", "2026-10-15"), ("resumed", "2026-10-14")],
                "error.clock_resumed_before_pause",
            ),
            (
                [("stopped", "2026-10-14"), ("paused", "2026-10-15")],
                "error.clock_stopped",
            ),
            ([("stopped", "2026-10-14")] * 2, "error.clock_stopped"),
        ],
    )
    def test_lines_that_cannot_follow_are_refused(self, lines, key):
        with pytest.raises(NotAllowed) as refused:
            reckoned(STARTED, *(entry(*line) for line in lines))

        assert refused.value.key == key


class TestExtended:
    def test_adds_working_days_to_working_days(self):
        found = reckoned(STARTED, entry("extended", "2026-10-20", days=3))

        assert (found.due_on, found.extended_days) == (day("2026-10-29"), 3)
        assert found.raw_due_on == day("2026-10-26")

    def test_adds_up_with_a_pause(self):
        found = reckoned(
            STARTED,
            entry("paused", "2026-10-15"),
            entry("resumed", "2026-10-20"),
            entry("extended", "2026-10-21", days=2),
        )

        assert found.due_on == day("2026-11-02")

    def test_adds_calendar_days_to_months(self):
        found = reckoned(STARTED, entry("extended", "2026-10-20", days=5), term=months(1))

        assert (found.raw_due_on, found.due_on) == (day("2026-11-12"), day("2026-11-17"))


class TestStopped:
    @pytest.mark.parametrize(
        ("on", "early_by", "late_by", "used"),
        [
            ("2026-10-22", 2, 0, 8),
            ("2026-10-26", 0, 0, 10),
            ("2026-10-27", 0, 1, 10),
            ("2026-10-31", 0, 4, 10),
        ],
    )
    def test_compares_with_the_due_day(self, on, early_by, late_by, used):
        found = reckoned(STARTED, entry("stopped", on))

        assert (found.status, found.stopped_on) == ("stopped", day(on))
        assert (found.early_by, found.late_by, found.working_days_used) == (
            early_by,
            late_by,
            used,
        )
        assert found.due_on == day("2026-10-26")

    def test_is_late_on_the_saturday_after_a_friday(self):
        found = reckoned(entry("started", "2026-10-09"), entry("stopped", "2026-10-24"))

        assert found.due_on == day("2026-10-22")
        assert found.late_by == 1
        friday = reckoned(entry("started", "2026-10-10"), entry("stopped", "2026-10-24"))
        assert (friday.due_on, friday.late_by) == (day("2026-10-23"), 1)

    def test_while_paused_closes_the_pause(self):
        found = reckoned(STARTED, entry("paused", "2026-10-15"), entry("stopped", "2026-10-28"))

        assert (found.status, found.late_by) == ("stopped", 0)
        assert found.due_on == day("2026-11-06")

    def test_is_not_undone_by_a_new_calendar(self):
        found = reckoned(STARTED, entry("stopped", "2026-10-22"), entry("recomputed", "2026-11-20"))

        assert (found.status, found.stopped_on) == ("stopped", day("2026-10-22"))


class TestCorrected:
    def test_moves_the_start_and_the_raw_date(self):
        found = reckoned(STARTED, entry("corrected", "2026-10-16", start_on="2026-09-30"))

        assert (found.start_on, found.due_on) == (day("2026-09-30"), day("2026-10-20"))
        assert found.raw_due_on == day("2026-10-20")

    def test_may_show_that_a_stop_came_too_late(self):
        stopped = entry("stopped", "2026-10-26")
        corrected = entry("corrected", "2026-11-02", start_on="2026-10-09")

        assert reckoned(STARTED, stopped).late_by == 0
        assert reckoned(STARTED, stopped, corrected).late_by == 2

    def test_keeps_pauses_and_extensions(self):
        found = reckoned(
            STARTED,
            entry("paused", "2026-10-15"),
            entry("resumed", "2026-10-20"),
            entry("corrected", "2026-10-21", start_on="2026-10-09"),
        )

        assert found.paused_days == 3
        assert found.due_on == day("2026-10-27")


class TestRestarted:
    def test_runs_anew_and_keeps_the_first_raw_date(self):
        found = reckoned(
            STARTED,
            entry("extended", "2026-10-13", days=3),
            entry("started", "2026-10-20"),
        )

        assert (found.start_on, found.extended_days) == (day("2026-10-20"), 0)
        assert (found.raw_due_on, found.due_on) == (day("2026-10-26"), day("2026-11-03"))


class TestDueDates:
    def test_show_the_date_after_each_line(self):
        lines = [
            STARTED,
            entry("paused", "2026-10-15"),
            entry("resumed", "2026-10-20"),
            entry("extended", "2026-10-21", days=2),
        ]

        found = due_dates(entries=lines, term=TEN, calendar=calendar())

        assert [due_on and due_on.isoformat() for _, due_on in found] == [
            "2026-10-26",
            None,
            "2026-10-29",
            "2026-11-02",
        ]
        assert [line for line, _ in found] == lines


class TestClockPoint:
    def test_moves_with_the_ledger(self):
        lines = [STARTED, entry("paused", "2026-10-15"), entry("resumed", "2026-10-20")]

        assert self._on([STARTED], "50%") == day("2026-10-19")
        assert self._on(lines, "50%") == day("2026-10-22")
        assert self._on(lines, "due-2") == day("2026-10-27")

    def test_stretches_with_an_extension(self):
        lines = [STARTED, entry("extended", "2026-10-13", days=10)]

        assert self._on(lines, "50%") == day("2026-10-26")

    def test_has_no_instant_while_paused(self):
        found = reckoned(STARTED, entry("paused", "2026-10-15"))

        assert self._instant(found, "due") is None

    def _on(self, lines, point):
        return legal_date(self._instant(reckoned(*lines), point))

    @staticmethod
    def _instant(reckoning, point):
        return clock_point(
            reckoning=reckoning, term=TEN, point=point, calendar=calendar(), opening=time(9)
        )
