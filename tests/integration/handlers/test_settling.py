"""A message that no case took is brought to its case by a person, or set aside with a reason."""

from __future__ import annotations

from datetime import date

import pytest

from tests.integration.casebook import Casebook
from tests.integration.handlers.test_reporting import answer, to_the_report
from workflows.errors import Conflict, InvalidAnswer, NotFound
from workflows.models import AuditEntry, InboundMessage
from workflows.services.settle_message import (
    assign_message,
    count_waiting_messages,
    list_waiting_messages,
    set_message_aside,
)

KIND = "report_acknowledged"


def waiting(book: Casebook) -> list[InboundMessage]:
    with book.read() as session:
        office_id = book.case.office_id
        found = list_waiting_messages(session, office_id=office_id)
        assert count_waiting_messages(session, office_id=office_id) == len(found)
        return [each.message for each in found]


def assign(book: Casebook, message: InboundMessage, number: str) -> dict:
    return book.run(
        lambda work: assign_message(work, book.desk, message_id=message.id, case_number=number)
    )


def set_aside(book: Casebook, message: InboundMessage, reason: str) -> dict:
    return book.run(lambda work: set_message_aside(work, message_id=message.id, reason=reason))


@pytest.fixture
def lost(any_book: Casebook) -> InboundMessage:
    """An acknowledgement with a mistyped number and a key nobody sent, a report being awaited."""
    to_the_report(any_book)
    any_book.send_outbox("province_report")
    answer(any_book, KIND, message_id="m1", case_number="YY-0", report_key="x", receipt="JL-7")
    return waiting(any_book)[0]


class TestAssign:
    def test_brings_the_answer_to_the_case_as_if_it_had_found_it(self, any_book, lost):
        came_on = any_book.now.date()
        any_book.go_on("2026-09-28")

        result = assign(any_book, lost, f" {any_book.case.number.lower()} ")

        assert result["case_id"] == any_book.case_id
        assert any_book.clock("report").status == "stopped"
        assert not waiting(any_book)
        settled = any_book.all(InboundMessage)[0]
        assert (settled.result, settled.case_id) == ("delivered", any_book.case_id)
        assert settled.handled_at is not None
        assert any_book.happened("message_assigned")[0]["message_id"] == "m1"
        assert any_book.clock("report").stopped_on == came_on == date(2026, 9, 24)

    def test_of_a_case_that_does_not_exist_says_so(self, book):
        book.file()
        answer(book, KIND, message_id="m1", case_number="YY-0")

        with pytest.raises(InvalidAnswer) as refused:
            assign(book, waiting(book)[0], "YY-1")

        assert refused.value.fields == {"case_number": ["error.message_case_unknown"]}
        assert waiting(book)

    def test_to_a_case_that_does_not_wait_for_it_is_refused(self, book):
        book.file()
        answer(book, KIND, message_id="m1", case_number="YY-0")

        with pytest.raises(InvalidAnswer) as refused:
            assign(book, waiting(book)[0], book.case.number)

        assert refused.value.key == "error.message_not_awaited"

    def test_to_another_case_than_the_one_it_answers_is_refused(self, book):
        to_the_report(book)
        first = book.case.number
        key = book.effects("province_report")[0].key
        book.send_outbox("province_report")
        answer(book, KIND, message_id="m1", report_key=key)
        answer(book, KIND, message_id="m2", report_key=key)
        book.file(record="XY-220500-2026-00012")

        with pytest.raises(InvalidAnswer) as refused:
            assign(book, waiting(book)[0], book.case.number)

        assert refused.value.key == "error.message_of_other_case"
        assert refused.value.facts == {"number": first}

    def test_of_an_answer_to_a_former_revision_is_refused(self, book):
        to_the_report(book)
        book.send_outbox("province_report")
        first = book.effects("province_report")[0].key
        answer(book, "report_rejected", message_id="m1", report_key=first, reason="x")
        book.do("task_repair_report")
        answer(book, KIND, message_id="m2", report_key=first)

        with pytest.raises(InvalidAnswer) as refused:
            assign(book, waiting(book)[0], book.case.number)

        assert refused.value.key == "error.message_stale"
        assert book.clock("report").status == "running"


class TestSetAside:
    def test_keeps_the_message_and_notes_it_in_the_audit(self, any_book, lost):
        set_aside(any_book, lost, "省平台测试数据")

        assert not waiting(any_book)
        kept = any_book.all(InboundMessage)[0]
        assert (kept.result, kept.case_id) == ("set_aside", None)
        facts = any_book.all(AuditEntry)[-1].content["facts"]
        assert facts[0][0] == "message_set_aside"
        assert any_book.clock("report").status == "running"

    @pytest.mark.parametrize("reason", ["", "  ", "长" * 401])
    def test_without_a_fitting_reason_is_refused(self, book, reason):
        book.file()
        answer(book, KIND, message_id="m1", case_number="YY-0")

        with pytest.raises(InvalidAnswer):
            set_aside(book, waiting(book)[0], reason)

        assert waiting(book)

    def test_of_a_settled_message_is_refused(self, book):
        book.file()
        answer(book, KIND, message_id="m1", case_number="YY-0")
        message = waiting(book)[0]
        set_aside(book, message, "测试")

        with pytest.raises(Conflict):
            set_aside(book, message, "测试")
        with pytest.raises(Conflict):
            assign(book, message, book.case.number)

    def test_of_a_message_that_is_not_there_is_refused(self, book):
        book.file()

        with pytest.raises(NotFound):
            set_aside(book, InboundMessage(id="0" * 32), "测试")
