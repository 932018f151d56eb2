"""The report to the province: sent at once, answered later, rejected, repaired, delayed (R4)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.acceptance.business_day import at
from tests.acceptance.case_file import CaseFile
from tests.acceptance.conftest import Begin
from tests.acceptance.crew import Crew
from tests.acceptance.province import Province


@pytest.fixture
def crew(begin: Begin) -> Crew:
    return Crew(begin("2026-09-24 10:00"))


def found_wrong(crew: Crew) -> CaseFile:
    case = crew.decide("partly")
    crew.office.tick()
    return case


class TestReport:
    def test_waits_for_no_reply_and_stops_on_the_acknowledgement(
        self, crew: Crew, province: Province
    ):
        case = found_wrong(crew)
        [report] = province.reports
        assert report["payload"]["case_number"] == case.number
        assert case.ledger("report") == [("started", "2026-09-24")]

        crew.office.go_to(at("2026-09-29 10:00"))
        province.answer()

        assert case.ledger("report") == [("started", "2026-09-24"), ("stopped", "2026-09-29")]
        assert "task_draft_letter" in case.open_tasks
        seen = crew.subject
        assert report["receipt"] in case.events("report_acknowledged")[0]["receipt"]
        assert seen.enter(case.code).status == 200

    def test_arrives_once_however_often_it_is_sent(self, crew: Crew, province: Province):
        found_wrong(crew)
        crew.office.tick()
        crew.office.tick()

        assert [report["times_received"] for report in province.reports] == [1]

    def test_acknowledged_twice_moves_the_case_once(self, crew: Crew, province: Province):
        case = found_wrong(crew)
        province.answer()
        before = case.row.version
        [message] = province.store.list_messages()

        province.deliver_again(message["id"])

        assert case.row.version == before
        assert len(case.events("report_acknowledged")) == 1

    def test_rejected_is_repaired_and_sent_anew(self, crew: Crew, province: Province):
        province.control(reject="柳林", reject_times=1)
        case = found_wrong(crew)
        province.answer()
        assert "task_repair_report" in case.open_tasks
        page = crew["liyan"].get(f"/tasks/{case.task('task_repair_report').id}")
        assert province.reports[0]["reason"] in page.said

        crew.do(case, "task_repair_report")
        crew.office.tick()
        province.answer()

        assert [row["status"] for row in province.reports] == ["rejected", "acknowledged"]
        assert [row.key[-3:] for row in case.reports()] == ["r01", "r02"]
        assert case.clock("report").status == "stopped"
        assert "task_repair_report" not in case.open_tasks

    def test_survives_a_platform_that_is_down(self, crew: Crew, province: Province):
        province.control(down=True)
        case = found_wrong(crew)
        for _ in range(4):
            crew.office.clock.advance_to(crew.office.clock.now() + timedelta(minutes=20))
            crew.office.tick()
        assert [cause for _, cause, _ in case.open_incidents] == ["error.province_unreachable"]
        shown = crew["wangmin"].get(f"/cases/{case.id}")
        assert "503" in shown.said

        province.control(down=False)
        crew.office.clock.advance_to(crew.office.clock.now() + timedelta(hours=2))
        crew.office.tick()
        province.answer()

        assert case.open_incidents == []
        assert [row["times_received"] for row in province.reports] == [1]
        assert case.clock("report").status == "stopped"

    def test_is_reminded_and_supervised_while_nobody_answers(self, crew: Crew):
        case = found_wrong(crew)

        crew.office.go_to(at("2026-10-12 09:30"))

        points = [each for each in case.fired if each.startswith("report")]
        assert points == [
            "report@obj.report.remind1",
            "report@obj.report.remind2",
            "report@overdue",
        ]
        drafts = [each for each in case.letters("supervision_letter") if each.item == "report"]
        assert [each.status for each in drafts] == ["draft"]

    def test_receipt_is_entered_by_hand_where_the_platform_is_a_web_form(self, crew: Crew):
        case = found_wrong(crew)
        crew.office.go_to(at("2026-09-30 10:00"))

        crew["liyan"].act_on(
            case,
            "report_receipt",
            receipt_result="acknowledged",
            sent_on="2026-09-28",
            answered_on="2026-09-29",
            receipt_number="SJPT-2026-3391",
            receipt_scan="@file",
        )

        assert case.ledger("report")[-1] == ("stopped", "2026-09-29")
        assert case.answers("report_answer")[0].content["sent_on"] == "2026-09-28"

    def test_rejection_is_entered_by_hand_too(self, crew: Crew):
        case = found_wrong(crew)

        crew["liyan"].act_on(
            case,
            "report_receipt",
            receipt_result="rejected",
            sent_on="@today",
            answered_on="@today",
            rejection_reason="附件看不清。",
            receipt_scan="@file",
        )

        assert "task_repair_report" in case.open_tasks
        assert case.clock("report").status == "running"
