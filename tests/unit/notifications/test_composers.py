"""Composers say what the rules allow: confirmed terms only, reasons, and nothing deemed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest

from notifications.letters.compose.closing_letter import (
    Corrected,
    GivenUp,
    Upheld,
    Withdrawn,
    compose_closing_letter,
)
from notifications.letters.compose.correction_statement import compose_correction_statement
from notifications.letters.compose.counting import counting_words
from notifications.letters.compose.facts import numbered, printable_term
from notifications.letters.compose.non_acceptance import compose_non_acceptance
from notifications.letters.compose.progress_notice import compose_progress_notice
from notifications.letters.compose.receipt import ReceiptClock, compose_receipt
from notifications.letters.compose.reminder import compose_reminder
from notifications.letters.compose.reply import ReplyItem, compose_reply
from notifications.letters.compose.service import compose_proof_of_service
from notifications.letters.compose.supervision_letter import compose_supervision_letter
from notifications.letters.compose.supplement_notice import compose_supplement_notice
from notifications.letters.letter import revise
from tests.unit.notifications.samples import CASE, OFFICE, REPLY_TERM, reply, signed_remedies
from workflows.clock.calendar import load_shipped_calendar
from workflows.clock.explain import explain
from workflows.clock.ledger import Entry, EntryKind
from workflows.clock.terms import Term, Unit
from workflows.errors import InvalidAnswer, NotAllowed, RuleMissing

PERSON = replace(CASE, subject="王建国", subject_kind="natural_person")


@dataclass(frozen=True)
class FakeParameter:
    confirmed: bool
    key: str = "obj.reply.limit"
    value: int = 15
    unit: str = "WD"
    label: str = "document"
    document: str = "吉政办发〔2017〕75号"
    clause: str = "二（十）"


class TestPrintableTerm:
    def test_gives_the_words_of_a_confirmed_parameter(self):
        assert printable_term(FakeParameter(confirmed=True)) == REPLY_TERM

    def test_refuses_an_unconfirmed_parameter(self):
        with pytest.raises(RuleMissing) as caught:
            printable_term(FakeParameter(confirmed=False))

        assert caught.value.facts["parameter"] == "obj.reply.limit"


class TestReceipt:
    def compose(self, **changes):
        facts = {
            "office": OFFICE,
            "case": CASE,
            "query_code": "7K3M-Q9TD-28XA",
            "channel": "网上提交",
            "materials": ["异议申请书"],
            "issued_on": date(2026, 9, 24),
            "clock": None,
        }
        return compose_receipt(**{**facts, **changes})

    def labels(self, letter):
        return [row.label for row in letter.rows]

    def test_names_no_term_while_it_is_unconfirmed(self):
        assert not {"答复期限", "期限届满日"} & set(self.labels(self.compose()))

    def test_marks_a_provisional_date_and_the_missing_year(self):
        clock = ReceiptClock(
            term=REPLY_TERM, due_on=date(2027, 1, 4), counting="…", missing_years=(2027,)
        )

        rows = {row.label: row.value for row in self.compose(clock=clock).rows}

        assert rows["期限届满日"].startswith("2027年1月4日（暂定：2027年")

    def test_shows_the_evidence_of_a_receipt_dated_back(self):
        letter = self.compose(
            registered_on=date(2026, 9, 29), backdating_evidence="收发室签收登记第1187号"
        )

        rows = {row.label: row.value for row in letter.rows}
        assert "收发室签收登记第1187号" in rows["登记日期"]

    def test_has_no_row_of_registration_on_the_same_day(self):
        assert "登记日期" not in self.labels(self.compose(registered_on=CASE.received_on))


class TestCountingWords:
    def words(self, received_on: date) -> str:
        entry = Entry(kind=EntryKind.STARTED, at=datetime(2026, 1, 1, tzinfo=UTC), on=received_on)
        explained = explain(
            entries=[entry],
            term=Term(amount=15, unit=Unit.WORKING_DAYS),
            calendar=load_shipped_calendar(),
        )
        return counting_words(explained.lines)

    def test_tells_the_national_day_scene_as_it_was_counted(self):
        words = self.words(date(2026, 9, 24))

        assert words.startswith("收到当日不计入，自9月28日起计算；周末不计入；")
        assert "10月10日为调休上班日，计入" in words
        assert "（10月1日至10月7日）不计入" in words
        assert "（9月25日至9月27日）不计入" in words
        assert words.endswith("第15个工作日为2026年10月22日。")

    def test_tells_the_dragon_boat_scene_as_it_was_counted(self):
        assert self.words(date(2026, 6, 22)).endswith("第15个工作日为2026年7月13日。")


class TestSupplementNotice:
    def test_refuses_an_empty_list(self):
        with pytest.raises(InvalidAnswer):
            compose_supplement_notice(
                office=OFFICE, case=CASE, items=[], term=None, clock_goes_on=True
            )


class TestNonAcceptance:
    def test_refuses_without_a_reason(self):
        with pytest.raises(InvalidAnswer):
            compose_non_acceptance(
                office=OFFICE,
                case=CASE,
                reasons=[],
                remedies=signed_remedies(decision="not_accepted"),
            )


class TestReply:
    def test_prints_the_signed_remedies_and_nothing_typed_in_their_place(self):
        letter = revise(letter=reply(), paragraphs=("改过的正文。",))

        assert letter.remedies == signed_remedies(decision="partly")
        assert letter.draft == 2

    def test_promises_lifting_only_where_something_was_wrong(self):
        upheld = compose_reply(
            office=OFFICE,
            case=CASE,
            items=[ReplyItem("uphold", CASE.record, "经核对")],
            remedies=signed_remedies(decision="uphold"),
        )

        assert "应当予以解除" not in "".join(upheld.paragraphs)
        assert "应当予以解除" in "".join(reply().paragraphs)

    def test_refuses_a_finding_outside_the_glossary(self):
        with pytest.raises(InvalidAnswer):
            compose_reply(
                office=OFFICE,
                case=CASE,
                items=[ReplyItem("rejected", CASE.record, "")],
                remedies=signed_remedies(decision="uphold"),
            )

    def test_addresses_a_person_as_a_person(self):
        letter = compose_reply(
            office=OFFICE,
            case=PERSON,
            items=[ReplyItem("uphold", CASE.record, "经核对")],
            remedies=signed_remedies(decision="uphold", subject_kind="natural_person"),
        )

        assert letter.paragraphs[0].startswith("您于")


class TestProgressNotice:
    def test_says_that_silence_decides_nothing_and_stops_no_clock(self):
        letter = compose_progress_notice(
            office=OFFICE, case=CASE, silent_departments=["甲局", "乙局"], suspended_on=None
        )

        text = "".join(letter.paragraphs)
        assert "甲局、乙局" in text
        assert "不停止也不延长书面答复的期限" in text
        assert "暂停展示" not in text


class TestReminder:
    @pytest.mark.parametrize(
        ("left", "words"),
        [(2, "还剩2个工作日"), (0, "今天（2026年10月14日）届满"), (-3, "逾期3个工作日")],
    )
    def test_says_how_many_days_are_left_or_late(self, left, words):
        letter = compose_reminder(
            office=OFFICE,
            case=CASE,
            department="甲局",
            matter="核查",
            due_on=date(2026, 10, 14),
            working_days_left=left,
            issued_on=date(2026, 10, 12),
        )

        assert words in letter.paragraphs[0]


class TestSupervisionLetter:
    def test_needs_a_joint_conference_office_to_write_in_whose_name(self):
        with pytest.raises(RuleMissing):
            compose_supervision_letter(
                office=replace(OFFICE, joint_conference_office=""),
                case=CASE,
                department="甲局",
                matter="核查",
                due_on=date(2026, 10, 14),
                asked_on=date(2026, 10, 15),
                late_by=1,
            )

    def test_invents_no_deadline_of_its_own(self):
        letter = compose_supervision_letter(
            office=OFFICE,
            case=CASE,
            department="甲局",
            matter="核查",
            due_on=date(2026, 10, 14),
            asked_on=date(2026, 10, 15),
            late_by=1,
        )

        assert "立即办理" in "".join(letter.paragraphs)


class TestCorrectionStatement:
    def compose(self, **changes):
        facts = {
            "office": OFFICE,
            "case": PERSON,
            "channels": ["信用吉林网站"],
            "finding": "correct",
            "corrected_on": date(2026, 10, 12),
        }
        return compose_correction_statement(**{**facts, **changes})

    def test_publishes_nothing_on_a_person_without_a_cited_law(self):
        with pytest.raises(NotAllowed):
            self.compose()

    def test_may_be_sent_to_a_body_that_queried_the_record(self):
        assert self.compose(addressee="通化市政务服务中心").addressee == "通化市政务服务中心"


class TestClosingLetter:
    def compose(self, ending):
        return compose_closing_letter(office=OFFICE, case=CASE, ending=ending)

    def test_carries_remedies_only_when_the_objection_was_deemed_given_up(self):
        remedies = signed_remedies(decision="given_up")

        given_up = self.compose(GivenUp(provision="某条例第十条", remedies=remedies))
        upheld = self.compose(Upheld(reply_number="甲〔2026〕1号"))

        assert given_up.remedies == remedies
        assert upheld.remedies is None

    def test_deems_nothing_given_up_without_a_provision(self):
        with pytest.raises(RuleMissing):
            self.compose(GivenUp(provision="", remedies=signed_remedies(decision="given_up")))

    def test_says_that_an_error_found_is_corrected_in_spite_of_the_withdrawal(self):
        letter = self.compose(Withdrawn(withdrawn_on=date(2026, 10, 9), finding="correct"))

        assert "不因撤回而停止" in "".join(letter.paragraphs)

    def test_lists_the_lifting_receipts_as_attachments(self):
        letter = self.compose(
            Corrected(
                finding="correct",
                changed_on=date(2026, 10, 12),
                platform_receipt="SJPT-1",
                lifting_receipts=["甲局回执"],
            )
        )

        assert letter.attachments == ("甲局回执",)


class TestProofOfService:
    def test_refuses_a_way_of_service_that_the_law_does_not_know(self):
        with pytest.raises(InvalidAnswer):
            compose_proof_of_service(
                office=OFFICE,
                case=CASE,
                document="答复书",
                method="pigeon",
                dispatched_on=date(2026, 10, 21),
                place="",
                server="",
            )


class TestNumbered:
    def test_counts_in_chinese_and_leaves_one_alone_without_a_number(self):
        assert numbered(["甲"]) == ("甲",)
        assert numbered(["甲"] * 12)[9:] == ("十、甲", "十一、甲", "十二、甲")
