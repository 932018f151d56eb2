"""Reminders send themselves; supervision letters wait for a person and never go everywhere (E)."""

from __future__ import annotations

import pytest

from tests.integration.casebook import Casebook
from workflows.errors import Conflict, NotAllowed
from workflows.models import Organisation
from workflows.services.sign_supervision_letter import (
    may_be_supervised,
    sign_supervision_letter,
)


def to_silence(book: Casebook) -> None:
    book.file()
    book.accept()
    book.do("task_self_check")


class TestReminders:
    def test_go_to_the_holder_once_per_point(self, book):
        to_silence(book)
        fired = book.go_on("2026-10-10")
        again = book.go_on("2026-10-10", 10)

        reminders = book.notices("reminder") + book.notices("overdue") + book.notices("due_today")
        assert fired > 0 and again == 0
        points = [notice.facts["point"] for notice in reminders]
        assert len(points) == len(set(points))

    def test_are_also_mailed_to_those_with_an_address(self, book):
        to_silence(book)
        book.go_on("2026-10-10")
        book.send_outbox("mail")

        kinds = {mail.payload["kind"] for mail in book.postbox.mails}
        assert "verification_requested" in kinds


class TestSupervisionLetter:
    def overdue(self, book: Casebook):
        to_silence(book)
        book.go_on("2026-10-16")
        return book.document("supervision_letter")

    def test_is_a_draft_and_nothing_leaves(self, book):
        letter = self.overdue(book)

        assert (letter.status, letter.number) == ("draft", "")
        assert letter.addressee == "通化市住房和城乡建设局"
        assert book.notices("supervision_drafted")
        mails = [each for each in book.effects("mail") if "supervision" in each.payload["kind"]]
        assert mails == []

    def test_goes_out_numbered_once_a_supervisor_signs(self, book):
        letter = self.overdue(book)
        supervisor = book.person("zhenghong")

        book.run(
            lambda work: sign_supervision_letter(work, book.desk, document_id=letter.id),
            actor=supervisor,
        )

        letter = book.document("supervision_letter")
        assert letter.status == "dispatched"
        assert letter.number == "吉发改信用督〔2026〕1号"
        assert book.notices("supervision_received")
        with pytest.raises(Conflict):
            book.run(
                lambda work: sign_supervision_letter(work, book.desk, document_id=letter.id),
                actor=supervisor,
            )

    def test_is_not_signed_by_another_post(self, book):
        letter = self.overdue(book)

        with pytest.raises(NotAllowed):
            book.run(
                lambda work: sign_supervision_letter(work, book.desk, document_id=letter.id),
                actor=book.person("wangmin"),
            )

    def test_becomes_moot_when_the_department_answers(self, book):
        self.overdue(book)
        book.do("task_verify", conclusion="right")

        letter = book.document("supervision_letter")
        assert letter.status == "moot"
        with pytest.raises(Conflict):
            book.run(
                lambda work: sign_supervision_letter(work, book.desk, document_id=letter.id),
                actor=book.person("zhenghong"),
            )

    def test_is_never_drafted_to_a_discipline_organ(self, book):
        to_silence(book)
        with book.sessions.begin() as session:
            body = session.get_one(Organisation, book.body("THHUD").id)
            body.name = "中共通化市纪律检查委员会"

        book.go_on("2026-10-16")

        assert book.documents("supervision_letter") == []
        assert book.notices("overdue")


class TestNeverSupervised:
    @pytest.mark.parametrize(
        ("name", "kind", "may"),
        [
            ("通化市中级人民法院", "other", False),
            ("吉林省人民检察院", "other", False),
            ("通化市监察委员会", "other", False),
            ("某机关", "discipline", False),
            ("通化市财政局", "recognition", True),
        ],
    )
    def test_are_courts_and_discipline_organs(self, name, kind, may):
        assert may_be_supervised(Organisation(name=name, kind=kind)) is may
