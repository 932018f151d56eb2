"""Leniency lightens a sanction: whom the region's rule covers, what it may give, who decides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.acceptance.case_file import CaseFile
from tests.acceptance.conftest import Begin
from tests.acceptance.repair_crew import RepairCrew, file_at_window, repair_answers

PERSON_RECORD = "XY-220500-2026-00020"  # a civil servant's, sanctioned by THHR
PROVINCE_RECORD = "XY-220000-2026-00036"  # a civil servant's of the province


def request(number: str = PERSON_RECORD, **other: Any) -> dict[str, Any]:
    """Return what the window clerk enters of a request for leniency."""
    said = repair_answers(number)
    said.pop("performance")
    return {
        **said,
        "conditions": ["loss_recovered"],
        "statement": "处分后已主动退还全部款项。",
        **other,
    }


@pytest.fixture
def crew(begin: Begin) -> RepairCrew:
    return RepairCrew(begin("2026-11-02 10:00"))


def register(crew: RepairCrew, **answers: Any) -> CaseFile:
    """Enter a request and let the window check whose it is."""
    case = file_at_window(crew.holder("window_clerk"), "leniency", request(**answers))
    crew.do(case, "task_check_identity")
    return case


def panel_of(crew: RepairCrew) -> list[str]:
    return [crew.office.organisation("THHR"), crew.office.organisation("THHUD")]


def hear(crew: RepairCrew, **check: Any) -> CaseFile:
    """Go on to where every opinion is in."""
    case = register(crew)
    crew.do(case, "task_check_leniency", **{"panel": panel_of(crew), **check})
    for body in ("THHR", "THHUD"):
        crew.do(case, "task_give_opinion", body=body)
    crew.do(case, "task_legal_opinion")
    return case


class TestDecision:
    def test_lightens_each_sanction_and_is_served(self, crew: RepairCrew):
        case = hear(crew)
        crew.do(case, "task_panel_minutes")
        crew.do(case, "task_approve_leniency")
        crew.change(case, new_measure="限制评优评先（六个月）")
        said = "".join(case.letter("leniency_decision").letter["paragraphs"])
        crew.issue(case)

        assert case.number.startswith("CQ-")
        assert case.end == "end_lenient"
        assert "从轻实施失信惩戒" in said
        assert "不是信用修复" in said
        sanction = next(iter(case.sanctions.values()))
        assert sanction.status == "in_force"
        assert sanction.measure == "限制评优评先（六个月）"
        assert case.record.repaired_on is None
        assert "公务员法" in str(case.letter("leniency_decision").letter["remedies"])

    def test_is_pressed_for_until_each_department_confirms(self, crew: RepairCrew):
        """R57, R123: two reminders while the term runs, then a supervision letter."""
        case = hear(crew)
        crew.do(case, "task_panel_minutes")
        crew.do(case, "task_approve_leniency")
        crew.office.go_to(crew.office.clock.now() + timedelta(days=40))

        assert case.letters("supervision_letter")
        assert any(each.startswith("task_confirm_change") for each in case.open_tasks)
        crew.change(case, new_measure="限制评优评先（六个月）")
        crew.issue(case)
        assert case.end == "end_lenient"

    def test_waives_a_sanction_where_the_region_may(self, crew: RepairCrew):
        case = hear(crew)
        crew.do(case, "task_panel_minutes", proposed_effect="reduced_or_waived")
        crew.do(case, "task_approve_leniency")
        crew.change(case)

        assert {row.status for row in case.sanctions.values()} == {"lifted"}

    def test_refused_leaves_every_sanction(self, crew: RepairCrew):
        case = hear(crew)
        crew.do(case, "task_panel_minutes", proposed_effect="none", met_conditions=["none"])
        crew.do(case, "task_approve_leniency")
        crew.issue(case)

        assert case.end == "end_not_lenient"
        assert {row.status for row in case.sanctions.values()} == {"in_force"}

    def test_goes_back_to_the_meeting_when_it_is_returned(self, crew: RepairCrew):
        case = hear(crew)
        crew.do(case, "task_panel_minutes")
        crew.do(
            case,
            "task_approve_leniency",
            approval_outcome="return",
            return_reason="纪要缺纪检监察意见",
        )

        assert case.open_tasks == ["task_panel_minutes"]

    def test_needs_one_of_the_conditions(self, crew: RepairCrew):
        case = hear(crew)
        crew.do(case, "task_panel_minutes", met_conditions=["none"], status=422)

        assert case.open_tasks == ["task_panel_minutes"]

    @pytest.mark.parametrize(
        ("condition"), ["loss_recovered", "effects_eliminated", "harm_prevented"]
    )
    def test_is_carried_by_any_one_condition(self, crew: RepairCrew, condition):
        case = hear(crew)
        crew.do(case, "task_panel_minutes", met_conditions=[condition])

        assert case.open_tasks == ["task_approve_leniency"]


class TestRegion:
    """Tonghua's papers cover more subjects and effects than Jilin's own (R23, R24, O-7)."""

    def hear(self, crew: RepairCrew, number: str) -> CaseFile:
        case = register(crew, number=number)
        crew.do(case, "task_check_leniency", panel=panel_of(crew)[:1])
        crew.do(case, "task_give_opinion", body="THHR")
        crew.do(case, "task_legal_opinion")
        return case

    @pytest.mark.parametrize(
        ("number", "effect", "status"),
        [
            (PERSON_RECORD, "exempted", 200),
            (PROVINCE_RECORD, "exempted", 422),
            (PROVINCE_RECORD, "reduced_or_waived", 200),
            (PROVINCE_RECORD, "lighter", 200),
        ],
    )
    def test_gives_only_the_effects_of_its_rule(self, crew: RepairCrew, number, effect, status):
        case = self.hear(crew, number)
        crew.do(case, "task_panel_minutes", proposed_effect=effect, status=status)

        expected = "task_approve_leniency" if status == 200 else "task_panel_minutes"
        assert case.open_tasks == [expected]

    @pytest.mark.parametrize(
        ("person_class", "applies"),
        [("civil_servant", True), ("public_institution_staff", True), ("other", False)],
    )
    def test_covers_only_its_subjects(self, crew: RepairCrew, person_class, applies):
        case = register(crew)
        crew.do(case, "task_check_leniency", panel=panel_of(crew), person_class=person_class)

        assert ("task_approve_not_applicable" in case.open_tasks) != applies

    def test_of_the_province_covers_civil_servants_alone(self, crew: RepairCrew):
        case = register(crew, number=PROVINCE_RECORD)
        crew.do(
            case,
            "task_check_leniency",
            panel=panel_of(crew),
            person_class="public_institution_staff",
        )

        # Jilin's own rule names civil servants alone (R23).
        assert case.open_tasks == ["task_approve_not_applicable"]

    def test_says_so_in_a_letter_with_remedies(self, crew: RepairCrew):
        case = register(crew)
        crew.do(case, "task_check_leniency", panel=panel_of(crew), person_class="government_body")
        crew.do(case, "task_approve_not_applicable")
        crew.issue(case)

        assert case.end == "end_not_applicable"
        assert case.letter("leniency_not_applicable").letter["remedies"]

    def test_is_examined_again_when_the_approver_disagrees(self, crew: RepairCrew):
        case = register(crew)
        crew.do(case, "task_check_leniency", panel=panel_of(crew), person_class="other")
        crew.do(
            case,
            "task_approve_not_applicable",
            not_applicable_outcome="return",
            return_reason="任职证明显示为公务员",
        )

        assert case.open_tasks == ["task_check_leniency"]


class TestCase:
    def test_of_a_person_is_restricted_and_has_no_clock_before_a_day_is_set(self, crew: RepairCrew):
        case = register(crew)

        assert case.row.is_restricted
        assert case.clocks() == []
        crew.do(case, "task_check_leniency", panel=panel_of(crew))
        assert str(case.due("reply")) == "2026-12-31"

    def test_reminds_on_the_day_that_was_set(self, crew: RepairCrew):
        case = register(crew)
        crew.do(case, "task_check_leniency", panel=panel_of(crew), decide_until="2026-11-10")
        crew.office.go_to(crew.at("2026-11-10 10:00"))

        assert "reply@due" in case.fired
        assert case.letters("supervision_letter") == []

    def test_without_a_record_decides_for_what_may_come(self, crew: RepairCrew):
        case = register(crew, record_reference="")
        crew.do(
            case,
            "task_check_leniency",
            panel=panel_of(crew),
            record_exists="no",
            record_id=None,
        )
        for body in ("THHR", "THHUD"):
            crew.do(case, "task_give_opinion", body=body)
        crew.do(case, "task_legal_opinion")
        crew.do(case, "task_panel_minutes")
        crew.do(case, "task_approve_leniency")
        crew.issue(case)

        assert case.end == "end_lenient"
        assert case.letters("sanction_change_notice") == []

    @pytest.mark.parametrize("channel", ["post", "transferred"])
    def test_comes_in_on_other_ways_too(self, crew: RepairCrew, channel):
        case = register(crew, channel=channel)

        assert case.row.channel == channel
        assert case.open_tasks == ["task_check_leniency"]

    def test_is_filed_at_home(self, crew: RepairCrew):
        visitor = crew.subject
        form = visitor.get("/portal/file?body=JLDRC&kind=leniency").form_to("/portal/file")
        said = request()
        for name in ("channel", "application_scan"):
            said.pop(name)
        page = visitor.send(form.fill({**said, "truthful": True}))

        assert any(each.startswith("CQ-220500") for each in page.codes)

    def test_follows_from_another_case(self, crew: RepairCrew):
        first = crew.office_objection(PERSON_RECORD)
        case = crew.open_following(first, kind="leniency")

        assert case.open_tasks == ["task_check_leniency"]
        assert case.letters() == []
