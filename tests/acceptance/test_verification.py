"""The office compares, the departments answer or stay silent, and nothing is decided by silence."""

from __future__ import annotations

import pytest

from tests.acceptance.business_day import at
from tests.acceptance.case_file import CaseFile
from tests.acceptance.conftest import Begin
from tests.acceptance.crew import CORRECT, Crew

OWN_RECORD = "XY-220582-2026-00009"  # made by the platform itself; an enterprise's


@pytest.fixture
def crew(begin: Begin) -> Crew:
    return Crew(begin("2026-09-24 10:00"))


def asked(crew: Crew) -> CaseFile:
    case = crew.accept()
    crew.do(case, "task_self_check")
    return case


class TestSelfCheck:
    def test_that_finds_our_own_error_asks_no_department(self, crew: Crew):
        case = crew.accept(OWN_RECORD)

        crew.do(case, "task_self_check", self_check="own_error", error_kind="matching")

        assert case.open_tasks == ["task_propose_finding"]
        assert case.letters("verification_request") == []

    def test_that_matches_the_source_asks_the_department(self, crew: Crew):
        case = asked(crew)

        assert case.open_tasks == ["task_verify THHUD"]
        assert case.letter("verification_request").number
        assert case.ledger("verification", body="THHUD") == [("started", "2026-09-24")]
        assert str(case.due("verification", body="THHUD")) == "2026-10-13"


class TestDepartment:
    def test_answers_in_the_system(self, crew: Crew):
        case = asked(crew)
        crew.office.go_to(at("2026-09-29 15:00"))

        crew.do(case, "task_verify", conclusion="partly_wrong", **CORRECT)

        assert case.open_tasks == ["task_propose_finding"]
        assert case.ledger("verification", body="THHUD")[-1] == ("stopped", "2026-09-29")
        assert case.answers("verify")[0].content["conclusion"] == "partly_wrong"

    def test_answers_by_stamped_paper_entered_on_its_behalf(self, crew: Crew):
        case = asked(crew)
        crew.office.go_to(at("2026-10-09 15:00"))

        crew.enter_for(
            case,
            "task_verify",
            body="THHUD",
            conclusion="wrong_revoke",
            wrong_items="@items2",
            document_date="2026-10-08",
        )

        opinion = case.letter("verification_opinion")
        assert opinion.direction == "in"
        assert opinion.number == "通函〔2026〕31号"
        assert str(opinion.document_on) == "2026-10-08"
        assert str(opinion.arrived_on) == "2026-10-09"
        assert case.events("task_done")[-1]["on_behalf"] is True
        assert case.ledger("verification", body="THHUD")[-1] == ("stopped", "2026-10-09")

    def test_that_cannot_verify_leaves_the_finding_to_us(self, crew: Crew):
        case = asked(crew)

        crew.do(
            case, "task_verify", conclusion="cannot_verify", cannot_reason="原始凭证已移交审计。"
        )

        assert case.open_tasks == ["task_propose_finding"]


class TestSilentDepartment:
    def test_is_reminded_at_half_and_near_the_end_once_each(self, crew: Crew):
        case = asked(crew)
        crew.office.go_to(at("2026-10-12 17:00"))

        points = [each for each in case.fired if each.startswith("verification")]
        assert points == [
            "verification@obj.verification.remind1",
            "verification@obj.verification.remind2",
        ]
        assert case.notices("reminder") == ["高远", "高远"]
        assert case.letters("supervision_letter") == []

    def test_gets_a_supervision_letter_that_a_supervisor_signs(self, crew: Crew):
        case = asked(crew)
        crew.office.go_to(at("2026-10-14 09:30"))
        draft = case.letter("supervision_letter")
        assert (draft.status, draft.number) == ("draft", "")
        board = crew["zhenghong"].get("/board")
        assert f"/board/letters/{draft.id}" in board.links

        form = crew["zhenghong"].get(f"/board/letters/{draft.id}").form("/sign")
        crew["zhenghong"].send(form)

        signed = case.letter("supervision_letter")
        assert signed.status in ("dispatched", "served")
        assert signed.number.endswith("〔2026〕1号")
        assert case.open_tasks == ["task_verify THHUD"]

    def test_that_answers_late_makes_the_draft_needless(self, crew: Crew):
        case = asked(crew)
        crew.office.go_to(at("2026-10-14 09:30"))

        crew.do(case, "task_verify")

        assert case.letter("supervision_letter").status == "moot"
        assert case.clock("verification", body="THHUD").late_by == 1

    def test_leads_to_a_notice_at_day_13_that_stops_no_clock(self, crew: Crew):
        case = asked(crew)
        crew.office.go_to(at("2026-10-19 17:00"))
        assert case.open_tasks == ["task_verify THHUD"]

        crew.office.go_to(at("2026-10-20 09:30"))
        assert case.open_tasks == ["task_progress_notice", "task_verify THHUD"]
        crew.do(
            case,
            "task_progress_notice",
            display="suspend",
            display_reason="部门逾期未答复，争议事项暂停公示。",
        )

        assert case.letter("progress_notice").number
        assert case.record.is_display_suspended
        assert case.open_tasks == ["task_verify THHUD"]
        # R2, O-1: the notice decides nothing, and the period runs on.
        assert case.ledger("reply") == [("started", "2026-09-24")]
        assert str(case.due("reply")) == "2026-10-22"
        assert case.row.finding == ""

    def test_makes_the_reply_overdue_and_seen(self, crew: Crew):
        case = asked(crew)

        crew.office.go_to(at("2026-10-23 09:30"))

        assert "reply@overdue" in case.fired
        overdue = [each for each in case.letters("supervision_letter") if each.item == "reply"]
        assert [each.status for each in overdue] == ["draft"]
        assert case.row.status == "open"
        assert case.number in crew["zhenghong"].get("/board").said


class TestSeveralDepartments:
    @pytest.fixture
    def case(self, crew: Crew) -> CaseFile:
        case = crew.accept()
        both = [crew.office.organisation(code) for code in ("THHUD", "THFIN")]
        crew.do(case, "task_self_check", ask_departments=both)
        return case

    def test_are_asked_at_the_same_time_each_with_its_own_clock(self, crew: Crew, case: CaseFile):
        assert case.open_tasks == ["task_verify THFIN", "task_verify THHUD"]
        assert len(case.letters("verification_request")) == 2

        crew.office.go_to(at("2026-09-29 10:00"))
        crew.do(case, "task_verify", body="THFIN")

        assert case.open_tasks == ["task_verify THHUD"]
        assert case.clock("verification", body="THFIN").status == "stopped"
        assert case.clock("verification", body="THHUD").status == "running"

    def test_that_contradict_each_other_lead_to_legal_review(self, crew: Crew, case: CaseFile):
        crew.do(case, "task_verify", body="THFIN", conclusion="right")
        crew.do(case, "task_verify", body="THHUD", conclusion="partly_wrong", **CORRECT)
        assert case.events("findings_combined")[-1]["disagree"] is True

        crew.do(case, "task_propose_finding", finding="partly", **CORRECT)
        crew.do(case, "task_review_finding")
        assert case.open_tasks == ["task_legal_review"]
        crew.do(case, "task_legal_review")
        crew.do(case, "task_approve_finding")
        crew.do(case, "task_draft_letter")
        crew.do(case, "task_check_letter")

        assert "task_legal_check_letter" in case.open_tasks

    def test_one_silent_holds_up_only_itself(self, crew: Crew, case: CaseFile):
        crew.do(case, "task_verify", body="THFIN")

        crew.office.go_to(at("2026-10-14 09:30"))

        letters = case.letters("supervision_letter")
        assert [letter.addressee for letter in letters] == ["通化市住房和城乡建设局"]
        assert case.open_tasks == ["task_verify THHUD"]
