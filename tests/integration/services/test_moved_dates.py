"""Which dates a holiday notice moves: every running clock is looked at, alike ones only once."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import event, select

from tests.integration.casebook import Casebook, at
from workflows.clock.calendar import WorkingCalendar, read_notice
from workflows.clock.ledger import reckon
from workflows.events import SYSTEM
from workflows.models import CalendarNotice, CaseClock
from workflows.services.load_notice import MovedDate, preview_notice, recompute_moved
from workflows.services.run_clock import correct_clock, find_clock, ledger_of, term_of

NOTICE = Path(__file__).parents[2] / "acceptance/notice_2027.json"
SOURCE = "notice_2027.json"


@pytest.fixture
def book(any_book: Casebook) -> Casebook:
    """Cases of which some run into a year that no notice covers, and one was corrected."""
    for day in ("2026-11-02", "2026-12-14", "2026-12-14", "2026-12-24"):
        any_book.now = at(day)
        any_book.file()
    correct(any_book, start_on=at("2026-12-18").date())
    return any_book


def correct(book: Casebook, *, start_on) -> None:
    def work(unit):
        clock = find_clock(unit, case_id=book.case_id, name="reply")
        assert clock is not None
        case = unit.get_case(book.case_id)
        correct_clock(unit, book.desk, case=case, clock=clock, start_on=start_on, reason="typo")

    book.run(work)


def preview(book: Casebook) -> list[MovedDate]:
    with book.read() as session:
        content = NOTICE.read_text(encoding="utf-8")
        return preview_notice(
            session, book.desk, office_id=book.office_id, content=content, source=SOURCE
        )


def reckoned_one_by_one(book: Casebook) -> set[tuple]:
    with book.read() as session:
        loaded = [read_notice(row.content, source="x") for row in session.query(CalendarNotice)]
        notice = read_notice(NOTICE.read_text(encoding="utf-8"), source=SOURCE)
        calendar = WorkingCalendar([*loaded, notice])
        found = set()
        for clock in session.scalars(select(CaseClock).where(CaseClock.status == "running")):
            after = reckon(entries=ledger_of(clock), term=term_of(clock), calendar=calendar)
            if (after.due_on, after.provisional) != (clock.due_on, clock.is_provisional):
                found.add((clock.case_id, clock.name, clock.due_on, after.due_on))
        return found


class TestPreview:
    def test_finds_what_looking_at_each_clock_finds(self, book):
        moved = preview(book)

        told = {(each.case_id, each.clock, each.before, each.after) for each in moved}
        assert told == reckoned_one_by_one(book)
        assert len(told) == len(moved)
        assert book.case_id in {each.case_id for each in moved}, "the corrected one"
        before = [str(each.before) for each in moved]
        assert before == sorted(before)

    def test_reads_no_clock_that_stays(self, any_book):
        any_book.now = at("2026-09-24")
        any_book.file()
        loaded = []
        event.listen(CaseClock, "load", lambda clock, _context: loaded.append(clock.id))

        assert preview(any_book) == []
        assert loaded == []


class TestSweep:
    def test_leaves_alone_what_is_right(self, book):
        moved = recompute_moved(
            book.sessions, book.desk, office_id=book.office_id, actor=SYSTEM, now=book.now
        )

        assert moved == []
