"""What the registers refuse, and what they keep of every change and every query (R93, R109)."""

from __future__ import annotations

from datetime import date

import pytest

from tests.integration.casebook import RECORD, Casebook
from workflows.errors import InvalidAnswer
from workflows.models import CreditRecord, Document, Notice, RecordVersion, Sanction
from workflows.services.change_record import (
    mark_disputed,
    resume_display,
    revoke_record,
    suspend_display,
    unmark_disputed,
)
from workflows.services.identify_record import identify_record
from workflows.services.inform_people import holders_of, inform_people
from workflows.services.lift_sanction import lift_sanction
from workflows.services.log_query import list_queriers_to_tell, log_query
from workflows.services.receive_document import receive_document


def record_of(book: Casebook) -> CreditRecord:
    return next(iter(book.all(CreditRecord, number=RECORD)))


def on_record(book: Casebook, act) -> None:
    """Run the act on case and record in a command of its own."""

    def work(unit):
        case = unit.get_case(book.case_id)
        act(unit, case, case.record)

    book.run(work)


class TestDisputeMark:
    def test_stays_while_another_open_case_disputes_the_record(self, book):
        first = book.file()
        on_record(book, lambda unit, case, record: mark_disputed(unit, case=case, record=record))
        book.file(body="JLPLAT")
        on_record(book, lambda unit, case, record: mark_disputed(unit, case=case, record=record))

        book.case_id = first
        on_record(
            book,
            lambda unit, case, record: unmark_disputed(
                unit, case=case, record=record, reason="upheld"
            ),
        )

        assert record_of(book).is_disputed is True

    def test_comes_off_only_for_the_case_that_set_it(self, book):
        book.file()
        on_record(
            book,
            lambda unit, case, record: unmark_disputed(unit, case=case, record=record, reason="x"),
        )

        assert len(book.all(RecordVersion, record_id=record_of(book).id)) == 1


class TestDisplay:
    def test_is_suspended_and_resumed_once_each(self, book):
        book.file()
        for _ in range(2):
            on_record(
                book,
                lambda unit, case, record: suspend_display(
                    unit, case=case, record=record, reason="silent"
                ),
            )
        assert record_of(book).is_display_suspended is True
        for _ in range(2):
            on_record(
                book,
                lambda unit, case, record: resume_display(
                    unit, case=case, record=record, reason="upheld"
                ),
            )

        assert record_of(book).is_display_suspended is False
        assert len(book.all(RecordVersion, record_id=record_of(book).id)) == 3


class TestRevocation:
    def test_takes_the_record_from_display_and_keeps_what_it_said(self, book):
        book.file()
        on_record(
            book,
            lambda unit, case, record: revoke_record(
                unit, case=case, record=record, reason="判决撤销"
            ),
        )

        record = record_of(book)
        versions = book.all(RecordVersion, record_id=record.id)
        newest = max(versions, key=lambda each: each.version)
        assert (record.status, record.is_published) == ("revoked", False)
        assert (newest.reason, newest.case_id) == ("判决撤销", book.case_id)
        assert newest.content["items"]


class TestQueryLog:
    def test_keeps_purpose_version_and_mark(self, book):
        book.file()
        on_record(book, lambda unit, case, record: mark_disputed(unit, case=case, record=record))

        def ask(unit):
            record = unit.session.get_one(CreditRecord, record_of(book).id)
            query = log_query(unit, record=record, queried_by="某银行", purpose="授信审查")
            waiting = list_queriers_to_tell(unit, record=record, before=book.now)
            return {
                "version": query.version_seen,
                "mark": query.saw_dispute_mark,
                "waiting": len(waiting),
            }

        answer = book.run(ask)

        assert answer == {"version": 2, "mark": True, "waiting": 3}

    @pytest.mark.parametrize(("who", "why"), [("", "授信"), ("某银行", " ")])
    def test_refuses_a_query_without_name_or_purpose(self, book, who, why):
        def ask(unit):
            record = unit.session.get_one(CreditRecord, record_of(book).id)
            log_query(unit, record=record, queried_by=who, purpose=why)

        with pytest.raises(InvalidAnswer):
            book.run(ask)


class TestLifting:
    @pytest.mark.parametrize(
        ("lifted_on", "document", "field"),
        [
            (date(2026, 9, 25), "解除决定", "lifted_on"),
            (date(2020, 1, 1), "解除决定", "lifted_on"),
            (date(2026, 9, 24), " ", "lifted_document"),
        ],
    )
    def test_refuses_what_cannot_be(self, book, lifted_on, document, field):
        book.file()
        sanction = book.all(Sanction, record_id=record_of(book).id)[0]

        def lift(unit, case, record):
            found = unit.session.get_one(Sanction, sanction.id)
            lift_sanction(unit, case=case, sanction=found, lifted_on=lifted_on, document=document)

        with pytest.raises(InvalidAnswer) as refusal:
            on_record(book, lift)

        assert list(refusal.value.fields) == [field]


class TestIncomingLetter:
    def receive(self, book, **said):
        details = {
            "kind": "verification_opinion",
            "title": "核查意见书",
            "sender": "通化市财政局",
            "number": "通财函〔2026〕5号",
            "document_on": date(2026, 9, 22),
            "arrived_on": date(2026, 9, 23),
            **said,
        }
        on_record(book, lambda unit, case, record: receive_document(unit, case=case, **details))

    def test_is_entered_once(self, book):
        book.file()
        self.receive(book)
        self.receive(book)

        rows = book.all(Document, case_id=book.case_id, direction="in")
        assert [(row.number, row.status) for row in rows] == [("通财函〔2026〕5号", "received")]

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"arrived_on": date(2026, 9, 25)}, "arrived_on"),
            ({"document_on": date(2026, 9, 24)}, "document_on"),
        ],
    )
    def test_refuses_dates_that_cannot_be(self, book, said, field):
        book.file()

        with pytest.raises(InvalidAnswer) as refusal:
            self.receive(book, **said)

        assert list(refusal.value.fields) == [field]


class TestRecordOfACase:
    def test_is_named_once_found_and_not_changed_once_marked(self, book):
        book.file(record="XY-000000-2026-99999")
        assert book.case.record is None

        def name(unit):
            identify_record(unit, case=unit.get_case(book.case_id), record_id=RECORD)

        book.run(name)
        named = book.case.record
        assert named is not None and named.number == RECORD
        on_record(book, lambda unit, case, record: mark_disputed(unit, case=case, record=record))

        def another(unit):
            case = unit.get_case(book.case_id)
            identify_record(unit, case=case, record_id="XY-220500-2026-00012")

        with pytest.raises(InvalidAnswer):
            book.run(another)


class TestTelling:
    def test_tells_each_holder_of_the_post_once(self, any_book):
        book = any_book
        book.file()

        def tell(unit):
            people = holders_of(unit, office_id=book.office_id, role="handler")
            told = inform_people(
                unit,
                case=unit.get_case(book.case_id),
                kind="supplement_received",
                key="once",
                people=people,
            )
            return {"told": len(told)}

        assert [book.run(tell)["told"], book.run(tell)["told"]] == [3, 0]
        assert len(book.all(Notice, kind="supplement_received")) == 3
