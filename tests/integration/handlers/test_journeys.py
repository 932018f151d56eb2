"""Whole cases through every real part: what each ending leaves in registers, letters and clocks."""

from __future__ import annotations

from datetime import date

import pytest

from tests.integration.casebook import Casebook
from workflows.errors import InvalidAnswer
from workflows.models import CreditRecord, QualityTicket, RecordQuery, RecordVersion, Sanction
from workflows.services.receive_exchange import receive_exchange


def acknowledge(book: Casebook, *, message_id: str = "m1") -> dict:
    """Let the province acknowledge the last report that it received."""
    report = book.province.received[-1]
    payload = {
        "report_key": report.key,
        "receipt_number": "JL-2026-0001",
        "decided_at": book.now.isoformat(),
    }
    return book.run(
        lambda work: receive_exchange(
            work,
            book.desk,
            source="province",
            message_id=message_id,
            kind="report_acknowledged",
            payload=payload,
        )
    )


def close_corrected(book: Casebook) -> None:
    book.file()
    book.accept()
    book.verify()
    book.find("partly")
    book.correct()
    book.lift_all()
    book.send_outbox()
    acknowledge(book)
    book.reply()


class TestCorrectedCase:
    def test_is_closed_with_every_duty_done(self, any_book):
        close_corrected(any_book)

        case = any_book.case
        assert any_book.incidents() == []
        assert (case.status, case.outcome, case.finding) == ("closed", "corrected", "partly")
        record = next(iter(any_book.all(CreditRecord, number="XY-220500-2026-00011")))
        assert (record.status, record.is_disputed) == ("corrected", False)
        sanctions = any_book.all(Sanction, record_id=record.id)
        assert {each.status for each in sanctions} == {"lifted"}
        assert len(any_book.documents("lifting_receipt")) == len(sanctions) == 2
        assert {each.is_for_subject for each in any_book.documents("lifting_receipt")} == {True}
        assert len(any_book.all(QualityTicket, case_id=case.id)) == 1
        queries = any_book.all(RecordQuery, record_id=record.id)
        assert queries and all(each.told_at for each in queries)

    def test_keeps_every_version_of_the_record(self, book):
        close_corrected(book)

        record = next(iter(book.all(CreditRecord, number="XY-220500-2026-00011")))
        versions = sorted(
            book.all(RecordVersion, record_id=record.id), key=lambda each: each.version
        )
        marks = [each.content.get("mark", "").split(":")[0] for each in versions]
        assert marks == ["", "mark", "correct", "unmark"]
        values = [each.content["items"][0]["value"] for each in versions]
        assert values[1] == values[0] != values[2] == "已付清"
        assert book.case.flags["contested_version"] == 1
        assert record.current_version == 4

    def test_stops_each_clock_on_its_own_evidence(self, book):
        close_corrected(book)

        assert book.clock("reply").status == "stopped"
        assert book.clock("report").entries[-1].evidence == "JL-2026-0001"
        assert book.clock("formal_check").status == "stopped"
        assert book.document("reply").status == "served"
        closing = book.document("closing_letter")
        assert any("JL-2026-0001" in each for each in closing.letter["paragraphs"])

    def test_files_a_closing_report_with_all_letters(self, book):
        close_corrected(book)

        report = book.document("closing_report")
        titles = [line[0] for line in report.letter["tables"][1]["lines"]]
        assert book.document("reply").title in titles
        assert any("核查意见" in title for title in titles)


class TestUpheldCase:
    def test_takes_the_mark_off_and_reports_nothing(self, book):
        book.file()
        book.accept()
        book.verify("right")
        book.find("uphold")
        book.reply()

        record = next(iter(book.all(CreditRecord, number="XY-220500-2026-00011")))
        assert (book.case.status, book.case.outcome) == ("closed", "upheld")
        assert (record.status, record.is_disputed) == ("active", False)
        assert book.effects("province_report") == []
        assert not book.documents("lifting_notice")


class TestNotAccepted:
    def test_says_why_with_remedies_and_stops_the_clock(self, book):
        book.file()
        book.do(
            "task_formal_check",
            formal_outcome="reject",
            rejection_ground="repeated",
            rejection_reason="同一事项已经处理。\n没有新的事实和证据。",
        )
        book.do("task_approve_rejection")
        book.reply()

        letter = book.document("non_acceptance")
        assert book.case.outcome == "not_accepted"
        assert letter.letter["remedies"]["paragraphs"]
        assert book.clock("reply").status == "stopped"
        assert not book.documents("closing_letter")


class TestTransfer:
    def test_sends_the_files_on_and_ends_the_period_here(self, book):
        book.file()
        book.do(
            "task_formal_check",
            formal_outcome="transfer",
            transfer_to=book.body("THPRTC").id,
            transfer_reason="申请事项由该中心处理",
        )

        assert (book.case.status, book.case.outcome) == ("closed", "transferred")
        assert book.document("transfer_letter").status == "dispatched"
        assert book.document("transfer_notice").is_for_subject
        assert book.clock("reply").entries[-1].reason == "transferred"

    def test_goes_to_a_registered_body_only(self, book):
        book.file()

        with pytest.raises(InvalidAnswer):
            book.do(
                "task_formal_check",
                formal_outcome="transfer",
                transfer_to="某省信用办",
                transfer_reason="不属于本单位办理",
            )

        assert book.open_elements() == ["task_formal_check"]
        assert not book.documents("transfer_letter")


class TestWithdrawal:
    def withdraw(self, book: Casebook) -> None:
        from workflows.services.change_case import request_withdrawal

        book.run(lambda work: request_withdrawal(work, book.desk, case_id=book.case_id, content={}))
        book.do("task_confirm_withdrawal")

    def test_closes_without_a_reply_while_nothing_is_found(self, book):
        book.file()
        book.accept()
        self.withdraw(book)

        record = next(iter(book.all(CreditRecord, number="XY-220500-2026-00011")))
        assert (book.case.status, book.case.outcome) == ("closed", "withdrawn")
        assert record.is_disputed is False
        assert book.clock("reply").entries[-1].reason == "withdrawn"
        assert book.document("closing_letter").kind == "closing_letter"

    def test_still_corrects_an_error_that_was_found(self, book):
        book.file()
        book.accept()
        book.do("task_self_check")
        book.do("task_verify", conclusion="wrong_correct", correct_values="拖欠金额：已付清")
        self.withdraw(book)
        book.find("correct")
        book.correct()
        book.lift_all()
        book.send_outbox()
        acknowledge(book)

        record = next(iter(book.all(CreditRecord, number="XY-220500-2026-00011")))
        assert (book.case.status, book.case.outcome) == ("closed", "withdrawn")
        assert record.status == "corrected"
        assert not book.documents("reply", status="served")


class TestBaseRevoked:
    def test_runs_three_working_days_from_the_day_it_takes_effect(self, book):
        from workflows.services.change_case import register_base_change

        book.now = book.now.replace(month=2, day=14)
        book.file()
        book.accept()
        content = {"effective_on": "2026-02-14", "document_number": "（2026）吉05行终1号"}
        book.run(
            lambda work: register_base_change(
                work, book.desk, case_id=book.case_id, content=content
            )
        )

        clock = book.clock("base_revoked")
        assert clock.due_on == date(2026, 2, 26)

        book.do("task_approve_base_change", finding="revoke", published_reason="判决撤销。")

        assert book.case.finding == "revoke"
        assert book.clock("base_revoked").status == "stopped"
        assert book.clock("report").start_on == date(2026, 2, 14)
        assert book.is_open("task_correct_record")


class TestSupplement:
    def test_is_asked_once_and_silence_ends_nothing(self, book):
        book.file()
        book.do(
            "task_formal_check",
            formal_outcome="supplement",
            supplement_list="授权委托书：未加盖公章\n证据目录",
        )
        due_on = book.clock("reply").due_on
        book.go_on("2026-10-20")

        notice = book.document("supplement_notice")
        lines = notice.letter["tables"][0]["lines"]
        assert [line[1] for line in lines] == ["授权委托书", "证据目录"]
        assert book.happened("supplement_silence")[0]["silence"] == "continue"
        assert book.clock("reply").due_on == due_on
        assert book.case.status == "open"


class TestTwoBodies:
    def test_one_verification_and_two_replies(self, book):
        first = book.file()
        book.accept()
        second = book.file(body="JLPLAT")
        book.do("task_formal_check", formal_outcome="duplicate", linked_case=first)
        book.send_outbox("command")
        assert book.open_elements() == []

        book.case_id = first
        book.verify("wrong_correct")
        book.find("correct")
        book.send_outbox("command")

        book.case_id = second
        assert book.case.finding == "correct"
        assert book.is_open("task_draft_letter")
        assert book.effects("province_report") == []
        book.reply()
        assert (book.case.status, book.case.outcome) == ("closed", "corrected")
        record = next(iter(book.all(CreditRecord, number="XY-220500-2026-00011")))
        assert record.is_disputed is True

    def test_a_finding_made_before_the_link_is_shared_when_asked(self, book):
        first = book.file()
        book.accept()
        book.verify("wrong_correct")
        book.find("correct")
        second = book.file(body="JLPLAT")
        book.do("task_formal_check", formal_outcome="duplicate", linked_case=first)

        book.send_outbox("command")
        book.send_outbox("command")

        assert book.case_id == second
        assert book.case.finding == "correct"
