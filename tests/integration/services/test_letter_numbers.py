"""Letter numbers: gapless per body, year and series, whoever asks at the same time."""

from __future__ import annotations

import threading

import pytest

from tests.integration.casebook import Casebook, at
from workflows.errors import Conflict, InvalidAnswer
from workflows.models import Document, LetterNumber, LetterSeries, Organisation
from workflows.services.dispatch_document import dispatch_again, dispatch_document
from workflows.services.draft_document import draft_document, get_document
from workflows.services.number_document import number_document, void_number
from workflows.services.seal_document import seal_document


def letter(title: str = "函") -> dict:
    return {"kind": "reply", "title": title, "paragraphs": ["一"], "meta": {}}


def draft(book: Casebook, case_id: str, *, item: str | None = None, **said) -> str:
    def work(unit):
        document = draft_document(
            unit,
            case=unit.get_case(case_id),
            kind="minutes",
            title=said.get("title", "函"),
            letter=letter(**said),
            item=item,
        )
        return {"id": document.id, "revision": document.revision}

    return str(book.run(work)["id"])


def number(book: Casebook, document_id: str, *, given: str = "", body: str = "THHUD") -> str:
    def work(unit):
        organisation = unit.session.get_one(Organisation, book.body(body).id)
        document = number_document(
            unit,
            document=get_document(unit, document_id),
            organisation=organisation,
            series="函",
            given_number=given,
        )
        return {"number": document.number}

    return str(book.run(work)["number"])


class TestSeries:
    def test_counts_without_gaps_per_body_and_year(self, book):
        case_id = book.file()
        ids = [draft(book, case_id, item=str(at)) for at in range(3)]

        first, second = number(book, ids[0]), number(book, ids[1])
        book.now = at("2027-01-04")
        third = number(book, ids[2])

        assert (first, second) == ("THHUD函〔2026〕1号", "THHUD函〔2026〕2号")
        assert third == "THHUD函〔2027〕1号"

    def test_gives_everybody_another_number_at_the_same_time(self, any_book):
        book = any_book
        ids = [draft(book, book.file(), item=str(at)) for at in range(6)]
        given: list[str] = []
        failures: list[BaseException] = []

        def take(document_id: str) -> None:
            try:
                given.append(number(book, document_id))
            except BaseException as failure:
                failures.append(failure)

        number(book, ids[0])
        threads = [threading.Thread(target=take, args=(each,)) for each in ids[1:]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert failures == []
        rows = [row for row in book.all(LetterNumber) if row.text.startswith("THHUD")]
        assert sorted(row.number for row in rows) == [1, 2, 3, 4, 5, 6]
        assert len(set(given)) == 5

    def test_is_not_used_up_by_a_command_that_fails(self, book):
        case_id = book.file()
        first, second = draft(book, case_id, item="a"), draft(book, case_id, item="b")

        def work(unit):
            organisation = unit.session.get_one(Organisation, book.body("THHUD").id)
            number_document(
                unit,
                document=get_document(unit, first),
                organisation=organisation,
                series="函",
            )
            raise InvalidAnswer(fields={})

        with pytest.raises(InvalidAnswer):
            book.run(work)

        assert number(book, second) == "THHUD函〔2026〕1号"


class TestNumber:
    def test_is_given_once(self, book):
        document_id = draft(book, book.file())

        assert number(book, document_id) == number(book, document_id)
        series = [row for row in book.all(LetterSeries) if row.series == "函"]
        assert {row.last_number for row in series} == {1}

    def test_of_the_bodys_own_system_takes_none_of_ours(self, book):
        case_id = book.file()
        first, second = draft(book, case_id, item="a"), draft(book, case_id, item="b")

        assert number(book, first, given=" 通住建函〔2026〕9号 ") == "通住建函〔2026〕9号"
        assert [row for row in book.all(LetterNumber) if row.document_id == first] == []
        with pytest.raises(Conflict) as refusal:
            number(book, second, given="通住建函〔2026〕9号")
        assert refusal.value.key == "error.letter_number_used"

    def test_voided_stays_listed_with_its_reason(self, book):
        case_id = book.file()
        first, second = draft(book, case_id, item="a"), draft(book, case_id, item="b")
        number(book, first)

        def void(unit):
            void_number(unit, document=get_document(unit, first), reason="内容有误")

        book.run(void)

        row = next(row for row in book.all(LetterNumber) if row.document_id == first)
        assert (row.void_reason, row.voided_at is not None) == ("内容有误", True)
        assert number(book, second) == "THHUD函〔2026〕2号"

    def test_needs_a_reason_to_be_voided(self, book):
        document_id = draft(book, book.file())
        number(book, document_id)

        with pytest.raises(InvalidAnswer):
            book.run(
                lambda unit: {
                    "x": void_number(unit, document=get_document(unit, document_id), reason=" ").id
                }
            )


class TestDraft:
    def test_same_words_make_no_new_revision(self, book):
        case_id = book.file()
        first = draft(book, case_id)

        same, other = draft(book, case_id), draft(book, case_id, title="另一份")

        assert first == same == other
        document = next(iter(book.all(Document, id=first)))
        assert (document.revision, document.title) == (2, "另一份")

    def test_numbered_content_is_frozen_with_its_hash(self, book):
        document_id = draft(book, book.file())
        before = next(iter(book.all(Document, id=document_id))).letter_hash
        number(book, document_id)

        document = next(iter(book.all(Document, id=document_id)))
        assert document.letter["number"] == "THHUD函〔2026〕1号"
        assert document.letter["dated_on"] == "2026-09-24"
        assert document.letter_hash != before
        orders = [
            each
            for each in book.effects("letter_pdf")
            if each.payload["letter_hash"] == document.letter_hash
        ]
        assert len(orders) == 1


class TestSeal:
    def test_is_entered_once_with_who_and_when(self, book):
        document_id = draft(book, book.file())
        number(book, document_id)
        clerk = book.person("qianyu")

        def seal(unit):
            organisation = unit.session.get_one(Organisation, book.body("THHUD").id)
            seal_document(unit, document=get_document(unit, document_id), organisation=organisation)

        book.run(seal, actor=clerk)
        book.run(seal, actor=clerk)

        document = next(iter(book.all(Document, id=document_id)))
        assert (document.status, document.sealed_by_id) == ("sealed", clerk.person_id)
        assert document.letter["seal"]["register_number"] == "THHUD用印〔2026〕1号"

    def test_waits_for_the_number(self, book):
        document_id = draft(book, book.file())

        def seal(unit):
            organisation = unit.session.get_one(Organisation, book.body("THHUD").id)
            seal_document(unit, document=get_document(unit, document_id), organisation=organisation)

        with pytest.raises(Conflict):
            book.run(seal)


class TestLetterThatCameBack:
    def test_is_sent_again_another_way(self, book):
        document_id = draft(book, book.file())
        number(book, document_id)

        def send(unit):
            dispatch_document(
                unit,
                book.desk,
                case=unit.get_case(book.case_id),
                document=get_document(unit, document_id),
                method="post",
            )

        def again(unit):
            dispatch_again(
                unit,
                case=unit.get_case(book.case_id),
                document=get_document(unit, document_id),
                method="leaving",
                reason="address_unknown",
            )

        book.run(send)
        book.run(again)

        document = next(iter(book.all(Document, id=document_id)))
        assert (document.status, document.service_method) == ("dispatched", "leaving")
