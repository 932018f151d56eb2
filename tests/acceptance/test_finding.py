"""Propose, review, check the law, approve: each may send back, and a finding has its effects."""

from __future__ import annotations

import pytest

from tests.acceptance.business_day import at
from tests.acceptance.conftest import Begin
from tests.acceptance.crew import CORRECTIONS, Crew

SENT_BACK = {"return_reason": "事实部分请补充付款凭证的编号。"}


@pytest.fixture
def crew(begin: Begin) -> Crew:
    return Crew(begin("2026-09-24 10:00"))


class TestFinding:
    @pytest.mark.parametrize("finding", ["correct", "partly", "revoke"])
    def test_of_an_error_starts_correction_and_report_at_once(self, crew: Crew, finding):
        case = crew.decide(finding)

        assert case.row.finding == finding
        assert case.open_tasks == [
            "task_confirm_lifting THFIN",
            "task_confirm_lifting THPRTC",
            "task_correct_record THHUD",
            "task_draft_letter",
            "task_eliminate_effects",
        ]
        # R4, O-3: five working days from the approval of the finding.
        assert case.ledger("report") == [("started", "2026-09-24")]
        assert str(case.due("report")) == "2026-10-09"
        assert len(case.reports()) == 1

    def test_that_upholds_only_leaves_the_reply(self, crew: Crew):
        case = crew.decide("uphold")

        assert case.open_tasks == ["task_draft_letter"]
        assert case.reports() == []
        crew.issue(case)
        assert case.end == "end_upheld"
        assert not case.record.is_disputed
        assert [version.status for version in case.versions][-1] == "active"

    def test_that_revokes_passes_legal_review(self, crew: Crew):
        case = crew.verify("revoke")
        crew.do(case, "task_propose_finding", finding="revoke", **CORRECTIONS["revoke"])
        crew.do(case, "task_review_finding")

        assert case.open_tasks == ["task_legal_review"]

    @pytest.mark.parametrize(
        ("element", "outcome"),
        [
            ("task_review_finding", "review_outcome"),
            ("task_legal_review", "legal_outcome"),
            ("task_approve_finding", "approval_outcome"),
        ],
    )
    def test_sent_back_is_proposed_anew(self, crew: Crew, element, outcome):
        case = crew.verify("revoke")
        crew.do(case, "task_propose_finding", finding="revoke", **CORRECTIONS["revoke"])
        for before in ("task_review_finding", "task_legal_review", "task_approve_finding"):
            if before == element:
                break
            crew.do(case, before)

        crew.do(case, element, **{outcome: "return", **SENT_BACK})

        assert case.open_tasks == ["task_propose_finding"]
        task = case.task("task_propose_finding")
        assert task.owner is not None and task.owner.name == "王敏"
        page = crew["wangmin"].get(f"/tasks/{task.id}")
        assert SENT_BACK["return_reason"] in page.said
        crew.find(case, "uphold")
        assert case.row.finding == "uphold"

    def test_is_not_approved_by_reading_it(self, crew: Crew):
        case = crew.verify("correct")
        crew.do(case, "task_propose_finding", finding="correct", **CORRECTIONS["correct"])
        crew.do(case, "task_review_finding")
        task = case.task("task_approve_finding")

        form = crew["chenlixin"].get(f"/tasks/{task.id}").form_to(f"/tasks/{task.id}")
        crew["chenlixin"].send(form, to=f"/tasks/{task.id}/seen")

        assert case.open_tasks == ["task_approve_finding"]

    def test_approved_on_paper_keeps_both_dates(self, crew: Crew):
        case = crew.verify("correct")
        crew.do(case, "task_propose_finding", finding="correct", **CORRECTIONS["correct"])
        crew.do(case, "task_review_finding")
        paper = {
            "approval_medium": "paper",
            "approved_by": "陈立新",
            "approval_words": "同意更正。",
            "approved_on": "2026-09-24",
            "approval_scan": "@file",
        }
        crew.office.go_to(at("2026-09-29 10:00"))

        crew.do(case, "task_approve_finding", **paper)

        assert case.ledger("report") == [("started", "2026-09-24")]
        assert case.task("task_draft_letter").opened_at == at("2026-09-29 10:00")
