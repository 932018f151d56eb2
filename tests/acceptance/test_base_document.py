"""A court, a review or its author revokes the document a record rests on: three days run (N24)."""

from __future__ import annotations

import pytest

from tests.acceptance.business_day import at
from tests.acceptance.case_file import CaseFile
from tests.acceptance.conftest import Begin
from tests.acceptance.crew import Answers, Crew
from tests.acceptance.province import Province

JUDGMENT: Answers = {
    "document_kind": "judgment",
    "document_body": "通化市中级人民法院",
    "document_number": "（2026）吉05行终77号",
    "effect": "revoked",
    "effective_on": "2026-09-28",
    "arrived_on": "2026-09-29",
    "affected_items": "@items",
    "document_scan": "@file",
}


@pytest.fixture
def crew(begin: Begin) -> Crew:
    return Crew(begin("2026-09-24 10:00"))


def revoked(crew: Crew) -> CaseFile:
    case = crew.accept()
    crew.do(case, "task_self_check")
    crew.office.go_to(at("2026-09-29 10:00"))
    crew["wangmin"].act_on(case, "base_change", **JUDGMENT)
    return case


class TestBaseDocument:
    def test_revoked_runs_three_working_days_from_its_effect(self, crew: Crew):
        case = revoked(crew)

        assert case.open_tasks == ["task_approve_base_change", "task_verify THHUD"]
        assert case.ledger("base_revoked") == [("started", "2026-09-28")]
        # 09-29, 09-30, then the holiday: the third working day is 10-08.
        assert str(case.due("base_revoked")) == "2026-10-08"

    def test_confirmed_goes_straight_to_correction(self, crew: Crew, province: Province):
        case = revoked(crew)

        crew.do(case, "task_approve_base_change")

        assert case.row.finding == "revoke"
        assert "task_verify THHUD" not in case.open_tasks
        assert "task_draft_letter" in case.open_tasks
        assert case.clock("base_revoked").status == "stopped"
        assert case.ledger("report") == [("started", "2026-09-29")]
        crew.office.tick()
        province.answer()
        crew.issue(case)
        crew.do(case, "task_correct_record", correction_action="revoked")
        crew.correct(case)
        assert case.end == "end_corrected"
        assert case.record.status == "revoked"

    def test_refused_leaves_the_case_as_it_was(self, crew: Crew):
        case = revoked(crew)

        crew.do(
            case,
            "task_approve_base_change",
            base_change_outcome="refused",
            refusal_reason="判决尚未生效。",
            finding=None,
            wrong_items=None,
            published_reason=None,
        )

        assert case.open_tasks == ["task_verify THHUD"]
        assert case.row.finding == ""
        assert case.clock("base_revoked").status == "stopped"

    def test_revoked_after_the_finding_needs_a_case_of_its_own(self, crew: Crew):
        case = crew.decide("uphold")
        crew.office.go_to(at("2026-09-29 10:00"))

        page = crew["wangmin"].act_on(case, "base_change", status=409, **JUDGMENT)

        assert case.number in page.said
        assert case.row.finding == "uphold"
