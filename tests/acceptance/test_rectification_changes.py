"""What changes a rectification under way: an extension, another unit, a lost ground (C3, O-11)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.business_day import at
from tests.acceptance.case_file import CaseFile
from tests.acceptance.conftest import Begin
from tests.acceptance.crew import Crew
from tests.acceptance.rectifying import ONE, UNIT, VERIFIER, Rectifiers, explained, missed


@pytest.fixture
def team(begin: Begin) -> Rectifiers:
    return Rectifiers(Crew(begin("2026-09-01 09:30")))


class TestExtension:
    def ask(self, team: Rectifiers, case: CaseFile, status: int = 200, **answers: Any) -> Any:
        said = {
            "ground": "circumstances",
            "reason": "拨款在途。",
            "wanted_until": team.day(60),
            **answers,
        }
        return team.crew.holder("handler").act_on(case, "extension", status=status, **said)

    def test_that_is_granted_moves_the_day_once(self, team: Rectifiers):
        crew, case = team.crew, team.notify(team.matter(), **ONE)
        explained(team, case)
        crew.office.go_to(at("2026-09-02 10:00"))
        self.ask(team, case)
        crew.do(case, "task_opine_extension")
        crew.do(case, "task_approve_extension", new_deadline=team.day(60))

        assert str(case.due("rectification")) >= team.day(60)
        reply = case.letter("extension_reply").letter["paragraphs"]
        assert "同意延期。" in reply
        page = self.ask(team, case, status=422)
        assert "已申请过一次" in page.said

    def test_that_is_refused_keeps_the_day(self, team: Rectifiers):
        crew, case = team.crew, team.notify(team.matter(), **ONE)
        due_on = case.due("rectification")
        self.ask(team, case)
        crew.do(case, "task_opine_extension", opinion="oppose")
        crew.do(case, "task_approve_extension", extension_outcome="refuse")

        assert case.due("rectification") == due_on
        assert "不同意延期，原期限不变。" in case.letter("extension_reply").letter["paragraphs"]

    def test_is_asked_for_by_the_unit_and_by_no_other_body(self, team: Rectifiers):
        crew, case = team.crew, team.notify(team.matter())
        explained(team, case)
        team.item(case, "task_report_item", "1")
        said: dict[str, Any] = {
            "ground": "circumstances",
            "reason": "拨款在途。",
            "wanted_until": team.day(60),
        }
        unit = crew.holder("department_officer", UNIT)

        verifier = crew.holder("department_officer", VERIFIER)
        verifier.act_on(case, "extension", status=403, **said)
        assert case.row.flags.get("extension_asked_on") is None
        unit.act_on(case, "extension", **said)

        assert "task_opine_extension" in case.open_tasks

    def test_after_expiry_is_too_late(self, team: Rectifiers):
        case = team.notify(team.matter(), **ONE)
        explained(team, case)
        missed(team, case)

        assert "不能延期" in self.ask(team, case, status=422).said

    def test_may_rest_on_an_objection_and_stops_nothing_before_the_decision(self, team: Rectifiers):
        case = team.notify(team.matter(), **ONE)
        self.ask(team, case, ground="objection", objection_number="YY-220500-2026-00001")

        assert case.clock("rectification").status == "running"
        assert "task_opine_extension" in case.open_tasks


class TestChanges:
    def test_of_the_unit_hand_open_work_to_the_successor(self, team: Rectifiers):
        crew, case = team.crew, team.notify(team.matter(), **ONE)
        due_on = case.due("rectification")
        crew.holder("handler").act_on(
            case,
            "unit_change",
            change="merged",
            successor=crew.office.organisation("THHR"),
            former_head="甲，2023年至2026年",
            evidence="@file",
        )

        assert case.open_tasks == ["task_explain THHR", "task_report_item THHR"]
        assert case.due("rectification") == due_on

    def test_of_the_unit_never_make_the_verifier_rectify(self, team: Rectifiers):
        crew, case = team.crew, team.notify(team.matter(), **ONE)

        page = crew.holder("handler").act_on(
            case,
            "unit_change",
            status=422,
            change="merged",
            successor=crew.office.organisation(VERIFIER),
            evidence="@file",
        )

        assert "整改单位不得自己核查" in page.said

    def test_of_the_head_change_no_duty(self, team: Rectifiers):
        crew, case = team.crew, team.notify(team.matter(), **ONE)
        crew.holder("handler").act_on(
            case, "unit_change", change="head", new_head="乙，2026年9月起", evidence="@file"
        )

        assert case.open_tasks == [f"task_explain {UNIT}", f"task_report_item {UNIT}"]

    @pytest.mark.parametrize(("decision", "end"), [("gone", "end_no_default"), ("stays", "")])
    def test_of_the_ground_are_decided_by_a_person(self, team: Rectifiers, decision: str, end: str):
        crew, case = team.crew, team.notify(team.matter(), **ONE)
        crew.holder("handler").act_on(
            case, "ground_gone", cause="revoked", facts="判决撤销处罚决定。", evidence="@file"
        )
        crew.do(case, "task_approve_ground_gone", ground_outcome=decision)

        assert case.end == end


class TestPublication:
    @pytest.mark.parametrize("decision", ["agree", "refuse"])
    def test_needs_all_four_grounds_and_consent(self, team: Rectifiers, decision: str):
        crew, case = team.crew, team.notify(team.matter(), **ONE)
        explained(team, case)
        team.item(case, "task_report_item", "1")
        team.item(case, "task_verify_item", "1")
        page = crew.do_badly(
            case, "task_conclude_rectification", publication="propose", exclusions=["privacy"]
        )
        assert "四项" in page.said
        every = ["state_security", "state_secret", "trade_secret", "privacy"]
        crew.do(case, "task_conclude_rectification", publication="propose", exclusions=every)
        crew.do(case, "task_approve_publication", publication_outcome=decision)

        assert case.end == "end_rectified"
        assert len(case.events("publication_approved")) == (decision == "agree")
