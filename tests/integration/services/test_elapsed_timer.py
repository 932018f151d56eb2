"""A plain duration of a diagram becomes an instant when its timer begins to wait."""

from __future__ import annotations

from datetime import timedelta

from tests.integration.casebook import Casebook
from workflows.engine.timers import split_timer
from workflows.models import Case, Timer
from workflows.services.run_clock import schedule_timer


class TestPlainDuration:
    def test_counts_from_now_and_needs_no_clock(self, book: Casebook):
        book.file()
        clock, point = split_timer("PT90M")

        def work(unit):
            case = unit.session.get_one(Case, book.case_id)
            timer = Timer(
                office_id=case.office_id,
                case_id=case.id,
                engine_timer_id="999",
                element="pause",
                clock_name=clock,
                point=point,
            )
            schedule_timer(unit, book.desk, case=case, timer=timer)
            unit.session.add(timer)

        book.run(work)

        (timer,) = book.all(Timer, engine_timer_id="999")
        assert timer.due_at == book.now + timedelta(minutes=90)
