"""A default in a PPP project that a rectification found is traced, one event once (C4 S5, R66)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tests.acceptance.case_file import CaseFile
from tests.acceptance.conftest import Begin
from tests.acceptance.crew import Crew
from tests.acceptance.rectifying import ONE, Rectifiers, explained, warned
from tests.acceptance.traceback import Tracing
from workflows.models import CaseLink

CLAUSE = "PPP项目合同第18条"
EVENT = "连续两期可行性缺口补助未付。"


@pytest.fixture
def team(begin: Begin) -> Rectifiers:
    return Rectifiers(Crew(begin("2026-09-01 09:30")))


@pytest.fixture
def tracing(team: Rectifiers) -> Tracing:
    return Tracing(team.crew)


def asked(tracing: Tracing, **answers: Any) -> dict[str, Any]:
    """Return what says that the matter is a default in the project."""
    found = {"event": EVENT, "clause": CLAUSE, "amount": "3600", "noticed_on": "2026-09-01"}
    return {"traceback": "open", "project": tracing.project.id, **found, **answers}


def put_right(team: Rectifiers, case: CaseFile) -> CaseFile:
    """Go on to the conclusion of a rectification of one item."""
    team.notify(case, **ONE)
    explained(team, case)
    team.item(case, "task_report_item", "1")
    team.item(case, "task_verify_item", "1")
    return case


def concluded(team: Rectifiers, tracing: Tracing, **answers: Any) -> CaseFile:
    """Rectify, and close with a referral to a traceback."""
    case = put_right(team, team.matter())
    team.crew.do(case, "task_conclude_rectification", **asked(tracing, **answers))
    team.crew.office.tick()
    return case


def links(case: CaseFile) -> list[tuple[str, str, str]]:
    """Return the links of a case: kind, from, to."""
    with case.office.reading() as session:
        query = select(CaseLink).where(
            (CaseLink.case_id == case.id) | (CaseLink.other_case_id == case.id)
        )
        return [(row.kind, row.case_id, row.other_case_id) for row in session.scalars(query)]


class TestRectified:
    def test_leads_to_a_traceback_that_knows_what_was_found(
        self, team: Rectifiers, tracing: Tracing
    ):
        case = concluded(team, tracing)
        assert case.end == "end_rectified"

        traced = team.following(case, "ppp_traceback")[0]
        project = tracing.project
        assert traced.open_tasks == ["task_register_event"]
        assert (traced.row.channel, traced.row.title) == ("from_case", project.name)
        # The private party is told the result; the body that defaulted is not the one to tell.
        assert traced.subject.name == project.private_party
        assert links(traced) == [("follows", traced.id, case.id)]

        handler = team.crew.holder("handler")
        page = handler.get(f"/tasks/{traced.task('task_register_event').id}")
        if page.has_form("/claim"):
            page = handler.send(page.form("/claim"))
        form = page.form_to(page.path)
        known = ("project", "event", "clause", "amount", "noticed_on")
        assert [form.values[key] for key in known] == [
            [project.id],
            [EVENT],
            [CLAUSE],
            ["3600"],
            ["2026-09-01"],
        ]
        assert traced.number in handler.get(f"/cases/{case.id}/linked").said
        assert case.number in handler.get(f"/cases/{traced.id}/linked").said
        handler.get(f"/cases/{traced.id}/filing")
        assert traced.number in handler.get(f"/registers/projects/{project.id}").said

    def test_leads_to_none_where_nobody_asks(self, team: Rectifiers, tracing: Tracing):
        case = put_right(team, team.matter())
        team.crew.do(case, "task_conclude_rectification")
        team.crew.office.tick()

        assert case.end == "end_rectified"
        assert team.following(case, "ppp_traceback") == []

    def test_is_no_matter_of_a_company(self, team: Rectifiers, tracing: Tracing):
        case = team.notify(team.matter(""), **ONE)
        explained(team, case)
        team.item(case, "task_report_item", "1")
        team.item(case, "task_verify_item", "1")

        page = team.crew.do_badly(case, "task_conclude_rectification", **asked(tracing))
        assert "只有政府机构" in page.said


class TestEscalated:
    def test_leads_to_a_traceback(self, team: Rectifiers, tracing: Tracing):
        crew, case = team.crew, team.notify(team.matter(), **ONE)
        warned(team, case)
        crew.do(case, "task_propose_escalation", measures=["audit"], **asked(tracing))
        crew.do(case, "task_legal_escalation")
        crew.do(case, "task_confirm_escalation")
        team.item(case, "task_draft_referral", "audit", answer_by=team.day(20))
        team.item(case, "task_sign_referral", "audit")
        assert team.following(case, "ppp_traceback") == []
        team.item(case, "task_enter_referral_receipt", "audit")
        crew.office.tick()

        assert case.end == "end_escalated"
        assert len(team.following(case, "ppp_traceback")) == 1


class TestOneEvent:
    @pytest.mark.parametrize("is_registered", [True, False], ids=["registered", "handed_over"])
    def test_is_linked_with_the_traceback_under_way(
        self, team: Rectifiers, tracing: Tracing, is_registered: bool
    ):
        if is_registered:
            traced = tracing.enter()
            lead = team.crew.office.organisation("JLDRC")
            team.crew.do(
                traced,
                "task_register_event",
                project=tracing.project.id,
                coordinators=[lead],
                clause="《PPP项目合同》 第18条",
            )
        else:
            traced = team.following(concluded(team, tracing), "ppp_traceback")[0]
        case = concluded(team, tracing)

        assert [each.id for each in team.following(case, "ppp_traceback")] == [traced.id]
        assert ("same_event", traced.id, case.id) in links(case)
        assert [each["number"] for each in case.events("traceback_linked")] == [traced.number]
        handler = team.crew.holder("handler")
        assert traced.number in handler.get(f"/cases/{case.id}/linked").said
        assert case.number in handler.get(f"/cases/{traced.id}/linked").said

    def test_is_another_where_the_clause_is_another(self, team: Rectifiers, tracing: Tracing):
        first = concluded(team, tracing)
        case = concluded(team, tracing, clause="PPP项目合同第7条")

        assert len(team.following(case, "ppp_traceback")) == 2
        assert [kind for kind, _, _ in links(case)] == ["follows"]
        assert first.events("traceback_linked") == []

    def test_is_not_traced_again_by_the_rectification_that_it_led_to(
        self, team: Rectifiers, tracing: Tracing
    ):
        traced = tracing.determined(tracing.stated(), obligation="open")
        team.crew.office.tick()
        case = team.following(traced)[0]
        other = team.crew.office.organisation("THHUD")
        team.notify(case, **ONE, verifier=other)
        team.crew.do(case, "task_explain")
        team.crew.do(case, "task_review_plan")
        team.item(case, "task_report_item", "1")
        team.item(case, "task_verify_item", "1")

        page = team.crew.do_badly(case, "task_conclude_rectification", **asked(tracing))
        assert "本案已与一件责任回溯关联" in page.said
