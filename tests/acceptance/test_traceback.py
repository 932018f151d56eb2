"""Tracing a PPP default back to departments and persons, from each start to each end (C4)."""

from __future__ import annotations

import pytest

from tests.acceptance.business_day import at
from tests.acceptance.conftest import Begin
from tests.acceptance.crew import Crew
from tests.acceptance.traceback import Tracing

BEGUN = "2026-04-01 09:00"


@pytest.fixture
def tracing(begin: Begin) -> Tracing:
    return Tracing(Crew(begin(BEGUN)))


class TestMainPath:
    def test_runs_from_a_letter_to_the_last_consequence(self, tracing: Tracing):
        crew = tracing.crew
        case = tracing.stated()

        assert case.number.startswith("HS-")
        assert case.row.title == "通化市柳林开发区污水处理PPP项目"
        tracing.determined(case)
        crew.do(case, "task_enter_default")
        crew.do(case, "task_propose_publication")
        crew.do(case, "task_agree_publication")
        crew.do(case, "task_link_assessment")

        assert case.end == "end_traceback_closed"
        assert (case.row.status, case.row.outcome) == ("closed", "determined")
