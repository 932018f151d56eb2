"""A complaint is verified first, its reporter sealed and answered (R7, R16, R131, R135, R150)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tests.acceptance.business_day import at
from tests.acceptance.case_file import CaseFile
from tests.acceptance.conftest import Begin
from tests.acceptance.crew import Crew
from tests.acceptance.rectifying import ONE, UNIT, VERIFIER, Rectifiers
from tests.acceptance.subject import PHONE
from workflows.models import CaseParty

REPORTER = "周航"


@pytest.fixture
def team(begin: Begin) -> Rectifiers:
    return Rectifiers(Crew(begin("2026-09-01 09:30")))


def verified(team: Rectifiers, case: CaseFile, **answers: Any) -> CaseFile:
    """Go on to where the chosen body has reported."""
    chosen = [team.crew.office.organisation(VERIFIER)]
    team.crew.do(case, "task_check_complaint", bodies=chosen, verify_by=team.day(14))
    team.crew.do(case, "task_verify_complaint", **answers)
    return case


def answered(team: Rectifiers, case: CaseFile, conclusion: str) -> CaseFile:
    """Go on to the served answer."""
    team.crew.do(case, "task_conclude_complaint", conclusion=conclusion)
    team.crew.do(case, "task_approve_complaint")
    return team.crew.issue(case)


class TestIntake:
    @pytest.mark.parametrize("channel", ["window", "hotline", "transferred"])
    def test_takes_every_channel_and_gives_a_receipt(self, team: Rectifiers, channel: str):
        case = team.complain(channel=channel)

        assert case.number.startswith("TS-")
        assert case.row.flags.get("doubts", []) == []
        assert case.open_tasks == ["task_check_complaint"]
        receipt = case.letter("complaint_receipt")
        assert receipt.addressee == "投诉举报人"
        assert receipt.is_for_subject

    def test_takes_the_portal_without_a_name(self, team: Rectifiers):
        visitor = team.crew.subject
        case = visitor.complain(**team.subject_of(UNIT))

        assert case.number.startswith("TS-")
        assert case.row.channel == "portal"
        assert "收件回执" in visitor.look().said

    def test_notes_a_complaint_about_the_office_itself(self, team: Rectifiers):
        case = team.complain("JLDRC")

        assert case.row.flags["doubts"] == ["about_ourselves"]


class TestReporter:
    def test_stands_sealed_and_apart_from_the_body_reported(self, team: Rectifiers):
        case = team.complain(applicant_name=REPORTER)

        with team.crew.office.reading() as session:
            party = session.scalars(select(CaseParty).where(CaseParty.case_id == case.id)).one()
        assert (party.role, party.subject_id) == ("reporter", None)
        papers = [str(letter.letter) for letter in case.letters()]
        answers = [str(row.content) for row in case.answers("filing_hotline")]
        assert not [text for text in papers + answers if REPORTER in text or PHONE in text]

    def test_is_out_of_sight_for_the_body_reported(self, team: Rectifiers):
        case = verified(team, team.complain(applicant_name=REPORTER))
        answered(team, case, "true")
        team.crew.office.tick()
        rectification = team.following(case)[0]
        team.notify(rectification, **ONE)
        unit = team.crew.holder("department_officer", UNIT)

        unit.get(f"/cases/{case.id}", status=404)
        page = unit.get(f"/cases/{rectification.id}")
        assert REPORTER not in page.said
        assert case.number not in page.said
        for letter in rectification.letters():
            assert REPORTER not in str(letter.letter)
            assert case.number not in str(letter.letter)

    def test_is_unknown_to_the_verifying_body(self, team: Rectifiers):
        case = team.complain(applicant_name=REPORTER)
        chosen = [team.crew.office.organisation(VERIFIER)]
        team.crew.do(case, "task_check_complaint", bodies=chosen, verify_by=team.day(14))
        verifier = team.crew.holder("department_officer", VERIFIER)

        for tab in ("", "/overview", "/documents"):
            said = verifier.get(f"/cases/{case.id}{tab}").said
            assert REPORTER not in said
            assert PHONE not in said


class TestVerification:
    def test_is_never_done_by_the_body_reported(self, team: Rectifiers):
        case = team.complain()
        body = team.crew.office.organisation(UNIT)

        page = team.crew.do_badly(
            case, "task_check_complaint", bodies=[body], verify_by=team.day(14)
        )
        assert "被投诉的单位" in page.said
        page = team.crew.do_badly(
            case,
            "task_check_complaint",
            check_outcome="transfer",
            transfer_to=body,
            transfer_matter="反映拖欠工程款。",
        )
        assert "被投诉的单位" in page.said

    def test_is_reminded_and_supervised(self, team: Rectifiers):
        case = team.complain()
        chosen = [team.crew.office.organisation(VERIFIER)]
        team.crew.do(case, "task_check_complaint", bodies=chosen, verify_by=team.day(14))
        team.crew.office.go_to(at("2026-09-17 10:00"))

        assert case.fired == [
            "complaint_verification@complaint.remind",
            "complaint_verification@overdue",
        ]
        assert case.letter("supervision_letter").addressee_id == chosen[0]

    def test_comes_before_any_conclusion(self, team: Rectifiers):
        case = team.complain()
        team.crew.do(case, "task_check_complaint", check_outcome="not_handled")

        page = team.crew.do_badly(case, "task_conclude_complaint", conclusion="true")

        assert "没有核实报告" in page.said


class TestAnswer:
    def test_explains_what_is_untrue_and_ends_when_nobody_asks_for_a_review(self, team: Rectifiers):
        case = verified(team, team.complain(), verification="untrue")
        answered(team, case, "untrue")

        assert case.letter("complaint_reply").addressee == "投诉举报人"
        assert case.row.status == "open"
        team.crew.office.go_to(at("2026-09-20 10:00"))

        assert (case.end, case.row.outcome) == ("end_untrue", "untrue")
        assert team.following(case) == []

    def test_is_returned_by_the_approver(self, team: Rectifiers):
        case = verified(team, team.complain())
        team.crew.do(case, "task_conclude_complaint", conclusion="settled")
        team.crew.do(
            case,
            "task_approve_complaint",
            complaint_approval="return",
            return_reason="再核实金额。",
        )

        assert case.open_tasks == ["task_check_complaint"]

    def test_says_what_lies_outside(self, team: Rectifiers):
        case = team.complain()
        team.crew.do(case, "task_check_complaint", check_outcome="not_handled")
        answered(team, case, "not_handled")
        team.crew.office.go_to(at("2026-09-20 10:00"))

        assert (case.end, case.row.outcome) == ("end_not_handled", "not_handled")

    def test_tells_that_it_was_passed_on(self, team: Rectifiers):
        case = team.complain()
        target = team.crew.office.organisation("JLFIN")
        team.crew.do(
            case,
            "task_check_complaint",
            check_outcome="transfer",
            transfer_to=target,
            transfer_matter="反映拖欠工程款。",
        )

        assert case.letter("complaint_transfer").addressee_id == target
        assert case.letter("complaint_told").addressee == "投诉举报人"
        assert case.end == "end_transferred"


class TestRectification:
    def test_follows_from_what_is_true_and_its_result_is_told(self, team: Rectifiers):
        crew, case = team.crew, verified(team, team.complain())
        answered(team, case, "true")
        crew.office.tick()
        other = team.following(case)[0]
        assert other.subject.id == case.subject.id
        assert case.letters("complaint_result") == []

        team.put_right(other)

        said = case.letter("complaint_result").letter["paragraphs"]
        assert "办理结果：整改到位，逐项销号。" in said
        crew.office.go_to(at("2026-09-20 10:00"))
        crew.do(case, "task_propose_reward")
        crew.do(case, "task_approve_reward")
        assert (case.end, case.row.outcome) == ("end_true", "confirmed")


class TestReview:
    def asked(self, team: Rectifiers) -> CaseFile:
        case = verified(team, team.complain(), verification="untrue")
        answered(team, case, "untrue")
        team.crew.holder("handler").act_on(case, "review", reason="有新的付款凭证。")
        return case

    def test_is_made_by_another_person_and_upholds(self, team: Rectifiers):
        case = self.asked(team)
        team.crew.do(case, "task_review_complaint")

        assert "维持原答复" in str(case.letter("complaint_review_reply").letter)
        assert case.end == "end_untrue"
        assert case.ledger("complaint_review")[-1][0] == "stopped"

    def test_opens_a_rectification_where_one_is_due(self, team: Rectifiers):
        case = self.asked(team)
        team.crew.do(case, "task_review_complaint", review_outcome="changed")
        team.crew.office.tick()

        assert len(team.following(case)) == 1
