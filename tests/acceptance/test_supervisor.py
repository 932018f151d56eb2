"""The supervisor sees who holds what, urges, hands work over and signs; all of it is recorded."""

from __future__ import annotations

import pytest

from tests.acceptance.business_day import at
from tests.acceptance.conftest import Begin
from tests.acceptance.crew import Crew
from tests.acceptance.test_base_document import revoked


@pytest.fixture
def crew(begin: Begin) -> Crew:
    return Crew(begin("2026-09-24 10:00"))


class TestSupervisor:
    def test_hands_a_step_to_a_colleague_with_the_reason(self, crew: Crew):
        case = crew.accept()
        crew["wangmin"].fill_in(case, "task_self_check")
        task = case.task("task_self_check")
        path = f"/board/tasks/{task.id}/reassign"
        page = crew["zhenghong"].get(path)
        [form] = [each for each in page.forms if "person_id" in each.names]
        colleague = form.options("person_id")
        other = next(each for each in colleague if each != task.owner_id)
        values = {**form.values, "person_id": other, "reason": "王敏出差。"}

        crew["zhenghong"].post(path, {**values, "reason": ""}, status=422)
        crew["zhenghong"].post(path, values)

        assert case.task("task_self_check").owner_id == other
        [moved] = case.events("task_reassigned")
        assert moved["reason"] == "王敏出差。"
        crew["sunli"].do(case, "task_self_check")
        assert case.open_tasks == ["task_verify THHUD"]

    def test_sees_near_and_late_cases_and_urges_their_holders(self, crew: Crew):
        case = crew.accept()
        crew["wangmin"].fill_in(case, "task_self_check")
        crew.office.go_to(at("2026-10-21 10:00"))
        board = crew["zhenghong"].get("/board")
        assert case.number in board.said

        task = case.task("task_self_check")
        urge = next(each for each in board.forms if each.action.endswith(f"{task.id}/urge"))
        crew["zhenghong"].send(urge)

        assert "王敏" in case.notices("reminder")


class TestLateWork:
    def test_on_the_reply_is_reminded_and_supervised(self, crew: Crew):
        case = crew.verify("partly")
        crew.find(case, "partly")

        crew.office.go_to(at("2026-10-23 09:30"))

        points = [each for each in case.fired if each.startswith("reply")]
        assert points == ["reply@obj.reply.remind", "reply@due", "reply@overdue"]
        drafts = [each for each in case.letters("supervision_letter") if each.item == "reply"]
        assert [each.status for each in drafts] == ["draft"]
        crew.issue(case)
        assert case.clock("reply").late_by == 1

    def test_on_a_revoked_base_document_is_reminded(self, crew: Crew):
        case = revoked(crew)

        crew.office.go_to(at("2026-10-08 09:30"))

        assert "base_revoked@obj.base_revoked.remind" in case.fired


class TestReopenedCase:
    def test_runs_to_its_own_end(self, crew: Crew):
        former = crew.decide("uphold")
        crew.issue(former)
        assert former.end == "end_upheld"

        case = crew.register(
            channel="reopened", former_case=former.number, reopening_decision="@file"
        )
        crew.do(case, "task_formal_check")
        crew.do(case, "task_self_check")
        crew.do(case, "task_verify")
        crew.find(case, "uphold")
        crew.issue(case)

        assert case.end == "end_upheld"
        assert former.row.status == "closed"
