"""Each day of a term is shown with what it is, whether it counts, and by which paper."""

from __future__ import annotations

import pytest

from tests.unit.clock.factories import FIFTEEN, calendar, calendar_days, day, entry, months
from workflows.clock.calendar import DayKind
from workflows.clock.explain import HolidaySkipped, explain
from workflows.clock.terms import Term


def explained(*entries, term=FIFTEEN, today=None):
    return explain(entries=entries, term=term, calendar=calendar(), today=today)


class TestLines:
    def test_count_every_day_from_the_start_to_the_due_day(self):
        found = explained(entry("started", "2026-09-24"))

        assert (found.lines[0].on, found.lines[-1].on) == (day("2026-09-24"), day("2026-10-22"))
        assert [line.number for line in found.lines if line.counted] == list(range(1, 16))
        assert found.lines[-1].is_due

    @pytest.mark.parametrize(
        ("on", "number", "note", "document"),
        [
            ("2026-09-24", None, "start_day", ""),
            ("2026-09-25", None, "holiday", "国办发明电〔2025〕7号"),
            ("2026-09-28", 1, "counted", ""),
            ("2026-10-07", None, "holiday", "国办发明电〔2025〕7号"),
            ("2026-10-10", 6, "makeup", "国办发明电〔2025〕7号"),
            ("2026-10-11", None, "weekend", ""),
            ("2026-10-22", 15, "last_day", ""),
        ],
    )
    def test_say_why_a_day_counts_or_not(self, on, number, note, document):
        lines = {line.on: line for line in explained(entry("started", "2026-09-24")).lines}
        found = lines[day(on)]

        assert (found.number, found.note_key, found.document) == (
            number,
            f"explain.day.{note}",
            document,
        )

    def test_mark_days_of_a_pause(self):
        found = explained(
            entry("started", "2026-10-12"),
            entry("paused", "2026-10-15"),
            entry("resumed", "2026-10-20"),
            term=Term(10),
        )
        paused = [line.on for line in found.lines if line.note_key == "explain.day.paused"]

        assert paused == [day(f"2026-10-{number}") for number in (16, 17, 18, 19, 20)]
        assert sum(line.counted for line in found.lines) == 10

    def test_end_with_the_pause_while_it_lasts(self):
        found = explained(entry("started", "2026-10-12"), entry("paused", "2026-10-15"))

        assert found.lines[-1].on == day("2026-10-15")
        assert not any(line.is_due for line in found.lines)

    def test_go_on_through_the_days_that_are_late(self):
        found = explained(entry("started", "2026-10-12"), term=Term(5), today=day("2026-10-22"))
        late = [line for line in found.lines if line.is_late]

        assert [line.on for line in late] == [day(f"2026-10-{n}") for n in (20, 21, 22)]
        assert {line.note_key for line in late} == {"explain.day.late"}

    def test_mark_statutory_days_of_a_year_without_notice(self):
        found = explained(entry("started", "2026-12-11"))
        new_year = next(line for line in found.lines if line.on == day("2027-01-01"))

        assert new_year.kind is DayKind.PROVISIONAL_HOLIDAY
        assert new_year.note_key == "explain.day.provisional_holiday"
        assert found.reckoning.provisional

    def test_of_months_number_calendar_days_and_show_the_move(self):
        found = explained(entry("started", "2026-09-24"), term=months(1))

        assert [(line.number, line.note_key) for line in found.lines[-4:]] == [
            (29, "explain.day.counted"),
            (30, "explain.day.last_day"),
            (None, "explain.day.moved"),
            (None, "explain.day.moved_to"),
        ]
        assert found.lines[-1].is_due

    def test_of_calendar_days_do_not_call_a_make_up_day_anything_else(self):
        found = explained(entry("started", "2026-10-08"), term=calendar_days(4))

        assert [line.number for line in found.lines] == [None, 1, 2, 3, 4]


class TestSummary:
    def test_gives_the_figures_of_the_sentence(self):
        found = explained(entry("started", "2026-09-24")).summary

        assert (found.calendar_days, found.counted_days, found.weekend_days) == (28, 15, 3)
        assert found.holidays == (HolidaySkipped("中秋节", 3), HolidaySkipped("国庆节", 7))
        assert found.makeup_days == (day("2026-10-10"),)

    def test_adds_up(self):
        found = explained(
            entry("started", "2026-09-24"),
            entry("paused", "2026-09-29"),
            entry("resumed", "2026-10-12"),
        ).summary
        skipped = found.weekend_days + sum(one.days for one in found.holidays)

        assert found.calendar_days == found.counted_days + skipped + found.paused_days


class TestLedger:
    def test_stands_beside_the_days(self):
        found = explained(entry("started", "2026-10-12"), entry("extended", "2026-10-13", days=2))

        assert [due_on for _, due_on in found.ledger] == [day("2026-11-02"), day("2026-11-04")]
