"""Whoever reported what is true may be rewarded, and stays sealed from the body reported (R150)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.acceptance.business_day import at
from tests.acceptance.case_file import CaseFile
from tests.acceptance.conftest import Begin
from tests.acceptance.crew import HOLDERS, Crew
from tests.acceptance.rectifying import UNIT, VERIFIER, Rectifiers
from tests.acceptance.subject import PHONE
from workflows.models import Login, Task
from workflows.storage.databases import open_database

REPORTER = "周航"
SCHEME, REWARD = "通化市失信行为有奖举报办法", "奖金八百元"


@pytest.fixture
def team(begin: Begin) -> Rectifiers:
    return Rectifiers(Crew(begin("2026-09-01 09:30")))


def found_true(team: Rectifiers, case: CaseFile, conclusion: str = "settled") -> CaseFile:
    """Go on to the served answer, and past the time for a review."""
    crew = team.crew
    chosen = [crew.office.organisation(VERIFIER)]
    crew.do(case, "task_check_complaint", bodies=chosen, verify_by=team.day(14))
    verification = "untrue" if conclusion == "untrue" else "true"
    crew.do(case, "task_verify_complaint", verification=verification)
    crew.do(case, "task_conclude_complaint", conclusion=conclusion)
    crew.do(case, "task_approve_complaint")
    return crew.issue(case)


def unreviewed(team: Rectifiers, case: CaseFile) -> CaseFile:
    """Let the time for a review go by."""
    team.crew.office.go_to(at("2026-09-20 10:00"))
    return case


def proposed(team: Rectifiers, case: CaseFile, **answers: Any) -> CaseFile:
    """Propose a reward under the local scheme."""
    grant = {
        "reward": "grant",
        "scheme_title": SCHEME,
        "scheme_number": "通市信用办〔2025〕6号",
        "reward_given": REWARD,
        "collect_at": "到窗口领取，工作日均可。",
        "collect_by": team.day(30),
        "reward_reason": "举报的问题查证属实，符合办法第五条。",
    }
    team.crew.do(case, "task_propose_reward", **{**grant, **answers})
    return case


def granted(team: Rectifiers, case: CaseFile) -> CaseFile:
    """Go on to where the reward waits to be collected."""
    proposed(team, unreviewed(team, found_true(team, case)))
    team.crew.do(case, "task_approve_reward")
    return case


class TestDecision:
    def test_is_due_for_what_was_found_true_and_may_be_none(self, team: Rectifiers):
        case = unreviewed(team, found_true(team, team.complain()))
        assert case.open_tasks == ["task_propose_reward"]
        # The time for a review was the reporter's; nobody was late.
        assert case.ledger("complaint_review")[-1] == ("stopped", "2026-09-15")

        team.crew.do(case, "task_propose_reward")
        assert case.end == ""
        team.crew.do(case, "task_approve_reward")

        assert case.letters("reward_notice") == []
        assert (case.end, case.row.outcome) == ("end_true", "confirmed")

    def test_is_not_spoken_of_where_it_was_untrue(self, team: Rectifiers):
        case = unreviewed(team, found_true(team, team.complain(), "untrue"))

        assert case.end == "end_untrue"
        assert case.tasks("task_propose_reward") == []

    def test_is_due_for_what_a_review_found_true(self, team: Rectifiers):
        case = found_true(team, team.complain(), "untrue")
        team.crew.holder("handler").act_on(case, "review", reason="有新的付款凭证。")
        team.crew.do(case, "task_review_complaint", review_outcome="changed")

        assert case.open_tasks == ["task_propose_reward"]
        team.crew.do(case, "task_propose_reward")
        team.crew.do(case, "task_approve_reward")
        assert (case.end, case.row.outcome) == ("end_true", "confirmed")

    def test_is_returned_by_the_approver(self, team: Rectifiers):
        case = proposed(team, unreviewed(team, found_true(team, team.complain())))
        team.crew.do(
            case, "task_approve_reward", reward_approval="return", return_reason="核对办法条款。"
        )

        assert case.open_tasks == ["task_propose_reward"]
        assert case.letters("reward_notice") == []

    def test_needs_the_scheme_and_a_day_that_lies_ahead(self, team: Rectifiers):
        case = unreviewed(team, found_true(team, team.complain()))
        grant = {
            "reward": "grant",
            "reward_given": REWARD,
            "collect_at": "到窗口领取。",
            "reward_reason": "查证属实。",
        }

        page = team.crew.do_badly(case, "task_propose_reward", **grant, collect_by=team.day(9))
        assert "奖励办法名称" in page.said
        named = {**grant, "scheme_title": SCHEME, "scheme_number": "6号"}
        page = team.crew.do_badly(case, "task_propose_reward", **named, collect_by=team.day(0))
        assert "日期要晚于起算日" in page.said
        assert case.open_tasks == ["task_propose_reward"]

    def test_is_not_agreed_to_once_its_day_has_gone_by(self, team: Rectifiers):
        case = unreviewed(team, found_true(team, team.complain()))
        proposed(team, case, collect_by=team.day(3))
        team.crew.office.go_to(at("2026-09-24 10:00"))

        page = team.crew.do_badly(case, "task_approve_reward")
        assert "领取的最后一日已过" in page.said

    def test_is_never_agreed_to_by_who_proposed_it(self, team: Rectifiers):
        case = proposed(team, unreviewed(team, found_true(team, team.complain())))
        approver = Login.username == HOLDERS["JLDRC", "approver"]
        with Session(open_database(team.crew.office.database_url)) as session:
            person = session.scalars(select(Login.person_id).where(approver)).one()
            session.execute(
                update(Task)
                .where(Task.case_id == case.id, Task.element == "task_propose_reward")
                .values(done_by_id=person)
            )
            session.commit()

        task = case.task("task_approve_reward")
        page = team.crew.holder("approver").get(f"/tasks/{task.id}")
        assert "不能是同一人" in page.said


class TestCollection:
    def test_is_told_by_letter_and_done_with_the_query_code(self, team: Rectifiers):
        visitor = team.crew.subject
        case = granted(team, visitor.complain(**team.subject_of(UNIT)))

        letter = case.letter("reward_notice")
        text = str(letter.letter)
        assert (letter.addressee, letter.is_for_subject) == ("投诉举报人", True)
        assert f"《{SCHEME}》" in text
        assert REWARD in text
        assert "2026年10月20日" in text
        assert "查询码" in text
        # A telephone number is all that the reporter left.
        assert "举报奖励通知书" in team.crew.subject.enter(case.code).said

        team.crew.do(case, "task_record_collection")
        assert case.ledger("complaint_reward")[-1][0] == "stopped"
        assert case.end == "end_true"

    def test_arrives_electronically_where_that_was_agreed(self, team: Rectifiers):
        case = granted(
            team, team.complain(service_preference="electronic", electronic_consent=True)
        )

        assert case.letter("reward_notice").status == "served"

    def test_is_reminded_of_and_never_lapses_by_itself(self, team: Rectifiers):
        case = granted(team, team.complain())
        team.crew.office.go_to(at("2026-11-30 10:00"))

        assert case.fired[-2:] == [
            "complaint_reward@complaint.reward.remind",
            "complaint_reward@overdue",
        ]
        assert case.open_tasks == ["task_record_collection"]
        assert case.letters("supervision_letter") == []
        team.crew.do(case, "task_record_collection")
        assert case.answers("record_collection")[-1].content["reward_collection"] == "collected"
        assert case.end == "end_true"

    def test_is_missed_only_after_its_day_and_by_who_was_told(self, team: Rectifiers):
        case = granted(team, team.complain())
        missed = {
            "reward_collection": "not_collected",
            "told_on": "@today",
            "told_how": "phone",
            "lapse_effect": "kept",
        }
        page = team.crew.do_badly(case, "task_record_collection", **missed)
        assert "还没有过完" in page.said

        told_on = team.day(0)
        team.crew.office.go_to(at("2026-10-20 23:30"))
        page = team.crew.do_badly(case, "task_record_collection", **{**missed, "told_on": told_on})
        assert "还没有过完" in page.said
        team.crew.office.go_to(at("2026-10-21 10:00"))
        page = team.crew.do_badly(case, "task_record_collection", **missed)
        assert "最后一日之前没有告知" in page.said
        served = {**missed, "told_on": told_on, "told_how": "letter"}
        page = team.crew.do_badly(case, "task_record_collection", **served)
        assert "通知书还没有送达" in page.said

        team.crew.do(case, "task_record_collection", **{**missed, "told_on": told_on})
        assert case.end == "end_true"
        kept = case.answers("record_collection")[-1].content
        assert (kept["reward_collection"], kept["lapse_effect"]) == ("not_collected", "kept")


class TestSecrecy:
    def test_keeps_the_reward_from_the_body_reported(self, team: Rectifiers):
        crew, case = team.crew, found_true(team, team.complain(applicant_name=REPORTER), "true")
        crew.office.tick()
        other = team.following(case)[0]
        team.put_right(other)
        proposed(team, unreviewed(team, case))
        crew.do(case, "task_approve_reward")
        letter = case.letter("reward_notice")
        crew.do(case, "task_record_collection")
        unit = crew.holder("department_officer", UNIT)

        for path in (f"/cases/{case.id}", f"/cases/{case.id}/documents"):
            unit.get(path, status=404)
        unit.get(f"/documents/{letter.id}", status=404)
        assert unit.client.get(f"/documents/{letter.id}/pdf").status_code == 404
        tabs = [f"/cases/{other.id}{tab}" for tab in ("", "/overview", "/documents", "/timeline")]
        for path in [*tabs, "/inbox", "/inbox?view=done"]:
            said = unit.get(path).said
            for secret in ("奖励", REPORTER, PHONE, case.number, SCHEME):
                assert secret not in said, (path, secret)
        for paper in [*other.letters(), *case.letters("complaint_forward")]:
            assert "奖励" not in str(paper.letter)

    def test_names_the_reporter_on_no_paper_and_to_no_verifying_body(self, team: Rectifiers):
        case = granted(team, team.complain(applicant_name=REPORTER))
        team.crew.do(case, "task_record_collection")

        papers = [str(letter.letter) for letter in case.letters()]
        forms = ("propose_reward", "approve_reward", "record_collection")
        answers = [str(row.content) for form in forms for row in case.answers(form)]
        assert not [text for text in papers + answers if REPORTER in text or PHONE in text]
        verifier = team.crew.holder("department_officer", VERIFIER)
        for tab in ("", "/overview", "/documents", "/timeline"):
            said = verifier.get(f"/cases/{case.id}{tab}").said
            assert REPORTER not in said
            assert PHONE not in said
