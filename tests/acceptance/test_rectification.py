"""A body or a company has to put things right by a day that a person sets (C3, R39-R60)."""

from __future__ import annotations

import pytest

from tests.acceptance import packs
from tests.acceptance.business_day import at
from tests.acceptance.case_file import CaseFile
from tests.acceptance.conftest import Begin
from tests.acceptance.crew import Crew
from tests.acceptance.rectifying import (
    ONE,
    RECOGNISER,
    UNIT,
    VERIFIER,
    Rectifiers,
    explained,
    interview,
    missed,
    warned,
)


@pytest.fixture
def team(begin: Begin) -> Rectifiers:
    return Rectifiers(Crew(begin("2026-09-01 09:30")))


@pytest.fixture
def jiangsu(begin: Begin) -> Rectifiers:
    return Rectifiers(Crew(begin("2026-09-01 09:30", region="jiangsu")))


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

        explained(team, case)
        team.item(case, "task_report_item", "1", report_outcome="progress", obstacles="等待拨款。")
        for number in ("1", "2"):
            team.item(case, "task_report_item", number)
            team.item(case, "task_verify_item", number)
        crew.do(case, "task_conclude_rectification")

        slip = case.letter("closing_slip")
        assert "一、清偿拖欠工程款｜全额付清并提供付款凭证。" in slip.letter["paragraphs"]
        assert (case.row.status, case.row.outcome) == ("closed", "rectified")
        assert case.end == "end_rectified"


class TestRecord:
    def test_of_a_body_that_has_performed_is_repaired(self, team: Rectifiers):
        body = {
            "subject_name": "通化市柳林开发区管理委员会",
            "subject_code": "11220500MB81744944",
        }
        case = team.notify(team.matter(record_reference="XY-220500-2026-00011", **body), **ONE)
        team.crew.enter_for(case, "task_explain", body="JLDRC")
        team.crew.do(case, "task_review_plan")
        team.item(case, "task_report_item", "1")
        team.item(case, "task_verify_item", "1")
        team.crew.do(case, "task_conclude_rectification")
        team.crew.office.tick()

        # N14: a body that has performed need not apply.
        [repair] = team.following(case, "credit_repair")
        assert repair.row.record_id == case.row.record_id
        assert case.end == "end_rectified"


class TestNotice:
    def test_states_each_standard_and_a_day_that_a_person_set(self, team: Rectifiers):
        case = team.draft_notice(team.matter())

        said = "".join(case.letter("rectification_notice").letter["paragraphs"])
        assert "全额付清并提供付款凭证" in said
        assert "2026年10月11日止（指定期限）" in said
        team.crew.issue(case)
        # R44, O-11: a Sunday moves as any last day does, and nobody counted it.
        assert str(case.due("rectification")) == "2026-10-12"
        assert case.clock("rectification").rule["label"] == "set"

    def test_is_refused_without_a_standard(self, team: Rectifiers):
        crew, case = team.crew, team.matter()
        body = crew.office.organisation
        crew.do(case, "task_register_matter", recogniser=body(RECOGNISER))
        crew.do(case, "task_assess_impact")
        days = {"deadline": team.day(40), "explanation_due": team.day(9)}

        page = crew.do_badly(
            case, "task_prepare_notice", verifier=body(VERIFIER), items="付款", **days
        )

        assert "标准" in page.said
        assert case.open_tasks == ["task_prepare_notice"]

    def test_is_refused_when_the_unit_would_verify_itself(self, team: Rectifiers):
        crew, case = team.crew, team.matter()
        body = crew.office.organisation
        crew.do(case, "task_register_matter", recogniser=body(RECOGNISER))
        crew.do(case, "task_assess_impact")
        days = {"deadline": team.day(40), "explanation_due": team.day(9)}

        page = crew.do_badly(case, "task_prepare_notice", verifier=body(UNIT), **days)

        assert "整改单位不得自己核查" in page.said

    @pytest.mark.parametrize(
        ("loss", "impact", "grade"),
        [("none", "limited", "轻"), ("some", "local", "一般"), ("major", "limited", "重")],
    )
    def test_names_the_grade(self, team: Rectifiers, loss: str, impact: str, grade: str):
        case = team.matter()
        body = team.crew.office.organisation
        team.crew.do(case, "task_register_matter", recogniser=body(RECOGNISER))
        team.crew.do(case, "task_assess_impact", loss=loss, social_impact=impact)
        team.prepare_notice(case, **ONE)

        assert f"影响等级：{grade}。" in case.letter("rectification_notice").letter["paragraphs"]

    def test_served_after_its_day_gets_another_day(self, team: Rectifiers):
        crew, case = team.crew, team.matter()
        body = crew.office.organisation
        crew.do(case, "task_register_matter", recogniser=body(RECOGNISER))
        crew.do(case, "task_assess_impact")
        crew.do(
            case,
            "task_prepare_notice",
            deadline=team.day(5),
            explanation_due=team.day(3),
            verifier=body(VERIFIER),
            **ONE,
        )
        crew.office.go_to(at("2026-09-14 10:00"))
        crew.issue(case)

        assert case.open_tasks == ["task_set_deadline"]
        crew.do(case, "task_set_deadline", deadline=team.day(30), explanation_due=team.day(10))

        assert str(case.due("rectification")) == "2026-10-14"
        assert f"task_report_item {UNIT}" in case.open_tasks


class TestMatter:
    def test_that_is_no_default_ends_with_consent(self, team: Rectifiers):
        crew, case = team.crew, team.matter()
        change = {"matter_outcome": "no_default", "no_default_reason": "依法变更并补偿。"}
        page = crew.do_badly(case, "task_register_matter", lawful_change=["authority"], **change)
        assert "缺一不可" in page.said
        every = ["authority", "procedure", "compensation"]
        crew.do(case, "task_register_matter", lawful_change=every, **change)
        crew.do(
            case,
            "task_approve_no_default",
            no_default_outcome="return",
            return_reason="补充补偿凭证。",
        )
        crew.do(case, "task_register_matter", lawful_change=every, **change)
        crew.do(case, "task_approve_no_default")

        assert (case.end, case.row.outcome) == ("end_no_default", "no_default")

    def test_of_another_body_is_passed_on_at_once(self, team: Rectifiers):
        crew, case = team.crew, team.matter(channel="transferred")
        target = crew.office.organisation("JLFIN")
        crew.do(
            case,
            "task_register_matter",
            matter_outcome="transfer",
            transfer_to=target,
            transfer_reason="属省财政厅职责。",
        )

        assert case.letter("rectification_transfer").addressee_id == target
        assert (case.end, case.row.outcome) == ("end_transferred", "transferred")

    def test_of_several_units_opens_a_case_for_each(self, team: Rectifiers):
        crew, case = team.crew, team.matter(channel="court")
        body = crew.office.organisation
        crew.do(
            case,
            "task_register_matter",
            recogniser=body(RECOGNISER),
            other_units=[body("THHR"), body(UNIT)],
        )
        crew.office.tick()

        others = team.following(case)
        assert [other.subject.credit_code for other in others] == [team.body("THHR").credit_code]
        assert others[0].row.channel == "from_case"


class TestTolerance:
    """Only where the pack has the gate, before a record exists (R27, R28)."""

    def ask(self, team: Rectifiers, case: CaseFile) -> None:
        body = team.crew.office.organisation
        team.crew.do(
            case, "task_register_matter", recogniser=body(RECOGNISER), tolerance_asked="yes"
        )

    def test_is_closed_in_jilin(self, team: Rectifiers):
        case = team.matter()
        self.ask(team, case)

        assert case.open_tasks == ["task_assess_impact"]

    def test_keeps_the_matter_out_of_the_records_in_jiangsu(self, jiangsu: Rectifiers):
        case = jiangsu.matter()
        self.ask(jiangsu, case)
        crew = jiangsu.crew
        crew.do(case, "task_propose_tolerance")
        crew.do(
            case,
            "task_legal_tolerance",
            legal_tolerance_outcome="return",
            return_reason="补充会议纪要。",
        )
        crew.do(case, "task_propose_tolerance")
        crew.do(case, "task_legal_tolerance")
        crew.do(case, "task_approve_tolerance")

        assert "不纳入政务失信记录" in "".join(
            case.letter("tolerance_determination").letter["paragraphs"]
        )
        assert case.open_tasks == ["task_prepare_notice"]

    def test_that_is_sent_back_is_proposed_anew(self, jiangsu: Rectifiers):
        case = jiangsu.matter()
        self.ask(jiangsu, case)
        jiangsu.crew.do(case, "task_propose_tolerance")
        jiangsu.crew.do(case, "task_legal_tolerance")
        jiangsu.crew.do(
            case, "task_approve_tolerance", tolerance_outcome="return", return_reason="补充依据。"
        )

        assert case.open_tasks == ["task_propose_tolerance"]

    def test_that_is_refused_leads_to_the_usual_course(self, jiangsu: Rectifiers):
        case = jiangsu.matter()
        self.ask(jiangsu, case)
        jiangsu.crew.do(case, "task_propose_tolerance")
        jiangsu.crew.do(case, "task_legal_tolerance")
        jiangsu.crew.do(case, "task_approve_tolerance", tolerance_outcome="refused")

        assert case.open_tasks == ["task_assess_impact"]
        assert case.letters("tolerance_determination") == []


class TestExplanation:
    def test_is_returned_once_and_not_again(self, team: Rectifiers):
        crew, case = team.crew, team.notify(team.matter(), **ONE)
        crew.do(case, "task_explain")
        again = {"plan_outcome": "return", "return_reason": "没有完成日期。"}
        crew.office.go_to(at("2026-09-02 10:00"))
        crew.do(case, "task_review_plan", new_due=team.day(7), **again)

        assert str(case.due("explanation")) == "2026-09-09"
        crew.do(case, "task_explain")
        page = crew.do_badly(case, "task_review_plan", new_due=team.day(9), **again)

        assert "不能再退" in page.said

    def test_that_never_comes_is_noted_by_a_person(self, team: Rectifiers):
        crew, case = team.crew, team.notify(team.matter(), **ONE)
        crew.office.go_to(at("2026-09-15 10:00"))

        assert case.letter("supervision_letter").status == "draft"
        assert case.letter("supervision_letter").addressee_id == crew.office.organisation(UNIT)
        crew.do(case, "task_judge_silence")

        assert case.open_tasks == [f"task_report_item {UNIT}"]
        assert case.ledger("explanation")[-1][0] == "stopped"

    def test_that_comes_late_lifts_the_question(self, team: Rectifiers):
        crew, case = team.crew, team.notify(team.matter(), **ONE)
        crew.office.go_to(at("2026-09-15 10:00"))
        explained(team, case)

        assert "task_judge_silence" not in case.open_tasks

    def test_of_a_company_is_entered_from_paper(self, team: Rectifiers):
        crew, case = team.crew, team.notify(team.matter(""), **ONE)
        crew.office.go_to(at("2026-09-15 10:00"))

        # A company is reminded; nobody supervises it as a peer.
        assert case.letters("supervision_letter") == []
        explained(team, case)
        assert case.open_tasks == ["task_report_item JLDRC"]


class TestItems:
    def test_are_reminded_three_times_and_then_interviewed(self, team: Rectifiers):
        case = team.notify(team.matter(), **ONE)
        explained(team, case)
        missed(team, case)

        assert case.fired[-1] == "rectification@overdue"
        # Before the long holiday three working days lie further back than four fifths.
        assert sorted(case.fired[-4:-1]) == [
            "rectification@rec.remind1",
            "rectification@rec.remind2",
            "rectification@rec.remind3",
        ]
        assert case.open_tasks == [f"task_plan_reminder {RECOGNISER}"]

    def test_struck_off_do_not_come_back(self, team: Rectifiers):
        case = team.notify(team.matter())
        explained(team, case)
        team.item(case, "task_report_item", "1")
        team.item(case, "task_verify_item", "1")
        team.item(case, "task_report_item", "2")
        team.item(case, "task_verify_item", "2", verify_outcome="not_done")
        interview(team, case, "reminder")

        assert [row.item for row in case.tasks("task_report_item") if row.status == "open"] == ["2"]
        team.item(case, "task_report_item", "2")
        team.item(case, "task_verify_item", "2")
        assert case.open_tasks == ["task_conclude_rectification"]

    def test_stop_the_deadline_when_all_are_reported(self, team: Rectifiers):
        case = team.notify(team.matter(), **ONE)
        explained(team, case)
        team.item(case, "task_report_item", "1")
        team.crew.office.go_to(at("2026-10-30 10:00"))

        assert case.open_tasks == [f"task_verify_item {VERIFIER}"]
        assert case.ledger("rectification")[-1][0] == "stopped"

    def test_are_never_verified_by_the_unit(self, team: Rectifiers):
        crew, case = team.crew, team.notify(team.matter(""), **ONE)
        explained(team, case)
        team.item(case, "task_report_item", "1")

        assert case.open_tasks == [f"task_verify_item {VERIFIER}"]
        task = case.task("task_verify_item")
        unit = crew.holder("department_officer", UNIT)
        page = unit.get(f"/tasks/{task.id}", status=404)
        assert page.status == 404


class TestInterviews:
    def test_enter_the_credit_file_and_bring_a_new_day(self, team: Rectifiers):
        case = team.notify(team.matter(), **ONE)
        explained(team, case)
        missed(team, case)
        interview(team, case, "reminder")

        record = case.letter("reminder_interview_record")
        assert record.is_for_subject
        assert case.letter("reminder_interview_notice").number
        assert case.row.flags["interviews"][0]["level"] == "reminder"
        assert str(case.due("rectification")) >= team.day(20)

    def test_go_up_to_the_platform_where_a_rule_asks_for_it(self, team: Rectifiers):
        crew, case = team.crew, team.notify(team.matter(), **ONE)
        explained(team, case)
        missed(team, case)
        crew.do(case, "task_plan_reminder", held_on=team.day(3))
        crew.issue(case)
        crew.do(case, "task_hold_reminder", new_deadline=team.day(20))

        # R46: sending it up holds up nobody who rectifies.
        assert case.open_tasks == ["task_push_interview", f"task_report_item {UNIT}"]

    def test_stay_in_the_credit_file_where_no_rule_asks_for_more(self, team: Rectifiers):
        crew = team.crew
        pack = packs.change(packs.read("office"), "rec.interview.record", value=["credit_file"])
        packs.put_into_force(crew, {**pack, "version": "2026-12-01"})
        case = team.notify(team.matter(), **ONE)
        explained(team, case)
        missed(team, case)
        crew.do(case, "task_plan_reminder", held_on=team.day(3))
        crew.issue(case)
        crew.do(case, "task_hold_reminder", new_deadline=team.day(20))

        assert case.letter("reminder_interview_record").is_for_subject
        assert case.open_tasks == [f"task_report_item {UNIT}"]

    def test_that_help_at_the_second_time_end_well(self, team: Rectifiers):
        case = team.notify(team.matter(), **ONE)
        explained(team, case)
        for level in ("reminder", "warning"):
            missed(team, case)
            interview(team, case, level)
        team.item(case, "task_report_item", "1")
        team.item(case, "task_verify_item", "1")
        team.crew.do(case, "task_conclude_rectification")

        assert case.end == "end_rectified"


class TestEscalation:
    def test_needs_a_person_and_waits_for_every_receipt(self, team: Rectifiers):
        crew, case = team.crew, team.notify(team.matter(), **ONE)
        warned(team, case)

        assert case.open_tasks == ["task_propose_escalation"]
        measures = ["superior", "audit"]
        crew.do(case, "task_propose_escalation", measures=measures)
        crew.do(
            case,
            "task_legal_escalation",
            legal_escalation_outcome="return",
            return_reason="写明条款。",
        )
        crew.do(case, "task_propose_escalation", measures=measures)
        crew.do(case, "task_legal_escalation")
        crew.do(
            case, "task_confirm_escalation", escalation_outcome="return", return_reason="再核对。"
        )
        crew.do(case, "task_propose_escalation", measures=measures)
        crew.do(case, "task_legal_escalation")
        crew.do(case, "task_confirm_escalation")
        assert case.letters("referral_letter") == []
        for measure in measures:
            team.item(case, "task_draft_referral", measure, answer_by=team.day(20))
        team.item(
            case,
            "task_sign_referral",
            "audit",
            referral_outcome="return",
            return_reason="写明金额。",
        )
        team.item(case, "task_draft_referral", "audit", answer_by=team.day(20))
        for measure in measures:
            team.item(case, "task_sign_referral", measure)

        assert case.letter("superior_report").number
        assert case.letter("referral_letter").number
        team.item(case, "task_enter_referral_receipt", "audit")
        assert case.row.status == "open"
        crew.office.go_to(at(f"{team.day(30)} 10:00"))
        assert "referral@overdue" in case.fired
        # E: who owes a receipt is asked, never supervised.
        assert case.letters("supervision_letter") == []
        team.item(case, "task_enter_referral_receipt", "superior")

        assert (case.end, case.row.outcome) == ("end_escalated", "escalated")

    def test_offers_only_what_the_pack_has_for_the_subject(self, team: Rectifiers):
        crew, case = team.crew, team.notify(team.matter(""), **ONE)
        warned(team, case)

        crew.office.before_act()
        handler = crew.holder("handler")
        task = case.task("task_propose_escalation")
        page = handler.get(f"/tasks/{task.id}")
        if page.has_form(f"/tasks/{task.id}/claim"):
            page = handler.send(page.form(f"/tasks/{task.id}/claim"))
        assert page.form_to(f"/tasks/{task.id}").options("measures") == ["watch_list"]
