"""What the window finds when it examines an objection, and where each finding leads (C1, 2-3)."""

from __future__ import annotations

import pytest

from tests.acceptance.business_day import at
from tests.acceptance.conftest import Begin
from tests.acceptance.crew import RECORD, Answers, Crew

ASKED = "一、加盖公章的付款凭证\n二、经办人授权委托书"
SUPPLEMENT: Answers = {"formal_outcome": "supplement", "supplement_list": ASKED}
FIRST: Answers = {
    "record_exists": "unclear",
    "record_id": None,
    "contested_items": None,
    "formal_outcome": "supplement_first",
    "supplement_list": "一、记录编号或公示页面截图",
}
REJECT: Answers = {
    "formal_outcome": "reject",
    "applicant_is_subject": "no",
    "rejection_ground": "not_subject",
    "rejection_reason": "申请人不是该条信用记录的主体，也未提交主体的委托。",
}


class TestAcceptance:
    def test_marks_the_record_and_tells_the_subject(self, begin: Begin):
        crew = Crew(begin("2026-09-24 10:00"))

        case = crew.accept()

        assert case.record.is_disputed
        assert case.open_tasks == ["task_self_check"]
        assert case.letter("acceptance_notice").status == "numbered"
        assert case.clock("formal_check").status == "stopped"
        # R2: the fifteen days run from receipt, and acceptance starts nothing anew.
        assert case.ledger("reply") == [("started", "2026-09-24")]


class TestSupplement:
    def test_is_awaited_while_verification_goes_on(self, begin: Begin):
        office = begin("2026-09-24 10:00")
        crew = Crew(office)
        case = crew.register()
        crew.do(case, "task_formal_check", **SUPPLEMENT)
        assert case.open_tasks == ["task_self_check"]

        office.go_to(at("2026-09-29 11:00"))
        crew.do(case, "task_self_check")
        crew["qianyu"].act_on(
            case, "supplement", supplied_items=[ASKED.splitlines()[0]], materials="@file"
        )

        assert case.open_tasks == ["task_review_supplement", "task_verify THHUD"]
        crew.do(case, "task_review_supplement")
        crew.do(case, "task_verify")
        assert case.open_tasks == ["task_propose_finding"]
        assert case.ledger("reply") == [("started", "2026-09-24")]
        assert str(case.due("reply")) == "2026-10-22"
        assert case.clock("supplement").status == "stopped"

    def test_silence_ends_nothing(self, begin: Begin):
        office = begin("2026-09-24 10:00")
        crew = Crew(office)
        case = crew.register()
        crew.do(case, "task_formal_check", **SUPPLEMENT)
        crew.do(case, "task_self_check")
        crew.do(case, "task_verify")
        assert case.open_tasks == []
        assert str(case.due("supplement")) == "2026-10-15"

        office.go_to(at("2026-10-15 17:00"))
        waiting = case.open_tasks
        office.go_to(at("2026-10-16 09:30"))

        assert waiting == []
        assert case.open_tasks == ["task_propose_finding"]
        assert case.row.status == "open"
        assert str(case.due("reply")) == "2026-10-22"

    def test_is_awaited_first_where_nobody_knows_the_record(self, begin: Begin):
        office = begin("2026-09-24 10:00")
        crew = Crew(office)
        case = crew.register("XY-220500-2026-09999")
        crew.do(case, "task_formal_check", **FIRST)
        assert case.open_tasks == []
        assert case.row.record_id is None

        office.go_to(at("2026-09-30 11:00"))
        crew["qianyu"].act_on(
            case, "supplement", supplied_items=["一、记录编号或公示页面截图"], materials="@file"
        )
        refused = crew.do(case, "task_formal_check", **FIRST, status=422)
        crew.do(case, "task_formal_check", record_id=office.record(RECORD), contested_items=None)

        assert "补正" in refused.said
        assert case.record.number == RECORD
        assert case.open_tasks == ["task_self_check"]
        assert str(case.due("reply")) == "2026-10-22"

    def test_first_and_silent_comes_back_to_the_window(self, begin: Begin):
        office = begin("2026-09-24 10:00")
        crew = Crew(office)
        case = crew.register("XY-220500-2026-09999")
        crew.do(case, "task_formal_check", **FIRST)

        office.go_to(at("2026-10-16 09:30"))

        assert case.open_tasks == ["task_formal_check"]
        assert case.row.status == "open"


class TestTransfer:
    def test_sends_the_files_on_and_tells_the_subject(self, begin: Begin):
        office = begin("2026-09-24 10:00")
        crew = Crew(office)
        case = crew.register()

        crew.do(
            case,
            "task_formal_check",
            regime="other",
            formal_outcome="transfer",
            transfer_to=office.organisation("THPRTC"),
            transfer_reason="申请事项属公共资源交易行政监督，不属于信用记录异议。",
        )

        assert case.end == "end_transferred"
        assert case.row.outcome == "transferred"
        assert case.clock("reply").status == "stopped"
        assert case.letter("transfer_letter").number
        assert case.letter("transfer_notice").number
        assert not case.record.is_disputed

    def test_of_credit_reporting_names_its_law(self, begin: Begin):
        """N22: the notice of the transfer says so too."""
        office = begin("2026-09-24 10:00")
        crew = Crew(office)
        case = crew.register()

        crew.do(
            case,
            "task_formal_check",
            regime="financial",
            formal_outcome="transfer",
            transfer_to=office.organisation("THPRTC"),
            transfer_reason="所涉信息是银行报送的信贷信息。",
        )

        said = "".join(case.letter("transfer_notice").letter["paragraphs"])
        assert "《征信业管理条例》" in said

    @pytest.mark.parametrize("competent", ["JLPLAT", "THHUD"])
    def test_to_another_competent_body_is_refused(self, begin: Begin, competent):
        office = begin("2026-09-24 10:00")
        crew = Crew(office)
        case = crew.register()

        page = crew.do(
            case,
            "task_formal_check",
            formal_outcome="transfer",
            transfer_to=office.organisation(competent),
            transfer_reason="认定部门也可以受理。",
            status=422,
        )

        # R1: department and platform are both competent, so "the other one" is never a ground.
        [kept] = [each for each in page.actions if each == page.path]
        assert page.form_to(kept).values["transfer_reason"] == ["认定部门也可以受理。"]
        assert case.open_tasks == ["task_formal_check"]


class TestRejection:
    def test_needs_a_second_person_and_says_the_remedies(self, begin: Begin):
        office = begin("2026-09-24 10:00")
        crew = Crew(office)
        case = crew.register()
        crew.do(case, "task_formal_check", **REJECT)
        assert case.open_tasks == ["task_approve_rejection"]

        crew.do(case, "task_approve_rejection")
        crew.issue(case)

        assert case.end == "end_not_accepted"
        letter = case.letter("non_acceptance")
        assert letter.status == "served"
        assert letter.letter["remedies"]["paragraphs"]
        assert case.clock("reply").status == "stopped"
        assert case.letters("reply") == []

    def test_says_that_credit_reporting_has_another_law_and_where_to_go(self, begin: Begin):
        """N22: what banks report is no public credit information; it is redirected."""
        crew = Crew(begin("2026-09-24 10:00"))
        case = crew.register()
        crew.do_badly(case, "task_formal_check", regime="financial")
        assert case.open_tasks == ["task_formal_check"]
        crew.do(
            case,
            "task_formal_check",
            **{**REJECT, "regime": "financial", "rejection_ground": "not_public_credit"},
        )
        crew.do(case, "task_approve_rejection")

        said = "".join(case.letter("non_acceptance").letter["paragraphs"])
        assert "《征信业管理条例》" in said
        assert "中国人民银行" in said

    def test_sent_back_is_examined_anew(self, begin: Begin):
        office = begin("2026-09-24 10:00")
        crew = Crew(office)
        case = crew.register()
        crew.do(case, "task_formal_check", **REJECT)

        crew.do(
            case,
            "task_approve_rejection",
            rejection_outcome="return",
            return_reason="主体已出具授权，请重新审查。",
        )
        crew.do(case, "task_formal_check")

        assert case.open_tasks == ["task_self_check"]
