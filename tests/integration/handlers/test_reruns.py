"""Operations may rerun and must not mind: each one twice in a row leaves what once leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.casebook import Casebook, at
from tests.integration.handlers.test_journeys import acknowledge
from workflows.models import (
    CaseClock,
    Document,
    LetterNumber,
    Notice,
    Outbox,
    QualityTicket,
    RecordVersion,
)
from workflows.services.desk import Operation, OperationContext

TABLES = (CaseClock, Document, LetterNumber, Notice, Outbox, QualityTicket, RecordVersion)


def twice(operation: Operation) -> Operation:
    """Run the operation two times, as after a crash between its effect and its mark."""

    def run(context: OperationContext):
        operation(context)
        return operation(context)

    return run


def rows_left(book: Casebook) -> Counter:
    return Counter({table.__name__: len(book.all(table)) for table in TABLES})


def play(book: Casebook) -> Counter:
    """Take a case past every reminder to its end, with a withdrawal refused on the way."""
    from workflows.services.change_case import request_withdrawal

    book.file(consents_to_electronic_service=True)
    book.do("task_formal_check", formal_outcome="supplement", supplement_list="委托书")
    book.do("task_self_check")
    book.go_on("2026-10-26")
    book.run(lambda work: request_withdrawal(work, book.desk, case_id=book.case_id, content={}))
    book.do("task_confirm_withdrawal", withdrawal_outcome="refused", refusal_reason="非本人意思")
    book.do("task_progress_notice", display="suspend", display_reason="部门未答复")
    book.do("task_verify", conclusion="wrong_correct", correct_values="拖欠金额：已付清")
    book.find("correct")
    book.correct()
    book.go_on("2026-11-20")
    book.lift_all()
    book.send_outbox()
    acknowledge(book)
    book.reply("electronic")
    assert book.incidents() == []
    assert book.case.status == "closed"
    return rows_left(book)


class TestOperations:
    @pytest.fixture
    def books(self, sqlite_databases, tmp_path: Path) -> Iterator[list[Casebook]]:
        with (
            sqlite_databases.fresh(folder=tmp_path) as first,
            sqlite_databases.fresh(folder=tmp_path) as second,
        ):
            now = at("2026-09-24")
            books = [
                Casebook(first, tmp_path, now=now),
                Casebook(second, tmp_path, now=now, wrap=twice),
            ]
            yield books
            for book in books:
                book.close()

    def test_run_twice_leave_what_they_leave_once(self, books):
        once, again = books

        assert play(again) == play(once)

    def test_late_points_remind_once_and_draft_once(self, books):
        once, _ = books

        play(once)

        letters = once.documents("supervision_letter")
        places = [letter.item.split(":")[0] for letter in letters]
        assert sorted(places) == ["lift", "lift", "reply", "report", "verification"]
        assert {letter.status for letter in letters} == {"moot"}
        keys = [notice.key for notice in once.all(Notice)]
        assert len(keys) == len(set(keys))
