"""Credit repair from the application to the repaired record, and what its decision brings."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import Begin
from tests.acceptance.repair_crew import GOVERNMENT_RECORD, RECORD, RepairCrew
from tests.acceptance.subject import SubjectAtHome

BANK = "吉林澄江农村商业银行"


@pytest.fixture
def crew(begin: Begin) -> RepairCrew:
    return RepairCrew(begin("2026-11-02 10:00"))


class TestWholeCase:
    def test_repairs_the_record_and_keeps_it(self, crew: RepairCrew):
        case = crew.to_decision()
        crew.carry_out(case)
        crew.issue(case)

        assert case.number == "XF-220100-2026-00001"
        assert case.end == "end_repaired"
        record = case.record
        assert not record.is_published
        assert record.publicity_ended_on == record.sharing_ended_on == crew.office.today
        assert record.repaired_on == crew.office.today
        assert {row.status for row in case.sanctions.values()} == {"lifted"}
        marks = [version.content.get("mark") for version in case.versions]
        assert marks[0] is None
        assert set(marks[1:-1]) == {"unpublish", "unshare"}
        assert marks[-1] == "repair"
        assert case.versions[0].content["items"] == case.versions[-1].content["items"]
        assert [clock.status for clock in case.clocks()] == ["stopped"] * len(case.clocks())
        assert {letter.item for letter in case.letters("repair_report")} == {"city", "national"}
        assert "已修复" in crew.subject.enter(case.code).said

    def test_tells_whoever_had_queried_the_record(self, crew: RepairCrew):
        case = crew.to_decision()
        crew.carry_out(case)

        assert BANK in case.letter("repair_statement").addressee
        assert all(query.told_at for query in case.queries)

    def test_does_not_wait_for_service_of_the_decision(self, crew: RepairCrew):
        case = crew.to_decision()

        assert not case.record.is_published
        crew.carry_out(case)
        assert case.open_tasks == ["task_draft_letter"]
        assert case.row.status == "open"
        assert case.clock("reply").status == "running"

    def test_stays_open_until_every_department_has_lifted(self, crew: RepairCrew):
        case = crew.to_decision(GOVERNMENT_RECORD)
        bodies = crew.to_lift(case)
        assert len(bodies) == 2
        crew.issue(case)
        crew.lift(case, bodies[0])

        assert crew.to_lift(case) == bodies[1:]
        assert case.row.status == "open"
        assert case.record.repaired_on is None

    def test_is_reported_again_when_a_platform_sends_it_back(self, crew: RepairCrew):
        case = crew.to_decision()
        crew.issue(case)
        first = next(each for each in case.tasks("task_report_repair") if each.status == "open")
        crew.do_report(
            case, first, repair_report_outcome="rejected", rejection_reason="主体代码缺一位，已补"
        )

        waiting = [each for each in case.tasks("task_report_repair") if each.status == "open"]
        assert first.item in {each.item for each in waiting}
        crew.carry_out(case)
        assert case.end == "end_repaired"


class TestDecision:
    def test_in_part_repairs_what_was_granted_and_leaves_the_rest(self, crew: RepairCrew):
        case = crew.to_opinion(GOVERNMENT_RECORD, conclusion="partly_performed")
        keep, lift = sorted(case.sanctions, key=lambda each: each)
        crew.approve(
            case,
            "grant_partly",
            granted_items="@first_item",
            granted_sanctions=[case.sanctions[lift].id],
        )
        crew.carry_out(case)
        crew.issue(case)

        assert case.end == "end_repaired"
        assert case.row.outcome == "granted_partly"
        assert case.record.is_published
        assert case.record.repaired_on is None
        assert case.versions[-1].content["repaired_items"] == ["拖欠金额"]
        assert case.sanctions[lift].status == "lifted"
        assert case.sanctions[keep].status == "in_force"
        assert case.letters("repair_statement") == []

    def test_refused_changes_nothing_and_names_remedies(self, crew: RepairCrew):
        case = crew.to_opinion(conclusion="not_performed")
        crew.approve(case, "refuse")
        crew.issue(case)

        assert case.end == "end_refused"
        assert case.record.is_published
        assert {row.status for row in case.sanctions.values()} == {"in_force"}
        assert "行政复议" in str(case.letter("repair_decision").letter["remedies"])

    @pytest.mark.parametrize(
        ("conclusion", "decision"),
        [
            ("not_performed", "grant"),
            ("not_performed", "grant_partly"),
            ("partly_performed", "grant"),
        ],
    )
    def test_may_not_go_beyond_the_recogniser(self, crew: RepairCrew, conclusion, decision):
        case = crew.to_opinion(conclusion=conclusion)

        crew.do(
            case, "task_propose_repair", decision=decision, granted_items="@first_item", status=422
        )

        assert case.open_tasks == ["task_propose_repair"]

    def test_goes_back_to_the_recogniser_for_another_check(self, crew: RepairCrew):
        case = crew.to_opinion(conclusion="not_performed")
        crew.later()
        crew.do(
            case,
            "task_propose_repair",
            decision="return",
            return_reason="缴款凭证已由银行核实，请复查",
        )
        crew.later()
        crew.do(case, "task_accept_repair")
        crew.do(case, "task_check_performance")
        crew.approve(case, "grant")

        assert case.row.flags["repair_outcome"] == "granted"
        assert len(case.letters("repair_push")) == 1

    @pytest.mark.parametrize(
        ("element", "outcome"),
        [
            ("task_review_repair", "review_outcome"),
            ("task_legal_review_repair", "legal_outcome"),
            ("task_approve_repair", "approval_outcome"),
        ],
    )
    def test_is_proposed_again_when_it_is_returned(self, crew: RepairCrew, element, outcome):
        case = crew.to_opinion(conclusion="not_performed")
        crew.do(case, "task_propose_repair", decision="refuse")
        for step in ("task_review_repair", "task_legal_review_repair", "task_approve_repair"):
            if step == element:
                crew.do(case, step, **{outcome: "return", "return_reason": "第二段依据不确切"})
                break
            crew.do(case, step)

        assert case.open_tasks == ["task_propose_repair"]

    def test_needs_another_person_than_who_proposed_it(self, crew: RepairCrew):
        case = crew.to_opinion()
        crew.do(case, "task_propose_repair")
        crew.do(case, "task_review_repair")

        task = case.task("task_approve_repair")
        assert task.role == "approver"
        assert {task.done_by_id for task in case.tasks("task_propose_repair")}.isdisjoint(
            {task.done_by_id for task in case.tasks("task_review_repair")}
        )


class TestStart:
    def test_at_home_gives_receipt_and_code(self, crew: RepairCrew):
        visitor: SubjectAtHome = crew.subject
        form = visitor.get("/portal/file?body=JLDRC&kind=credit_repair").form_to("/portal/file")
        page = visitor.send(form.fill(crew.portal_answers(RECORD)))

        number = next(each for each in page.codes if each.startswith("XF-"))
        assert number == "XF-220100-2026-00001"
        # The ten working days are unconfirmed: outside the office nothing is said of them (N5, E).
        assert "11月16日" not in page.said
        assert "2026-11-16" not in page.said

    @pytest.mark.parametrize("channel", ["window", "post", "pushed"])
    def test_on_paper_is_numbered_and_clocked(self, crew: RepairCrew, channel):
        case = crew.register(channel=channel)

        assert case.row.channel == channel
        assert case.open_tasks == ["task_check_repair"]
        assert case.clock("reply").rule["key"] == "rep.feedback"
        assert not case.clock("reply").rule["confirmed"]
        assert str(case.due("reply")) == "2026-11-16"
        assert [letter.kind for letter in case.letters()] == ["receipt"]
        assert "term" not in str(case.letter("receipt").letter["rows"])

    def test_by_the_recogniser_needs_no_acceptance(self, crew: RepairCrew):
        case = crew.register(GOVERNMENT_RECORD, channel="transferred")
        assert case.clocks() == []
        crew.do(case, "task_check_repair", tier="serious", duties="to_be_checked")

        assert case.open_tasks == ["task_check_performance THHUD"]
        crew.do(case, "task_check_performance")
        crew.approve(case, "grant")
        crew.carry_out(case)
        crew.issue(case)
        assert case.end == "end_repaired"

    def test_with_a_penalty_serves_the_notice(self, crew: RepairCrew):
        case = crew.register(channel="ex_officio", ex_officio_matter="penalty_decided")
        assert case.open_tasks == ["task_draft_letter"]
        crew.issue(case)

        assert case.end == "end_notified"
        assert case.letter("repair_notice").status == "served"
        assert case.record.is_published


class TestReminder:
    def test_goes_out_before_the_result_is_due_and_on_its_day(self, crew: RepairCrew):
        case = crew.register()
        crew.office.go_to(crew.at("2026-11-18 10:00"))

        assert "reply@rep.feedback.remind" in case.fired
        assert {"reply@due", "reply@overdue"} <= set(case.fired)
        # An unconfirmed term supervises nobody outside: the supervisor is told, no letter drafted.
        assert case.letters("supervision_letter") == []


class TestWithdrawal:
    def test_ends_the_case_when_the_window_confirms_it(self, crew: RepairCrew):
        case = crew.to_opinion()
        crew.subject.enter(case.code)
        crew.holder("window_clerk").act_on(case, "withdrawal", is_voluntary="yes", confirmed=True)
        crew.do(case, "task_confirm_repair_withdrawal")

        assert case.end == "end_withdrawn"
        assert case.record.is_published

    def test_is_refused_when_it_is_not_the_applicants_wish(self, crew: RepairCrew):
        case = crew.register()
        crew.holder("window_clerk").act_on(case, "withdrawal", is_voluntary="no", confirmed=True)
        crew.do(
            case,
            "task_confirm_repair_withdrawal",
            withdrawal_outcome="refused",
            refusal_reason="申请人称有人要求撤回",
        )

        assert case.open_tasks == ["task_check_repair"]


class TestRevokedBase:
    def test_moves_to_the_withdrawal_of_the_penalty(self, crew: RepairCrew):
        case = crew.to_opinion()
        crew.holder("handler").act_on(
            case, "penalty_base_revoked", **crew.said("penalty_base_revoked")
        )
        crew.office.tick()

        assert case.end == "end_superseded"
        assert case.letter("repair_superseded")
        following = crew.following(case)
        assert following.row.kind == "objection"
        assert following.row.channel == "transferred"
        assert following.row.record_id == case.row.record_id
