"""What may stand on a letter: signed remedies, confirmed terms, no personal data in its data."""

from __future__ import annotations

import json
from functools import partial

import pytest
from sqlalchemy import delete

from handlers.effects.party_mail import PartyMailChannel
from tests.integration.casebook import SUBJECTS, Casebook, at
from workflows.errors import NotAllowed
from workflows.models import Incident, LetterNumber, RemedySignature, RuleConfirmation
from workflows.services.agree_rules import confirm_rule, sign_remedy
from workflows.services.deliver import retry_incident


def labels(document) -> list[str]:
    return [row["label"] for row in document.letter["rows"]]


def to_the_signature(book: Casebook) -> None:
    book.file()
    book.accept()
    book.verify("right")
    book.find("uphold")
    book.draft_and_sign()


class TestRemedies:
    def test_without_a_signed_row_the_letter_gets_no_number(self, book):
        with book.sessions.begin() as session:
            session.execute(delete(RemedySignature))

        to_the_signature(book)

        assert book.incidents() == [("number_letter", "error.remedy_missing")]
        assert book.document("reply").number == ""
        facts = book.all(Incident, case_id=book.case_id)[0].cause_facts
        assert facts["row"] == "kept.government.platform"

    def test_once_signed_the_letter_is_numbered_on_the_next_try(self, book):
        kept = book.all(RemedySignature)
        with book.sessions.begin() as session:
            session.execute(delete(RemedySignature))
        to_the_signature(book)
        for row in (row for row in kept if row.row_key == "kept.government.platform"):
            book.run(
                partial(sign_remedy, desk=book.desk, row_key=row.row_key, row_hash=row.row_hash),
                actor=book.person("zhaolin"),
            )
        incident = book.all(Incident, case_id=book.case_id)[0]

        book.run(lambda work: retry_incident(work, book.desk, incident_id=incident.id))

        assert book.incidents() == []
        reply = book.document("reply")
        assert reply.number == "吉发改信用函〔2026〕3号"
        assert reply.letter["remedies"]["row"] == "kept.government.platform"

    def test_an_officer_cannot_write_them_away(self, book):
        book.file()
        book.accept()
        book.verify("right")
        book.find("uphold")
        before = book.document("reply").letter["remedies"]

        book.do("task_draft_letter", letter_body="一段话。", letter_title="另一个标题")

        reply = book.document("reply")
        assert reply.letter["remedies"] == before
        assert reply.letter["paragraphs"] == ["一段话。"]
        assert (reply.title, reply.revision) == ("另一个标题", 2)


class TestUnconfirmedTerm:
    def test_stands_on_no_letter_until_the_legal_reviewer_confirms_it(self, book):
        with book.sessions.begin() as session:
            session.execute(delete(RuleConfirmation))
        book.file("S06", "XY-220000-2026-00031")
        unconfirmed = book.document("receipt")
        legal = book.person("zhaolin")
        with book.read() as session:
            rules = book.desk.rules(session, book.office_id)
            rule = rules.get(
                "obj.reply.limit",
                division="220000",
                on=book.case.received_on,
                subject_kind="enterprise",
            )
        book.run(
            lambda work: confirm_rule(
                work,
                book.desk,
                pack_id=rule.pack_id,
                parameter_hash=rule.content_hash,
                against_text="对照本单位服务承诺",
            ),
            actor=legal,
        )
        book.file("S06", "XY-220000-2026-00031")
        confirmed = book.document("receipt")

        assert "答复期限" not in labels(unconfirmed)
        assert "答复期限" in labels(confirmed)
        assert book.clock("reply").status == "running"

    def test_a_confirmed_one_stands_with_its_rank_and_counting(self, book):
        book.file()

        rows = {row["label"]: row["value"] for row in book.document("receipt").letter["rows"]}
        assert "规范性文件" in rows["答复期限"]
        assert rows["期限届满日"] == "2026年10月22日"
        assert "调休" in rows["怎样计算"]


class TestElectronicService:
    def test_without_consent_is_refused_on_the_form(self, book):
        to_the_signature(book)
        book.do("task_seal_letter")

        with pytest.raises(NotAllowed) as refusal:
            book.do("task_dispatch_letter", service_method="electronic")

        assert refusal.value.key == "error.no_consent_to_electronic_service"
        assert book.is_open("task_dispatch_letter")
        assert book.document("reply").status == "sealed"

    def test_with_consent_serves_notices_at_once(self, book):
        book.file(consents_to_electronic_service=True)
        book.accept()

        notice = book.document("acceptance_notice")
        assert (notice.status, notice.service_method) == ("served", "electronic")

    def test_without_consent_leaves_notices_to_the_window(self, book):
        book.file()
        book.accept()

        assert book.document("acceptance_notice").status == "numbered"
        assert book.notices("task_assigned")


class TestSealing:
    def test_takes_the_number_of_the_bodys_own_system(self, book):
        to_the_signature(book)
        ours = book.document("reply").number

        book.do("task_seal_letter", own_number="吉发改办函〔2026〕77号")

        reply = book.document("reply")
        assert reply.number == reply.letter["number"] == "吉发改办函〔2026〕77号"
        rows = book.all(LetterNumber, text=ours)
        assert rows[0].voided_at is not None
        assert reply.letter["seal"]["register_number"].endswith("〔2026〕1号")


class TestPersonalData:
    """P01 is a civil servant; the full name and the query code are drawn, never kept in data."""

    def test_is_put_in_only_when_the_letter_is_drawn(self, book):
        book.now = at("2026-09-24")
        book.file("P01", "XY-220500-2026-00020")
        full_name = SUBJECTS["P01"]["name"]
        receipt = book.document("receipt")
        effect = next(
            each for each in book.effects("letter_pdf") if each.payload["document_id"] == receipt.id
        )

        drawn = json.dumps(book.drawing_desk().read(effect), ensure_ascii=False)

        kept = json.dumps(receipt.letter, ensure_ascii=False)
        assert full_name not in kept and book.query_code not in kept
        assert full_name in drawn and book.query_code in drawn

    def test_mail_addresses_stay_in_the_vault_until_sending(self, book):
        book.file()
        book.send_outbox("mail")
        kept = [row.payload for row in book.effects("mail")]
        told = [mail for mail in book.postbox.mails if mail.payload["kind"] == "filing_received"]

        channel = PartyMailChannel(inner=book.postbox, sessions=book.sessions, desk=book.desk)
        channel.send(told[0])

        assert "zhouhang" not in json.dumps(kept)
        assert book.postbox.mails[-1].payload["to"] == "zhouhang@example.invalid"

    def test_an_old_order_to_draw_draws_nothing(self, book):
        to_the_signature(book)
        reply = book.document("reply")
        order = next(
            each for each in book.effects("letter_pdf") if each.payload["document_id"] == reply.id
        )
        book.do("task_seal_letter")

        assert book.drawing_desk().read(order) is None

    def test_a_drawn_letter_is_attached_once(self, book):
        book.file()
        receipt = book.document("receipt")
        order = book.effects("letter_pdf")[0]
        desk = book.drawing_desk()

        first = desk.attach(order, b"%PDF-1.4")
        second = desk.attach(order, b"%PDF-1.4")

        assert first == second == book.document("receipt").pdf_id
        assert receipt.letter_hash == book.document("receipt").letter_hash
