"""A plain duration of a diagram becomes an instant when its timer begins to wait."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.integration.casebook import Casebook
from workflows.engine.timers import split_timer
from workflows.services.run_clock import timer_instant


class TestPlainDuration:
    def test_counts_from_now_and_needs_no_clock(self, book: Casebook):
        book.file()
        clock, point = split_timer("PT90M")
        found: list[datetime | None] = []

        def work(unit):
            case = unit.get_case(book.case_id)
            asked = {"case": case, "clocks": [], "clock_name": clock, "item": None, "point": point}
            found.append(timer_instant(unit, book.desk, **asked))

        book.run(work)

        assert found == [book.now + timedelta(minutes=90)]
