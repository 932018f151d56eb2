"""The scenes of practice: dated-back receipts, paper approvals, service and silence (E)."""

from __future__ import annotations

from datetime import date

from tests.integration.casebook import at
from workflows.clock.terms import legal_date
from workflows.services.read_document import read_document
from workflows.services.serve_document import serve_document


class TestNationalDay:
    """Scene 1: a government body around National Day 2026."""

    def file(self, book):
        book.now = at("2026-09-29")
        book.file(
            channel="window",
            received_on=date(2026, 9, 24),
            backdate_reason="收发室先签收",
            backdate_evidence="签收簿",
            content={
                "received_reason": "收发室先签收",
                "statement": "记录与实际情况不符。",
            },
        )

    def test_reply_is_due_from_the_mail_room_and_a_supplement_moves_nothing(self, book):
        self.file(book)
        book.now = at("2026-09-30")
        book.do("task_formal_check", formal_outcome="supplement", supplement_list="授权委托书")
        book.now = at("2026-10-13")
        from workflows.services.change_case import file_supplement

        book.run(lambda work: file_supplement(work, book.desk, case_id=book.case_id, content={}))

        assert book.clock("reply").due_on == date(2026, 10, 22)
        assert book.clock("supplement").stopped_on == date(2026, 10, 13)
        receipt = {row["label"]: row["value"] for row in book.document("receipt").letter["rows"]}
        assert "2026年9月24日" in receipt["收到日期"]
        assert "2026年9月29日" in receipt["登记日期"]

    def test_report_runs_from_the_approval_and_ends_before_the_reply(self, book):
        self.file(book)
        book.now = at("2026-09-30")
        book.accept()
        book.do("task_self_check")
        book.now = at("2026-10-09")
        book.do(
            "task_verify",
            conclusion="wrong_correct",
            correct_values="拖欠金额：已付清",
            answered_by="paper",
            incoming_number="通市住建函〔2026〕31号",
            document_date="2026-10-08",
            arrived_on="2026-10-09",
            incoming_scan=[],
        )
        book.find("correct")

        assert book.clock("report").due_on == date(2026, 10, 15)
        opinion = book.document("verification_opinion")
        assert opinion.number == "通市住建函〔2026〕31号"
        assert (opinion.document_on, opinion.arrived_on) == (date(2026, 10, 8), date(2026, 10, 9))

    def test_notice_of_silence_stops_nothing(self, book):
        self.file(book)
        book.now = at("2026-09-30")
        book.accept()
        book.do("task_self_check")
        book.go_on("2026-10-20")
        book.do("task_progress_notice", display="suspend", display_reason="部门尚未答复")

        assert book.clock("reply").status == "running"
        assert book.document("progress_notice").letter["paragraphs"][-1].startswith("本告知不是")
        assert book.happened("record_suspend")
        assert book.is_open("task_verify")

    def test_posted_reply_counts_from_the_signature(self, book):
        self.file(book)
        book.now = at("2026-09-30")
        book.accept()
        book.verify("right")
        book.find("uphold")
        book.now = at("2026-10-21")
        book.draft_and_sign()
        book.do("task_seal_letter")
        book.do("task_dispatch_letter", service_method="post", dispatched_on="2026-10-21")
        book.now = at("2026-10-26")
        book.do("task_register_service", served_on="2026-10-23")

        reply = book.document("reply")
        clock = book.clock("reply")
        assert legal_date(reply.dispatched_at) == date(2026, 10, 21)
        assert reply.served_on == date(2026, 10, 23)
        assert (clock.stopped_on, clock.late_by) == (date(2026, 10, 23), 1)


class TestSpringFestival:
    """Scene 2: electronic service, opened later; an approval on paper entered later."""

    def test_service_is_arrival_and_opening_is_kept_apart(self, book):
        book.now = at("2026-01-23")
        book.file(consents_to_electronic_service=True)
        book.accept()
        book.verify("right")
        book.find("uphold")
        book.draft_and_sign()
        book.do("task_seal_letter")
        book.now = at("2026-02-13", 18, 30)
        book.do("task_dispatch_letter", service_method="electronic")
        reply = book.document("reply")
        book.now = at("2026-02-24")
        book.run(
            lambda work: {
                "read": read_document(
                    work,
                    document=work.session.get_one(type(reply), reply.id),
                    by_addressee=True,
                ).kind
            }
        )

        reply = book.document("reply")
        assert reply.served_on == date(2026, 2, 13)
        assert legal_date(reply.read_at) == date(2026, 2, 24)
        clock = book.clock("reply")
        assert (clock.due_on, clock.stopped_on, clock.late_by) == (
            date(2026, 2, 13),
            date(2026, 2, 13),
            0,
        )

    def test_paper_approval_counts_from_the_paper_and_keeps_both_dates(self, book):
        book.now = at("2026-01-23")
        book.file()
        book.accept()
        book.verify("wrong_correct")
        book.now = at("2026-02-24")
        book.find(
            "correct",
            approval_medium="paper",
            approved_on="2026-02-13",
            approval_words="同意",
            approval_scan=[],
        )

        fact = book.happened("finding_recorded")[0]
        assert (fact["approved_on"], fact["entered_on"]) == ("2026-02-13", "2026-02-24")
        assert book.clock("report").start_on == date(2026, 2, 13)
        assert legal_date(book.case.finding_approved_at) == date(2026, 2, 13)


class TestServiceByNotice:
    def test_is_complete_only_after_thirty_days(self, book):
        from workflows.errors import InvalidAnswer

        book.file()
        book.accept()
        book.verify("right")
        book.find("uphold")
        book.draft_and_sign()
        book.do("task_seal_letter")
        book.do("task_dispatch_letter", service_method="public_notice")
        book.now = at("2026-10-24")

        try:
            book.do("task_register_service", served_on="2026-10-23")
        except InvalidAnswer as refusal:
            assert refusal.fields == {"served_on": ["check.public_notice_not_over"]}
        else:
            raise AssertionError("service by notice was complete too early")

        book.do("task_register_service", served_on="2026-10-24")
        assert book.document("reply").served_on == date(2026, 10, 24)


class TestRegisteringServiceTwice:
    def test_keeps_the_first(self, book):
        book.file()
        book.accept()
        book.verify("right")
        book.find("uphold")
        book.reply()
        reply = book.document("reply")

        def again(work):
            document = work.session.get_one(type(reply), reply.id)
            case = work.get_case(book.case_id)
            serve_document(
                work,
                book.desk,
                case=case,
                document=document,
                served_on=date(2026, 9, 25),
                evidence="x",
            )

        book.now = at("2026-09-28")
        book.run(again)

        assert book.document("reply").served_on == reply.served_on
