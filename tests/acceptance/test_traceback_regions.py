"""What a traceback leads to in Jiangsu and Shandong: the pack decides, not the program (A12)."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import Begin
from tests.acceptance.crew import Crew
from tests.acceptance.traceback import Tracing

BEGUN = "2026-04-01 09:00"


def going(begin: Begin, region: str) -> Tracing:
    return Tracing(Crew(begin(BEGUN, region=region)), region=region)


@pytest.fixture
def jiangsu(begin: Begin) -> Tracing:
    return going(begin, "jiangsu")


@pytest.fixture
def shandong(begin: Begin) -> Tracing:
    return going(begin, "shandong")


class TestJiangsu:
    def test_records_and_pushes_to_the_same_level_until_it_is_accepted(self, jiangsu: Tracing):
        case = jiangsu.determined(jiangsu.stated())
        assert case.open_tasks == ["task_enter_default", "task_push_default"]
        jiangsu.crew.do(case, "task_enter_default")
        jiangsu.crew.do(case, "task_push_default", push_result="rejected", rejection="缺编号")
        jiangsu.crew.do(case, "task_push_default")

        assert (case.end, case.row.outcome) == ("end_traceback_closed", "determined")

    def test_lets_tolerance_keep_a_party_out_of_the_record(self, jiangsu: Tracing):
        crew = jiangsu.crew
        case = jiangsu.heard(jiangsu.stated(), leniency_claimed="yes")
        party = jiangsu.parties(case)["项目实施 南京市财政局"]
        crew.do(case, "task_propose_tolerance", tolerance="yes", tolerance_parties=[party])
        crew.do(
            case,
            "task_leniency",
            lenient_parties=[party],
            lenient_conditions=["loss_recovered"],
            lenient_effect="lighter",
        )
        crew.do(case, "task_review_leniency", leniency_review="return")
        crew.do(case, "task_leniency")
        crew.do(case, "task_review_leniency")
        crew.do(case, "task_determine")

        assert [row.role for row in jiangsu.findings(case)] == ["leading"]
        assert "task_enter_default" not in case.open_tasks


class TestShandong:
    def test_records_the_person_and_updates_the_disclosure(self, shandong: Tracing):
        case = shandong.determined(shandong.stated())

        assert case.open_tasks == ["task_enter_person_record", "task_update_disclosure"]
        shandong.crew.do(case, "task_enter_person_record", person_records="没有的编号", status=422)
        assert "task_enter_person_record" in case.open_tasks
        shandong.crew.do(case, "task_enter_person_record", person_records=shandong.person_record())
        shandong.crew.do(case, "task_update_disclosure", consultants="山东诚达工程咨询有限公司")

        assert (case.end, case.row.outcome) == ("end_traceback_closed", "determined")
        assert shandong.project.consultants == "山东诚达工程咨询有限公司"

    def test_has_no_tolerance(self, shandong: Tracing):
        case = shandong.heard(shandong.stated(), leniency_claimed="yes")

        assert case.open_tasks == ["task_leniency"]
