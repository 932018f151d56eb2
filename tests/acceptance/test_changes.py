"""What changes while a case runs: parties, lawsuits, a mistyped date, a new holiday notice."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.acceptance.business_day import at
from tests.acceptance.conftest import Begin
from tests.acceptance.crew import Crew
from tests.acceptance.subject import SUBJECTS

NOTICE_2027 = Path(__file__).with_name("notice_2027.json")


@pytest.fixture
def crew(begin: Begin) -> Crew:
    return Crew(begin("2026-09-24 10:00"))


class TestParty:
    def test_successor_goes_on_with_the_case(self, crew: Crew):
        case = crew.accept()
        heir = SUBJECTS["S02"]

        crew["wangmin"].act_on(
            case,
            "party",
            change_kind="merger",
            changed_on="@today",
            successor_name=heir["name"],
            successor_code=heir["credit_code"],
            successor_phone="13843509999",
            change_paper="@file",
            continues="yes",
        )

        assert case.subject.name == heir["name"]
        assert case.open_tasks == ["task_self_check"]
        assert case.ledger("reply") == [("started", "2026-09-24")]
        opened = crew.subject.enter(case.code, proof="9999")
        refused = crew.subject.enter(case.code, status=422)
        assert heir["name"] in opened.said
        assert heir["name"] not in refused.said


class TestLitigation:
    def test_is_noted_and_the_case_goes_on(self, crew: Crew):
        case = crew.accept()

        crew["wangmin"].act_on(
            case,
            "litigation",
            proceeding="lawsuit",
            proceeding_body="长春铁路运输法院",
            proceeding_number="（2026）吉71行初9号",
            accepted_on="@today",
            proceeding_paper="@file",
        )

        assert case.open_tasks == ["task_self_check"]
        assert case.clock("reply").status == "running"
        assert "长春铁路运输法院" in crew["wangmin"].get(f"/cases/{case.id}/filing").said


class TestReceiptDate:
    def test_corrected_needs_approval_and_recomputes_the_ledger(self, crew: Crew):
        case = crew.register()
        crew.office.go_to(at("2026-09-29 10:00"))
        path = f"/cases/{case.id}/actions/receipt_date"
        form = crew["qianyu"].get(path).form_to(path)
        crew["qianyu"].send(
            form.fill({"received_on": "2026-09-23", "reason": "收发室 9 月 23 日已签收。"})
        )
        assert str(case.due("reply")) == "2026-10-22"
        assert "task_approve_receipt_date" in case.open_tasks

        task = case.task("task_approve_receipt_date")
        page = crew["chenlixin"].get(f"/tasks/{task.id}")
        assert "10月21日" in page.said
        crew["chenlixin"].send(page.form_to(f"/tasks/{task.id}").fill({"outcome": "agree"}))

        assert case.ledger("reply") == [("started", "2026-09-24"), ("corrected", "2026-09-23")]
        assert str(case.due("reply")) == "2026-10-21"
        assert str(case.row.received_on) == "2026-09-23"

    def test_sent_back_moves_nothing(self, crew: Crew):
        case = crew.register()
        crew.office.go_to(at("2026-09-29 10:00"))
        path = f"/cases/{case.id}/actions/receipt_date"
        form = crew["qianyu"].get(path).form_to(path)
        crew["qianyu"].send(form.fill({"received_on": "2026-09-22", "reason": "听说是 22 日。"}))
        task = case.task("task_approve_receipt_date")
        form = crew["chenlixin"].get(f"/tasks/{task.id}").form_to(f"/tasks/{task.id}")

        crew["chenlixin"].send(form.fill({"outcome": "return", "reason": "没有证据。"}))

        assert case.ledger("reply") == [("started", "2026-09-24")]
        assert str(case.due("reply")) == "2026-10-22"


class TestHolidayNotice:
    def test_loaded_while_a_case_runs_moves_its_date_after_showing_it(self, begin: Begin):
        crew = Crew(begin("2026-12-11 10:00"))
        case = crew.accept()
        clock = case.clock("reply")
        assert (str(clock.due_on), clock.is_provisional) == ("2027-01-04", True)
        admin = crew["lintao"]
        form = admin.get("/admin/calendars").form_to("/admin/calendars")
        notice = (io.BytesIO(NOTICE_2027.read_bytes()), "2027.json")

        shown = admin.post(form.action, {**form.values, "file": notice})

        assert case.number in shown.said
        assert str(case.due("reply")) == "2027-01-04"
        confirm = next(each for each in shown.forms if "confirmed" in each.values)
        admin.send(confirm)
        clock = case.clock("reply")
        assert (str(clock.due_on), clock.is_provisional) == ("2027-01-05", False)
        assert [entry.kind for entry in clock.entries] == ["started", "recomputed"]
        assert case.notices("date_moved")
        assert "1月5日" in crew.subject.enter(case.code).said
