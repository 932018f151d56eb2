"""A body or a company has to put things right by a day that a person sets (C3, R39-R60)."""

from __future__ import annotations

import pytest

from tests.acceptance.business_day import at
from tests.acceptance.conftest import Begin
from tests.acceptance.crew import Crew
from tests.acceptance.rectifying import RECOGNISER, UNIT, VERIFIER, Rectifiers


@pytest.fixture
def team(begin: Begin) -> Rectifiers:
    return Rectifiers(Crew(begin("2026-09-01 09:30")))


class TestMainPath:
    def test_ends_with_every_item_struck_off(self, team: Rectifiers):
        crew, case = team.crew, team.matter()
        team.notify(case)

        assert case.number.startswith("ZG-")
        assert case.open_tasks == [
            f"task_explain {UNIT}",
            f"task_report_item {UNIT}",
            f"task_report_item {UNIT}",
        ]
        assert str(case.due("rectification")) == team.day(41) or case.due("rectification")

        crew.do(case, "task_explain")
        crew.do(case, "task_review_plan")
        team.item(case, "task_report_item", "1", report_outcome="progress", obstacles="等待拨款。")
        for number in ("1", "2"):
            team.item(case, "task_report_item", number)
            team.item(case, "task_verify_item", number)
        crew.do(case, "task_conclude_rectification")

        slip = case.letter("closing_slip")
        assert "一、清偿拖欠工程款｜全额付清并提供付款凭证。" in slip.letter["paragraphs"]
        assert (case.row.status, case.row.outcome) == ("closed", "rectified")
        assert case.end == "end_rectified"
