"""The standing register of PPP projects: found, shown over time, and kept by hand (R61, R81)."""

from __future__ import annotations

import re

import pytest

from tests.acceptance.conftest import Begin
from tests.acceptance.crew import Crew
from tests.acceptance.page import Page
from tests.acceptance.traceback import Tracing

LIST = "/registers/projects"


@pytest.fixture
def tracing(open_office: Begin) -> Tracing:
    return Tracing(Crew(open_office("2026-04-01 09:00")))


def page_of(tracing: Tracing) -> Page:
    return tracing.crew["wangmin"].get(f"{LIST}/{tracing.project.id}")


def enter(tracing: Tracing, what: str, **answers: str) -> Page:
    forms = page_of(tracing).tree.xpath("//form[.//input[@name='place']]")
    places = [each.xpath(".//input[@name='place']/@value")[0] for each in forms]
    values = dict(forms[places.index(what)].form_values())
    return tracing.crew["wangmin"].post(
        f"{LIST}/{tracing.project.id}", {**values, **answers}, status=0
    )


class TestPages:
    def test_find_a_project_by_its_private_party(self, tracing: Tracing):
        officer = tracing.crew["wangmin"]

        assert "PPP-220500-2017-003" in officer.get(f"{LIST}?q=清源").said
        assert "PPP-220500-2017-003" not in officer.get(f"{LIST}?q=没有这家").said

    def test_draw_six_stages_with_masked_people_and_the_gap(self, tracing: Tracing):
        page = page_of(tracing)
        drawn = page.tree.xpath("//*[local-name()='svg' and contains(@class, 'timepic')]")[0]

        stages = drawn.xpath(".//*[contains(@class, 'stagename')]")
        assert [each.text for each in stages][:2] == ["方案编制", "物有所值评价"]
        assert len(stages) == 6
        assert len(drawn.xpath(".//*[@class='bar-gap']")) == 2
        assert "侯某某" in page.said
        assert "侯晓东" not in page.said

    def test_draw_the_chain_of_a_case_with_what_was_found(self, tracing: Tracing):
        case = tracing.heard(tracing.stated())
        page = tracing.crew["wangmin"].get(f"/cases/{case.id}/traced")

        boxes = page.tree.xpath(
            "//*[local-name()='svg' and @class='chainpic']//*[@class='boxname']"
        )
        assert {each.text for each in boxes} >= {"项目实施", "通化市财政局", "主要责任", "领导责任"}
        assert "拟认定" in page.said
        assert case.number in page_of(tracing).said

    def test_have_no_chain_in_a_case_of_another_kind(self, tracing: Tracing):
        case = tracing.crew.register()

        tracing.crew["wangmin"].get(f"/cases/{case.id}/traced", status=404)


class TestEntries:
    def test_refuse_two_first_persons_at_a_time(self, tracing: Tracing):
        stage = tracing.stage("项目实施")
        body = tracing.crew.office.organisation("THHUD")
        answers = {
            "stage_id": stage,
            "organisation_id": body,
            "role": "first",
            "post": "局长",
            "full_name": "欧阳明",
            "valid_from": "2022-01-01",
            "valid_to": "2022-12-31",
        }

        page = enter(tracing, "tenure", **answers)
        assert page.status == 422
        assert "任期重叠" in page.said

        # In the gap of 2019 there is room for one.
        filled = {**answers, "valid_from": "2019-01-01", "valid_to": "2019-03-03"}
        assert enter(tracing, "tenure", **filled).status == 200
        page = page_of(tracing)
        assert "欧某某" in page.said
        assert len(page.tree.xpath("//*[@class='bar-gap']")) == 1

    def test_add_a_project_with_a_stage_and_a_duty(self, tracing: Tracing):
        officer = tracing.crew["wangmin"]
        form = officer.get(LIST).form(LIST)
        page = officer.send(
            form.fill(
                {
                    "number": "PPP-220500-2024-001",
                    "name": "新项目",
                    "division_code": "220500",
                    "coordinator_id": tracing.crew.office.organisation("JLDRC"),
                    "begun_on": "2024-05-01",
                    "amount": "12,000.50",
                }
            )
        )

        assert re.fullmatch(rf"{LIST}/\w{{32}}", page.path)
        assert "新项目" in page.said
