"""May the record be repaired, and if not yet, when: what the examination finds and answers."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import Begin
from tests.acceptance.repair_crew import GOVERNMENT_RECORD, RECORD, RepairCrew, confirm


@pytest.fixture
def crew(begin: Begin) -> RepairCrew:
    return RepairCrew(begin("2026-11-02 10:00"))


@pytest.fixture
def early(begin: Begin) -> RepairCrew:
    """The penalty's three months are over on 10-20, those of its publication on 10-27."""
    return RepairCrew(begin("2026-10-22 10:00"))


class TestPeriod:
    def test_is_over_from_whichever_day_it_counts(self, crew: RepairCrew):
        case = crew.examine(tier="general")

        assert case.open_tasks == ["task_accept_repair THMKT"]

    def test_is_settled_by_a_person_while_its_start_is_unconfirmed(self, early: RepairCrew):
        case = early.examine(tier="general")
        assert case.open_tasks == ["task_settle_period"]
        assert case.row.flags["repair_candidates"] == {
            "penalty_date": "2026-07-20",
            "publish_date": "2026-07-27",
        }

        early.do(case, "task_settle_period", earliest_on="2026-10-20")
        assert case.open_tasks == ["task_accept_repair THMKT"]

    @pytest.mark.parametrize(
        ("start", "earliest"), [("publish_date", "2026-10-27"), ("penalty_date", "2026-10-20")]
    )
    def test_counts_by_the_start_rule_once_it_is_confirmed(
        self, early: RepairCrew, start, earliest
    ):
        confirm(early, "rep.periodStart", value=start)
        case = early.examine(tier="general")

        expected = "task_approve_refusal" if start == "publish_date" else "task_accept_repair THMKT"
        assert case.open_tasks == [expected]
        assert (case.row.flags["repair_earliest_on"] == earliest) == (start == "publish_date")

    def test_of_a_serious_record_is_a_year(self, early: RepairCrew):
        confirm(early, "rep.periodStart", value="publish_date")
        case = early.examine(tier="serious")

        assert case.row.flags["repair_earliest_on"] == "2027-07-27"

    def test_of_an_unknown_tier_is_settled_by_a_person(self, crew: RepairCrew):
        case = crew.examine(tier="unknown")

        assert case.open_tasks == ["task_settle_period"]

    def test_of_a_minor_record_is_none(self, early: RepairCrew):
        case = early.examine(tier="minor")

        assert case.open_tasks == ["task_accept_repair THMKT"]

    def test_is_of_the_old_order_for_an_application_received_before_april(self, begin: Begin):
        crew = RepairCrew(begin("2026-03-31 10:00"))
        case = crew.examine(GOVERNMENT_RECORD, tier="minor")
        # A government body waits for no period (N14).
        assert case.open_tasks == ["task_accept_repair THHUD"]

        old = crew.examine(RECORD, tier="minor", special_field="yes")
        # What is minor today had three months or a year then, and that is unconfirmed (N11).
        assert old.open_tasks == ["task_settle_period"]

    def test_is_of_the_new_order_from_april(self, begin: Begin):
        crew = RepairCrew(begin("2026-04-01 10:00"))
        case = crew.examine(tier="minor", special_field="yes")

        assert case.open_tasks == ["task_accept_repair THMKT"]


class TestNotYet:
    def test_names_the_earliest_day_and_its_basis(self, early: RepairCrew):
        case = early.examine(tier="general")
        early.do(case, "task_settle_period", earliest_on="2026-10-27")
        early.do(case, "task_approve_refusal")
        said = "".join(case.letter("repair_not_yet").letter["paragraphs"])
        early.issue(case)

        assert case.end == "end_not_yet"
        assert "最短公示期尚未届满" in said
        assert "2026年10月27日" in said
        assert "按公示之日起算" in said
        assert case.letter("repair_not_yet").letter["remedies"]
        assert "暂不符合修复条件" in early.subject.enter(case.code).said

    def test_lists_every_condition_that_is_missing(self, crew: RepairCrew):
        case = crew.examine(duties="not_performed", commitment_given="not_given")
        crew.do(case, "task_approve_refusal")

        said = "".join(case.letter("repair_not_yet").letter["paragraphs"])
        assert "信用承诺书" in said
        assert "尚未纠正" in said
        assert "最早可以申请" not in said

    @pytest.mark.parametrize(
        "check", [{"duties": "not_performed"}, {"commitment_given": "not_given"}]
    )
    def test_is_said_for_each_condition_alone(self, crew: RepairCrew, check):
        case = crew.examine(**check)

        assert case.open_tasks == ["task_approve_refusal"]
        assert len(case.row.flags["repair_reasons"]) == 1

    def test_is_examined_again_when_the_approver_returns_it(self, crew: RepairCrew):
        case = crew.examine(duties="not_performed")
        crew.do(
            case,
            "task_approve_refusal",
            refusal_outcome="return",
            return_reason="缴款凭证已在卷，请复核",
        )

        assert case.open_tasks == ["task_check_repair"]


class TestNotRepairable:
    def test_cites_the_provision_and_remedies(self, crew: RepairCrew):
        case = crew.examine(
            repairable="no", bar_provision="《信用修复管理办法》第二条：法律规定不可修复"
        )
        crew.do(case, "task_approve_refusal")
        said = "".join(case.letter("repair_not_repairable").letter["paragraphs"])
        crew.issue(case)

        assert case.end == "end_not_repairable"
        assert "第二条" in said
        assert "没有查到" not in said
        assert case.letter("repair_not_repairable").letter["remedies"]

    def test_says_when_there_is_no_such_record(self, crew: RepairCrew):
        case = crew.examine(record_exists="no")
        crew.do(case, "task_approve_refusal")

        said = "".join(case.letter("repair_not_repairable").letter["paragraphs"])
        assert f"没有查到属于你单位的该条信用记录（{RECORD}）" in said
        assert "不可修复" not in said


class TestSupplement:
    def ask(self, crew: RepairCrew, **more):
        return crew.examine(
            completeness="incomplete", supplement_list="信用承诺书\n授权委托书", **more
        )

    def test_is_asked_once_with_everything(self, crew: RepairCrew):
        case = self.ask(crew)
        said = "".join(case.letter("repair_supplement").letter["paragraphs"])
        assert "信用承诺书" in said
        assert "授权委托书" in said

        visitor = crew.subject
        visitor.enter(case.code)
        visitor.add()
        assert case.open_tasks == ["task_check_repair"]
        crew.do(case, "task_check_repair")
        assert case.open_tasks == ["task_accept_repair THMKT"]

    def test_is_never_asked_twice(self, crew: RepairCrew):
        case = self.ask(crew)
        visitor = crew.subject
        visitor.enter(case.code)
        visitor.add()
        crew.do(case, "task_check_repair", completeness="incomplete", supplement_list="信用承诺书")

        assert case.open_tasks == ["task_approve_refusal"]
        assert "仍不齐全" in case.row.flags["repair_reasons"][0]

    def test_that_stays_out_ends_nothing(self, crew: RepairCrew):
        case = self.ask(crew)
        crew.office.go_to(crew.at("2026-11-18 10:00"))

        assert case.open_tasks == ["task_check_repair"]
        assert case.row.status == "open"


class TestObjection:
    def test_is_waited_for(self, crew: RepairCrew):
        objection = crew.office_objection(RECORD)
        case = crew.examine()
        assert case.open_tasks == []
        crew.close_objection(objection)
        crew.holder("window_clerk").act_on(
            case, "objection_settled", **crew.said("objection_settled")
        )
        crew.do(case, "task_check_repair")

        assert case.open_tasks == ["task_accept_repair THMKT"]

    def test_that_lasts_is_told_to_the_applicant(self, crew: RepairCrew):
        crew.office_objection(RECORD)
        case = crew.examine()
        crew.office.go_to(crew.at("2026-11-17 10:00"))
        assert case.letter("repair_progress")

        crew.holder("handler").act_on(case, "objection_settled", **crew.said("objection_settled"))
        assert case.open_tasks == ["task_check_repair"]


class TestTransfer:
    def test_goes_to_the_competent_body_and_is_told(self, crew: RepairCrew):
        case = crew.examine(
            competence="elsewhere",
            transfer_to=crew.office.organisation("THMKT"),
            transfer_reason="经营异常名录信息在国家企业信用信息公示系统修复",
        )

        assert case.end == "end_transferred"
        assert case.letter("repair_transfer").addressee == "通化市市场监督管理局"
        assert "通化市市场监督管理局" in "".join(
            case.letter("repair_transfer_notice").letter["paragraphs"]
        )


class TestAcceptance:
    def test_is_refused_by_the_recogniser_with_reasons(self, crew: RepairCrew):
        case = crew.examine()
        crew.do(
            case,
            "task_accept_repair",
            accept_outcome="not_accepted",
            refusal_reason="该处罚由县局作出，本局未认定",
        )
        said = "".join(case.letter("repair_not_accepted").letter["paragraphs"])
        crew.issue(case)

        assert case.end == "end_refused"
        assert case.row.outcome == "not_accepted"
        assert "本局未认定" in said

    def test_is_told_without_the_unconfirmed_term(self, crew: RepairCrew):
        case = crew.examine()
        crew.do(case, "task_accept_repair")

        said = "".join(case.letter("repair_acceptance").letter["paragraphs"])
        assert "反馈期限" not in said
        assert not case.clock("accept").rule["confirmed"]

    def test_names_the_term_once_the_office_has_confirmed_it(self, crew: RepairCrew):
        confirm(crew, "rep.feedback")
        case = crew.examine()
        crew.do(case, "task_accept_repair")

        said = "".join(case.letter("repair_acceptance").letter["paragraphs"])
        assert "10个工作日" in said

    def test_that_is_late_is_reminded_and_told_to_the_supervisor(self, crew: RepairCrew):
        case = crew.examine()
        crew.office.go_to(crew.at("2026-11-09 10:00"))

        assert {"accept@rep.accept.remind", "accept@overdue"} <= set(case.fired)
        assert case.letters("supervision_letter") == []
        assert case.open_tasks == ["task_accept_repair THMKT"]

    def test_can_be_entered_from_a_stamped_letter(self, crew: RepairCrew):
        case = crew.examine()
        crew.enter_for(case, "task_accept_repair", body="THMKT")

        assert case.open_tasks == ["task_check_performance THMKT"]


class TestCheck:
    def test_that_is_late_drafts_a_supervision_letter(self, crew: RepairCrew):
        case = crew.examine()
        crew.do(case, "task_accept_repair")
        crew.office.go_to(crew.at("2026-11-09 10:00"))

        # The inner term for the check is the office's own and confirmed.
        assert case.letter("supervision_letter").status == "draft"

    def test_gets_no_more_time_without_a_rule(self, crew: RepairCrew):
        case = crew.to_opinion(conclusion="needs_time", time_reason="要到现场")

        assert case.open_tasks == ["task_check_performance THMKT"]
        assert case.clock("repair_check").extended_days == 0

    @pytest.mark.parametrize("agrees", [True, False])
    def test_gets_more_time_where_the_office_confirmed_a_rule(self, crew: RepairCrew, agrees):
        confirm(
            crew, "rep.extension", value={"times": 1, "max": 5, "total": 20, "approval": "approver"}
        )
        case = crew.to_opinion(conclusion="needs_time", time_reason="要到现场")
        assert case.open_tasks == ["task_approve_extension"]
        crew.do(
            case,
            "task_approve_extension",
            **(
                {}
                if agrees
                else {"extension_outcome": "not_extended", "refusal_reason": "三日内可以完成"}
            ),
        )

        assert case.open_tasks == ["task_check_performance THMKT"]
        assert case.clock("reply").extended_days == (5 if agrees else 0)
        assert bool(case.letters("repair_extension")) == agrees
