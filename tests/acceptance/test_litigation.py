"""A reconsideration or suit is kept apart from the case it is about, to its result (R10, N24)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.acceptance.business_day import at
from tests.acceptance.case_file import CaseFile
from tests.acceptance.conftest import Begin
from tests.acceptance.crew import RECORD, Crew
from tests.acceptance.rectifying import Rectifiers
from workflows.models import Case

# Whose the record is.
SUBJECT = {
    "subject_kind": "government_body",
    "subject_name": "通化市柳林开发区管理委员会",
    "subject_code": "11220500MB81744944",
}
LOST = {"suit_result": "revoked", "document_number": "（2026）吉05行初12号"}


@pytest.fixture
def team(begin: Begin) -> Rectifiers:
    return Rectifiers(Crew(begin("2026-09-01 10:00")))


def sue(team: Rectifiers, **answers: Any) -> CaseFile:
    said = {
        "channel": "court",
        "received_on": "@today",
        "application_scan": "@file",
        "proceeding": "lawsuit",
        "proceeding_body": "通化市中级人民法院",
        "proceeding_number": "（2026）吉05行初12号",
        "record_reference": RECORD,
        "statement": "请求撤销失信认定。",
        **SUBJECT,
        **answers,
    }
    return team.enter("litigation", **said)


def answer(team: Rectifiers, case: CaseFile) -> CaseFile:
    team.crew.do(case, "task_register_suit", answer_due_on=team.day(15))
    for element in ("task_draft_answer", "task_review_answer", "task_file_answer"):
        team.crew.do(case, element)
    return case


def decide(team: Rectifiers, case: CaseFile, **result: Any) -> CaseFile:
    team.crew.do(case, "task_enter_progress")
    team.crew.do(case, "task_enter_result", **result)
    if "task_approve_result" in case.open_tasks:
        team.crew.do(case, "task_approve_result")
    team.crew.office.tick()
    return case


def cases(team: Rectifiers, kind: str) -> list[CaseFile]:
    with team.crew.office.reading() as session:
        query = select(Case.id).where(Case.kind == kind).order_by(Case.registered_at, Case.number)
        return [CaseFile(team.crew.office, case_id) for case_id in session.scalars(query)]


class TestRegistration:
    @pytest.mark.parametrize(
        ("channel", "proceeding"),
        [("court", "lawsuit"), ("transferred", "reconsideration"), ("ex_officio", "lawsuit")],
    )
    def test_has_its_own_number_whichever_way_it_comes(
        self, team: Rectifiers, channel: str, proceeding: str
    ):
        """R10: a suit is neither an objection nor a complaint."""
        case = sue(team, channel=channel, proceeding=proceeding)

        assert (case.row.kind, case.number[:2]) == ("litigation", "SS")
        assert case.open_tasks == ["task_register_suit"]

    def test_is_noted_in_the_case_it_is_about_which_goes_on(self, team: Rectifiers):
        """R10: the objection keeps its steps and its term, and both pages name each other."""
        objection = team.crew.accept()
        before = (objection.open_tasks, objection.due("reply"))

        case = sue(team, contested_case=objection.number)

        assert objection.events("litigation_registered")[0]["number"] == case.number
        assert (objection.open_tasks, objection.due("reply")) == before
        handler = team.crew.holder("handler")
        assert objection.number in handler.get(f"/cases/{case.id}/linked").said
        assert case.number in handler.get(f"/cases/{objection.id}/linked").said

    def test_doubts_a_case_number_that_nobody_has(self, team: Rectifiers):
        case = sue(team, contested_case="YY-220500-2026-99999")

        assert "contested_case" in case.row.flags["doubts"]


class TestAnswer:
    def test_runs_to_the_day_that_the_notice_names(self, team: Rectifiers):
        """O-11: no number of days is invented; the day is shown as set."""
        case = sue(team)
        team.crew.do(case, "task_register_suit", answer_due_on="2026-09-16")

        assert str(case.due("suit_answer")) == "2026-09-16"
        assert case.clock("suit_answer").rule["label"] == "set"

    def test_needs_a_day_after_the_notice_came(self, team: Rectifiers):
        case = sue(team)

        team.crew.do_badly(case, "task_register_suit", answer_due_on="2026-08-31")

        assert case.open_tasks == ["task_register_suit"]

    def test_passes_legal_review_and_may_come_back(self, team: Rectifiers):
        crew, case = team.crew, sue(team)
        crew.do(case, "task_register_suit", answer_due_on=team.day(15))
        crew.do(case, "task_draft_answer")
        crew.do(case, "task_review_answer", answer_outcome="returned")
        assert case.open_tasks == ["task_draft_answer"]
        for element in ("task_draft_answer", "task_review_answer", "task_file_answer"):
            crew.do(case, element)

        assert case.ledger("suit_answer")[-1][0] == "stopped"
        assert case.open_tasks == ["task_enter_progress"]
        clock = case.clock("suit_answer")
        explained = crew.holder("handler").get(f"/cases/{case.id}/clocks/{clock.id}").said
        assert "停止计时" in explained
        assert "stop_answer_clock" not in explained

    @pytest.mark.parametrize("drafted", [False, True], ids=["not_drafted", "not_filed"])
    def test_that_is_late_is_reminded_and_told_to_supervisors(
        self, team: Rectifiers, drafted: bool
    ):
        crew, case = team.crew, sue(team)
        crew.do(case, "task_register_suit", answer_due_on="2026-09-08")
        for element in ("task_draft_answer", "task_review_answer") if drafted else ():
            crew.do(case, element)

        crew.office.go_to(at("2026-09-09 10:00"))

        assert case.fired == ["suit_answer@lit.remind", "suit_answer@overdue"]
        # A draft: a supervisor signs it, or nobody does (E).
        assert case.letter("supervision_letter").status == "draft"


class TestHearing:
    def test_lies_ahead(self, team: Rectifiers):
        case = answer(team, sue(team))

        team.crew.do_badly(case, "task_enter_progress", progress="hearing", hearing_on="2026-09-01")

        assert case.open_tasks == ["task_enter_progress"]

    def hear(self, team: Rectifiers) -> CaseFile:
        case = answer(team, sue(team))
        team.crew.do(case, "task_enter_progress", progress="hearing", hearing_on="2026-09-10")
        return case

    def test_is_on_its_day_and_followed_by_the_result(self, team: Rectifiers):
        case = self.hear(team)
        assert str(case.due("suit_hearing")) == "2026-09-10"
        team.crew.do(case, "task_attend_hearing")

        assert case.ledger("suit_hearing")[-1][0] == "stopped"
        assert case.open_tasks == ["task_enter_progress"]

    def test_that_nobody_entered_is_told_to_supervisors(self, team: Rectifiers):
        case = self.hear(team)

        team.crew.office.go_to(at("2026-09-11 10:00"))

        assert case.fired == ["suit_hearing@lit.remind", "suit_hearing@overdue"]


class TestResult:
    def test_upheld_is_filed(self, team: Rectifiers):
        case = decide(team, answer(team, sue(team)))

        assert (case.end, case.row.outcome) == ("end_upheld", "suit_upheld")
        assert cases(team, "objection") == []

    def test_ended_proceedings_are_filed(self, team: Rectifiers):
        case = answer(team, sue(team))
        team.crew.do(case, "task_enter_progress", progress="ended", ended_paper="@file")

        assert (case.end, case.row.outcome) == ("end_ended", "suit_ended")

    def test_goes_on_in_the_next_instance(self, team: Rectifiers):
        case = answer(team, sue(team))
        decide(team, case, next_instance="yes", effective_on=None)
        assert case.open_tasks == ["task_register_suit"]

        decide(team, answer(team, case))

        assert case.end == "end_upheld"

    def test_is_decided_by_a_second_person_who_may_send_it_back(self, team: Rectifiers):
        case = answer(team, sue(team))
        team.crew.do(case, "task_enter_progress")
        team.crew.do(case, "task_enter_result", **LOST)
        team.crew.do(case, "task_approve_result", result_outcome="returned")

        assert case.open_tasks == ["task_enter_progress"]
        assert cases(team, "objection") == []


class TestLostBase:
    @pytest.mark.parametrize("result", ["revoked", "changed", "void"])
    def test_opens_the_correction_and_withdraws_in_three_working_days(
        self, team: Rectifiers, result: str
    ):
        """N24: three working days from the day of effect, and the reason is published."""
        case = decide(team, answer(team, sue(team)), suit_result=result)

        assert case.due("base_revoked") == date(2026, 9, 4)
        opened = cases(team, "objection")
        assert [each.row.record_id for each in opened] == [case.row.record_id]
        assert opened[0].row.channel == "reopened"
        team.crew.do(case, "task_confirm_base_withdrawal")

        assert (case.end, case.row.outcome) == ("end_revoked", "suit_revoked")
        assert case.ledger("base_revoked")[-1][0] == "stopped"

    def test_without_a_record_opens_nothing(self, team: Rectifiers):
        case = decide(team, answer(team, sue(team, record_reference="")), **LOST)
        team.crew.do(case, "task_confirm_base_withdrawal", publicity="never_published")

        assert case.end == "end_revoked"
        assert cases(team, "objection") == []

    def test_that_is_not_withdrawn_is_reminded_and_supervised(self, team: Rectifiers):
        case = decide(team, answer(team, sue(team)), **LOST)

        team.crew.office.go_to(at("2026-09-04 23:00") + timedelta(days=4))

        assert case.fired == ["base_revoked@obj.base_revoked.remind", "base_revoked@overdue"]
        assert case.letter("supervision_letter").status == "draft"
