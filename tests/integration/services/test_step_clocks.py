"""Which clock binds a step, and what happens to a step's own clock once the step is done."""

from __future__ import annotations

from workflows.models import CaseClock, LedgerEntry, Task
from workflows.services.change_case import file_supplement


def clock(book, name):
    with book.sessions() as session:
        rows = session.query(CaseClock).filter_by(case_id=book.case_id, name=name)
        return rows.order_by(CaseClock.started_at.desc()).first()


def stop_of(book, found):
    with book.sessions() as session:
        return session.query(LedgerEntry).filter_by(clock_id=found.id, kind="stopped").one()


def open_task(book, element):
    with book.sessions() as session:
        rows = session.query(Task).filter_by(case_id=book.case_id, element=element, status="open")
        return rows.one()


class TestFormalCheck:
    def test_carries_its_own_inner_term(self, book):
        book.file()

        own = clock(book, "formal_check")
        assert open_task(book, "task_formal_check").clock_id == own.id
        assert own.rule["label"] == "inner"

    def test_ends_its_term_with_its_outcome_as_evidence(self, book):
        book.file()

        book.accept()

        own = clock(book, "formal_check")
        assert (own.status, own.late_by) == ("stopped", 0)
        assert own.stopped_on == book.now.date()
        assert stop_of(book, own).evidence == "accept"

    def test_done_late_stays_late(self, book):
        book.file()
        book.go_on("2026-10-13")

        book.accept()

        assert clock(book, "formal_check").late_by > 0

    def test_leaves_the_reply_running(self, book):
        book.file()

        book.accept()

        assert clock(book, "reply").status == "running"

    def test_that_comes_back_is_bound_by_the_reply(self, book):
        book.file(record="没有这条记录")
        book.accept(formal_outcome="supplement_first", supplement_list="一、记录编号", record_id="")
        own = clock(book, "formal_check")
        content = {"statement": "补充"}
        book.run(
            lambda work: file_supplement(work, book.desk, case_id=book.case_id, content=content)
        )

        again = open_task(book, "task_formal_check")
        assert own.status == "stopped"
        assert again.clock_id == clock(book, "reply").id
        assert again.due_on == clock(book, "reply").due_on
