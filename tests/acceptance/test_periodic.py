"""What the calendar brings: the quarterly dispatch and the half-yearly inspection (R128, R129)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.acceptance.business_day import at
from tests.acceptance.case_file import CaseFile
from tests.acceptance.conftest import Begin
from tests.acceptance.crew import Crew
from workflows.models import Case


@pytest.fixture
def crew(begin: Begin) -> Crew:
    return Crew(begin("2026-04-01 09:00"))


def begun(crew: Crew, kind: str) -> list[CaseFile]:
    with crew.office.reading() as session:
        query = select(Case.id).where(Case.kind == kind).order_by(Case.registered_at)
        return [CaseFile(crew.office, case_id) for case_id in session.scalars(query)]


def planned_dispatch(crew: Crew, **answers: str) -> CaseFile:
    crew.office.tick()
    case = begun(crew, "dispatch")[0]
    bodies = [crew.office.organisation(code) for code in ("THHUD", "THFIN")]
    crew.do(case, "task_plan_dispatch", bodies=bodies, due_on="2026-04-24", **answers)
    return case


class TestOpening:
    def test_opens_each_process_once_a_period(self, crew: Crew):
        for day in ("2026-04-01", "2026-05-20", "2026-06-30"):
            crew.office.go_to(at(f"{day} 09:30"))
            crew.office.tick()

        assert [case.row.title for case in begun(crew, "dispatch")] == ["2026Q2"]
        assert [case.row.title for case in begun(crew, "inspection")] == ["2026H1"]

        crew.office.go_to(at("2026-07-01 09:30"))
        crew.office.tick()

        assert [case.row.title for case in begun(crew, "dispatch")] == ["2026Q2", "2026Q3"]
        assert [case.row.title for case in begun(crew, "inspection")] == ["2026H1", "2026H2"]


class TestDispatch:
    def test_asks_each_department_and_counts_to_the_day_a_person_set(self, crew: Crew):
        case = planned_dispatch(crew)

        assert case.open_tasks == ["task_report_progress THFIN", "task_report_progress THHUD"]
        assert str(case.due("dispatch", body="THHUD")) == "2026-04-24"
        assert all(letter.number for letter in case.letters("dispatch_notice"))

    def test_drafts_a_supervision_letter_for_who_stays_silent(self, crew: Crew):
        case = planned_dispatch(crew)
        crew.do(case, "task_report_progress", body="THFIN")

        crew.office.go_to(at("2026-04-27 10:00"))

        assert case.letter("supervision_letter").status == "draft"
        assert case.ledger("dispatch", body="THFIN")[-1][0] == "stopped"

    def test_ends_with_one_circular_to_all(self, crew: Crew):
        case = planned_dispatch(crew)
        for body in ("THFIN", "THHUD"):
            crew.do(case, "task_report_progress", body=body)
        crew.do(case, "task_summarise_dispatch")
        crew.do(case, "task_approve_circular", circular_outcome="returned")
        crew.do(case, "task_summarise_dispatch", overdue_bodies="住房城乡建设局：第二项")
        crew.do(case, "task_approve_circular", circular_outcome="agreed")

        circular = case.letter("dispatch_circular")
        assert circular.number
        assert "住房城乡建设局：第二项。" in circular.letter["paragraphs"]
        assert (case.row.status, case.row.outcome) == ("closed", "dispatched")


class TestInspection:
    def test_notes_each_body_and_ends_with_a_circular(self, crew: Crew):
        crew.office.tick()
        case = begun(crew, "inspection")[0]
        bodies = [crew.office.organisation("THHUD")]
        crew.do(case, "task_plan_inspection", bodies=bodies)
        crew.do(case, "task_inspect_body", inspection_outcome="good")
        crew.do(case, "task_summarise_inspection")
        crew.do(case, "task_approve_circular", circular_outcome="agreed")

        assert case.letter("inspection_notice").number
        assert case.letter("inspection_circular").number
        assert (case.row.status, case.row.outcome) == ("closed", "inspected")

    def test_opens_the_rectification_of_what_is_wrong(self, crew: Crew):
        crew.office.tick()
        case = begun(crew, "inspection")[0]
        crew.do(case, "task_plan_inspection", bodies=[crew.office.organisation("THHUD")])
        crew.do(case, "task_inspect_body", inspection_outcome="rectify")
        crew.do(case, "task_summarise_inspection")
        crew.do(case, "task_approve_circular", circular_outcome="returned")
        assert case.open_tasks == ["task_summarise_inspection"]
        crew.do(case, "task_summarise_inspection")
        crew.do(case, "task_approve_circular", circular_outcome="agreed")
        crew.office.tick()

        [following] = begun(crew, "rectification")
        assert following.row.channel == "ex_officio"
        assert (case.row.status, case.row.outcome) == ("closed", "inspected")
