"""Every commitment is checked in time, and a broken one has its consequence (R111 to R113)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.acceptance.business_day import at
from tests.acceptance.case_file import CaseFile
from tests.acceptance.conftest import Begin
from tests.acceptance.crew import Crew
from tests.acceptance.page import Page
from workflows.models import Case, Commitment

COMPANY = "91220000MAF3C8BG56"
PAGE = "/registers/commitments"
BROKEN = {"check_result": "broken", "finding": "环保设施未投运。"}
REVOKED = {"revocation_document": "通市监撤〔2025〕9号"}


@pytest.fixture
def crew(begin: Begin) -> Crew:
    return Crew(begin("2025-12-01 10:00"))


def promise(crew: Crew, **changes: Any) -> CaseFile:
    """Enter a commitment, and let the next morning's sweep open its check."""
    crew.office.before_act()
    handler = crew.holder("handler")
    said = {
        "number": "CN-220500-2025-0101",
        "subject_code": COMPANY,
        "kind": "approval",
        "received_by_id": crew.office.organisation("THMKT"),
        "approved_on": "2025-11-10",
        "approval_document": "通市监许〔2025〕77号",
        "promised": "生产线环保设施同步投运。",
        **changes,
    }
    handler.send(handler.get(PAGE).form(PAGE).fill(said))
    crew.office.go_to(crew.office.clock.now() + timedelta(days=1))
    return checks(crew)[-1]


def checks(crew: Crew, kind: str = "commitment_check") -> list[CaseFile]:
    with crew.office.reading() as session:
        query = select(Case.id).where(Case.kind == kind).order_by(Case.registered_at)
        return [CaseFile(crew.office, case_id) for case_id in session.scalars(query)]


def commitment(crew: Crew) -> Commitment:
    with crew.office.reading() as session:
        return session.scalars(select(Commitment)).one()


def register_page(crew: Crew) -> Page:
    return crew.holder("handler").get(PAGE)


class TestOpening:
    def test_happens_once_for_every_commitment(self, crew: Crew):
        """R111: a case for each approval, not a sample, and due two months after it."""
        case = promise(crew)
        for day in ("2025-12-03", "2025-12-04"):
            crew.office.go_to(at(f"{day} 09:30"))

        assert [each.id for each in checks(crew)] == [case.id]
        assert case.row.title == "CN-220500-2025-0101"
        assert case.open_tasks == ["task_check_commitment THMKT"]
        assert case.task("task_check_commitment").organisation.code == "THMKT"
        # 2026-01-10 is a Saturday.
        assert str(case.due("commitment_check")) == "2026-01-12"
        assert case.clock("commitment_check").rule["rule_ids"] == ["R111"]

    def test_counts_to_the_day_a_person_set_where_no_rule_is_in_force(self, begin: Begin):
        crew = Crew(begin("2026-08-03 10:00"))
        case = promise(crew, approved_on="2026-08-03", check_due_on="2026-09-15")

        assert str(case.due("commitment_check")) == "2026-09-15"
        assert case.clock("commitment_check").rule["label"] == "set"
        assert "人工指定" in register_page(crew).said


class TestKept:
    def test_is_noted_on_the_commitment(self, crew: Crew):
        case = promise(crew)
        crew.do(case, "task_check_commitment")

        assert (case.end, case.row.outcome) == ("end_kept", "commitment_kept")
        found = commitment(crew)
        assert (found.status, found.case_id) == ("kept", case.id)
        assert str(found.checked_on) == "2025-12-02"
        assert case.ledger("commitment_check")[-1][0] == "stopped"
        assert checks(crew, "rectification") == []

    def test_is_entered_in_the_case_and_not_beside_it(self, crew: Crew):
        case = promise(crew)

        page = register_page(crew)

        assert case.number in page.said
        assert not page.has_form(f"{PAGE}/{commitment(crew).id}/check")


class TestBroken:
    def test_approval_needs_the_document_that_revoked_it(self, crew: Crew):
        """R112: what was granted on the commitment is revoked."""
        case = promise(crew)

        page = crew.do_badly(case, "task_check_commitment", **BROKEN)

        assert "R112" in page.said
        assert case.open_tasks == ["task_check_commitment THMKT"]

    def test_is_confirmed_by_a_second_person_and_rectified(self, crew: Crew):
        """R113, R121: the breach stands in the register and is treated by grade in its own case."""
        case = promise(crew)
        crew.do(case, "task_check_commitment", **BROKEN, **REVOKED)
        assert commitment(crew).status == "open"
        crew.do(case, "task_confirm_breach")
        crew.office.tick()

        assert (case.end, case.row.outcome) == ("end_broken", "commitment_broken")
        found = commitment(crew)
        assert (found.status, found.revocation_document) == ("broken", "通市监撤〔2025〕9号")
        opened = checks(crew, "rectification")
        assert [each.row.subject_id for each in opened] == [case.row.subject_id]
        assert opened[0].row.channel == "from_case"

    def test_goes_back_to_be_checked_again(self, crew: Crew):
        case = promise(crew)
        crew.do(case, "task_check_commitment", **BROKEN, **REVOKED)
        crew.do(case, "task_confirm_breach", breach_outcome="returned")
        assert case.open_tasks == ["task_check_commitment THMKT"]

        crew.do(case, "task_check_commitment")

        assert (case.end, commitment(crew).status) == ("end_kept", "kept")


class TestLate:
    def test_check_is_reminded_and_supervised(self, crew: Crew):
        case = promise(crew)

        crew.office.go_to(at("2026-01-13 10:00"))

        assert case.fired == ["commitment_check@com.verify.remind", "commitment_check@overdue"]
        assert case.letter("supervision_letter").status == "draft"

    def test_check_by_a_day_that_a_person_set_is_supervised_too(self, begin: Begin):
        crew = Crew(begin("2026-08-10 10:00"))
        case = promise(crew, approved_on="2026-08-03", check_due_on="2026-08-14")

        crew.office.go_to(at("2026-08-17 10:00"))

        assert "commitment_check@overdue" in case.fired
        assert case.letter("supervision_letter").status == "draft"
