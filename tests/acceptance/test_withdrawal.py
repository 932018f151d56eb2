"""The subject withdraws: somebody makes sure who asks, and an error found is still corrected."""

from __future__ import annotations

import pytest

from tests.acceptance.case_file import CaseFile
from tests.acceptance.conftest import Begin
from tests.acceptance.crew import CORRECT, Crew
from tests.acceptance.province import Province


@pytest.fixture
def crew(begin: Begin) -> Crew:
    return Crew(begin("2026-09-24 10:00"))


def asks_to_withdraw(crew: Crew, case: CaseFile) -> None:
    subject = crew.subject
    subject.enter(case.code)
    subject.withdraw()
    assert "task_confirm_withdrawal" in case.open_tasks


class TestWithdrawal:
    def test_confirmed_before_anything_is_found_ends_the_case(self, crew: Crew):
        case = crew.accept()
        asks_to_withdraw(crew, case)
        assert case.record.is_disputed

        crew.do(case, "task_confirm_withdrawal")

        assert case.end == "end_withdrawn"
        assert not case.record.is_disputed
        assert case.ledger("reply")[-1] == ("stopped", "2026-09-24")
        assert case.letters("reply") == []
        assert case.letter("closing_letter").number

    def test_refused_changes_nothing(self, crew: Crew):
        case = crew.accept()
        asks_to_withdraw(crew, case)

        crew.do(
            case,
            "task_confirm_withdrawal",
            withdrawal_outcome="refused",
            refusal_reason="来电人不是申请人，也没有授权。",
        )

        assert case.open_tasks == ["task_self_check"]
        assert case.ledger("reply") == [("started", "2026-09-24")]
        seen = crew.subject.enter(case.code)
        assert "撤回申请未予确认，继续办理：来电人不是申请人，也没有授权。" in seen.said

    def test_with_an_error_found_still_corrects_it(self, crew: Crew, province: Province):
        case = crew.accept()
        crew.do(case, "task_self_check")
        crew.do(case, "task_verify", conclusion="partly_wrong", **CORRECT)
        asks_to_withdraw(crew, case)

        crew.do(case, "task_confirm_withdrawal")
        assert case.open_tasks == ["task_propose_finding"]
        crew.find(case, "partly")
        crew.office.tick()
        province.answer()
        crew.correct(case)

        assert case.end == "end_withdrawn"
        assert case.record.status == "corrected"
        assert case.letters("reply") == []

    def test_during_the_reply_ends_the_reply_and_not_the_correction(
        self, crew: Crew, province: Province
    ):
        case = crew.decide("partly")
        crew.do(case, "task_draft_letter")
        asks_to_withdraw(crew, case)

        crew.do(case, "task_confirm_withdrawal")
        assert "task_check_letter" not in case.open_tasks
        crew.office.tick()
        province.answer()
        crew.correct(case)

        assert case.end == "end_withdrawn"
        assert case.record.status == "corrected"
        assert case.letter("reply").status == "moot"

    def test_after_the_reply_is_served_comes_too_late(self, crew: Crew):
        case = crew.decide("partly")
        crew.issue(case)
        subject = crew.subject
        subject.enter(case.code)

        page = subject.look()

        assert "/portal/case/withdraw" not in page.links
