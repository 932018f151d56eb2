"""Repair without an application, and what may happen to it later: court, period, breach, copies."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import Begin
from tests.acceptance.repair_crew import GOVERNMENT_RECORD, RECORD, RepairCrew, confirm


@pytest.fixture
def crew(begin: Begin) -> RepairCrew:
    return RepairCrew(begin("2026-11-02 10:00"))


class TestShielding:
    def shield(self, crew: RepairCrew):
        case = crew.register(channel="court")
        crew.do(case, "task_examine_ruling")
        crew.do(case, "task_confirm_basis")
        crew.do(case, "task_approve_shielding")
        crew.change(case)
        return case

    def test_hides_the_record_and_suspends_each_sanction(self, crew: RepairCrew):
        case = self.shield(crew)

        assert case.record.is_display_suspended
        assert {row.status for row in case.sanctions.values()} == {"suspended"}
        said = "".join(case.letter("repair_shielded").letter["paragraphs"])
        assert "2027年12月31日" in said
        assert str(case.due("plan")) == "2027-12-31"
        assert case.open_tasks == []

    def test_becomes_repair_when_the_plan_was_performed(self, crew: RepairCrew):
        case = self.shield(crew)
        crew.later()
        crew.holder("handler").act_on(case, "plan_performed", **crew.said("plan_result"))
        crew.carry_out(case)
        crew.issue(case)

        assert case.end == "end_repaired"
        assert case.record.repaired_on == crew.office.today
        assert not case.record.is_display_suspended
        assert {row.status for row in case.sanctions.values()} == {"lifted"}

    def test_ends_when_the_plan_failed(self, crew: RepairCrew):
        case = self.shield(crew)
        crew.later()
        crew.holder("handler").act_on(case, "plan_failed", **crew.said("plan_result"))
        crew.change(case)

        assert case.end == "end_unchanged"
        assert case.row.outcome == "restored"
        assert not case.record.is_display_suspended
        assert case.record.is_published
        assert {row.status for row in case.sanctions.values()} == {"in_force"}
        assert "（2026）吉05破3号之二" in str(case.letter("repair_restored").letter)

    @pytest.mark.parametrize("result", ["performed", "failed", "running"])
    def test_asks_the_court_on_the_plans_last_day(self, crew: RepairCrew, result):
        case = crew.register(channel="court")
        crew.do(case, "task_examine_ruling", plan_until="2026-11-20")
        crew.do(case, "task_confirm_basis")
        crew.do(case, "task_approve_shielding")
        crew.change(case)
        crew.office.go_to(crew.at("2026-11-20 10:00"))
        assert case.open_tasks == ["task_ask_court"]

        later = {"plan_until": "2027-06-30"} if result == "running" else {}
        crew.do(case, "task_ask_court", plan_outcome=result, **later)

        if result == "running":
            assert case.open_tasks == []
            assert str(case.due("plan")) == "2027-06-30"
        elif result == "failed":
            crew.change(case)
            assert case.row.outcome == "restored"
        else:
            assert "task_confirm_publicity" in case.open_tasks

    def test_needs_no_basis_of_its_own_once_the_rule_is_confirmed(self, crew: RepairCrew):
        confirm(crew, "rep.bankruptcy")
        case = crew.register(channel="court")
        crew.do(case, "task_examine_ruling")

        assert case.open_tasks == ["task_approve_shielding"]

    @pytest.mark.parametrize("where", ["ruling", "basis", "approval"])
    def test_is_refused_with_a_letter(self, crew: RepairCrew, where):
        case = crew.register(channel="court")
        if where == "ruling":
            crew.do(case, "task_examine_ruling", ruling_outcome="not_effective", plan_until=None)
        else:
            crew.do(case, "task_examine_ruling")
            crew.do(
                case, "task_confirm_basis", basis_outcome="none" if where == "basis" else "found"
            )
        if where == "approval":
            crew.do(
                case,
                "task_approve_shielding",
                shielding_outcome="not_shielded",
                refusal_reason="裁定尚在复议期内",
            )

        assert case.end == "end_unchanged"
        assert case.row.outcome == "not_shielded"
        assert case.letter("repair_not_shielded")
        assert not case.record.is_display_suspended


class TestMaximumPeriod:
    def begin(self, crew: RepairCrew):
        return crew.register(channel="ex_officio", ex_officio_matter="max_period")

    def test_ends_publicity_when_the_recogniser_confirms(self, crew: RepairCrew):
        case = self.begin(crew)
        assert case.clocks()[0].name == "repair_check"
        crew.do(case, "task_check_performance")
        crew.do(case, "task_confirm_end_basis")
        crew.do(case, "task_decide_end")
        crew.carry_out(case)
        crew.issue(case)

        assert case.end == "end_repaired"
        assert not case.record.is_published
        assert case.row.flags["repair_words"] == "最长公示期届满，终止公示"

    def test_needs_no_basis_of_its_own_once_the_rule_is_confirmed(self, crew: RepairCrew):
        confirm(crew, "rep.autoEnd")
        case = self.begin(crew)
        crew.do(case, "task_check_performance")

        assert case.open_tasks == ["task_decide_end"]

    @pytest.mark.parametrize("decision", ["grant", "refuse"])
    def test_is_decided_by_a_person_when_duties_are_open(self, crew: RepairCrew, decision):
        confirm(crew, "rep.autoEnd")
        case = self.begin(crew)
        crew.do(case, "task_check_performance", check_outcome_repair="not_performed")
        crew.do(case, "task_confirm_end_basis", end_basis="must_not_end")
        crew.do(case, "task_decide_end", decision=decision)

        if decision == "refuse":
            assert case.end == "end_unchanged"
            assert case.row.outcome == "kept"
            assert case.record.is_published
        else:
            assert not case.record.is_published

    @pytest.mark.parametrize("is_confirmed", [True, False])
    def test_opens_by_itself_only_by_a_confirmed_rule(self, crew: RepairCrew, is_confirmed):
        if is_confirmed:
            confirm(crew, "rep.autoEnd")
        crew.end_period_on(RECORD, crew.at("2026-11-03").date())
        crew.office.go_to(crew.at("2026-11-05 10:00"))

        found = crew.cases_of("credit_repair")
        assert [case.row.channel for case in found] == (["ex_officio"] if is_confirmed else [])
        assert [case.open_tasks for case in found] == (
            [["task_check_performance THMKT"]] if is_confirmed else []
        )


class TestRevocation:
    def repaired(self, crew: RepairCrew):
        case = crew.to_decision()
        crew.carry_out(case)
        crew.issue(case)
        crew.later()
        return case

    def doubt(self, crew: RepairCrew, matter: str = "false_material", **answers):
        self.repaired(crew)
        case = crew.register(channel="reopened", reopened_matter=matter)
        crew.do(case, "task_examine_breach", **answers)
        return case

    @pytest.mark.parametrize("matter", ["false_material", "broken_commitment"])
    def test_hears_the_subject_then_restores_what_was_left(self, crew: RepairCrew, matter):
        case = self.doubt(crew, matter)
        said = "".join(case.letter("repair_breach_notice").letter["paragraphs"])
        assert "2026年12月15日" in said
        crew.issue(case)
        crew.holder("window_clerk").act_on(case, "statement", **crew.said("statement"))
        crew.do(case, "task_propose_revocation")
        crew.do(case, "task_legal_review_revocation")
        crew.do(case, "task_approve_revocation")
        crew.change(case)
        crew.issue(case)

        assert case.end == "end_revoked"
        record = case.record
        assert record.is_published
        assert record.repaired_on is None
        assert record.sharing_ended_on is None
        assert str(record.publicity_ends_on) == "2027-01-27"
        assert {row.status for row in case.sanctions.values()} == {"in_force"}
        assert case.versions[-1].content["breach"]["kind"] == "false_material"
        assert case.letter("repair_revoked").letter["remedies"]

    def test_has_a_sheet_of_its_own_for_its_second_letter(self, crew: RepairCrew):
        case = self.doubt(crew)
        crew.issue(case)
        crew.later()
        crew.holder("window_clerk").act_on(case, "statement", **crew.said("statement"))
        crew.do(case, "task_propose_revocation")
        crew.do(case, "task_legal_review_revocation")
        crew.do(case, "task_approve_revocation")
        crew.change(case)

        drafting = case.task("task_draft_letter").id
        page = crew.holder("handler").get(f"/tasks/{drafting}").said

        sheet = page[page.index("发文稿纸") : page.index("主送")]
        assert "签发待 陈立新" in sheet
        assert "11月2日" not in sheet

    def test_goes_on_without_a_statement_when_the_day_has_passed(self, crew: RepairCrew):
        case = self.doubt(crew)
        crew.issue(case)
        assert case.open_tasks == []
        crew.office.go_to(crew.at("2026-12-17 10:00"))

        assert case.open_tasks == ["task_propose_revocation"]
        assert case.clock("statement").status == "stopped"

    def test_is_proposed_again_when_it_is_returned(self, crew: RepairCrew):
        case = self.doubt(crew)
        crew.issue(case)
        crew.holder("handler").act_on(case, "statement", **crew.said("statement"))
        crew.do(case, "task_propose_revocation")
        crew.do(
            case, "task_legal_review_revocation", legal_outcome="return", return_reason="证据不足"
        )
        crew.do(case, "task_propose_revocation")
        crew.do(case, "task_legal_review_revocation")
        crew.do(
            case,
            "task_approve_revocation",
            revocation_outcome="return",
            return_reason="理由没有回应陈述",
        )

        assert case.open_tasks == ["task_propose_revocation"]

    @pytest.mark.parametrize("at_once", [True, False])
    def test_keeps_the_repair_when_it_is_unfounded(self, crew: RepairCrew, at_once):
        if at_once:
            case = self.doubt(crew, breach_outcome="unfounded", statement_until=None)
        else:
            case = self.doubt(crew)
            crew.issue(case)
            crew.holder("handler").act_on(case, "statement", **crew.said("statement"))
            crew.do(case, "task_propose_revocation", proposal="keep", publish_until=None)
            crew.do(case, "task_legal_review_revocation")
            crew.do(case, "task_approve_revocation", revocation_outcome="keep")

        assert case.end == "end_unchanged"
        assert case.row.outcome == "repair_kept"
        assert case.record.repaired_on is not None
        assert not case.record.is_published

    def test_begins_while_the_repair_is_still_carried_out(self, crew: RepairCrew):
        case = crew.to_decision()
        crew.issue(case)
        crew.holder("handler").act_on(case, "false_material", **crew.said("false_material"))

        assert case.open_tasks == ["task_examine_breach"]
        crew.do(case, "task_examine_breach")
        crew.issue(case)
        crew.holder("handler").act_on(case, "statement", **crew.said("statement"))
        crew.do(case, "task_propose_revocation")
        crew.do(case, "task_legal_review_revocation")
        crew.do(case, "task_approve_revocation")
        crew.change(case)
        crew.issue(case)
        assert case.end == "end_revoked"
        assert case.record.is_published


class TestThirdParty:
    def write(self, crew: RepairCrew):
        case = crew.register(channel="reopened", reopened_matter="third_party")
        crew.do(case, "task_note_third_party")
        assert case.letter("repair_third_party").addressee == "某企业信息查询平台"
        crew.issue(case)
        return case

    def test_is_closed_when_it_has_corrected(self, crew: RepairCrew):
        case = self.write(crew)
        crew.holder("handler").act_on(
            case, "third_party_corrected", **crew.said("third_party_corrected")
        )

        assert case.end == "end_third_party"
        assert case.clock("third_party").status == "stopped"

    def test_is_referred_when_it_has_not(self, crew: RepairCrew):
        case = self.write(crew)
        crew.office.go_to(crew.at("2026-12-21 10:00"))
        assert case.open_tasks == ["task_escalate_third_party"]
        crew.do(case, "task_escalate_third_party")

        assert case.end == "end_third_party"

    def test_seen_during_the_repair_opens_a_case_of_its_own(self, crew: RepairCrew):
        case = crew.to_decision()
        crew.holder("handler").act_on(case, "third_party_seen", **crew.said("third_party_seen"))
        crew.office.tick()

        following = crew.following(case)
        assert following.open_tasks == ["task_note_third_party"]
        assert case.row.status == "open"


class TestFromAnotherCase:
    def test_begins_with_the_examination_and_without_a_clock(self, crew: RepairCrew):
        first = crew.office_objection(GOVERNMENT_RECORD)
        case = crew.open_following(first, kind="credit_repair")

        assert case.open_tasks == ["task_check_repair"]
        assert case.clocks() == []
        assert case.letters() == []
        assert case.row.record_id == first.row.record_id
        assert RECORD not in case.row.title
