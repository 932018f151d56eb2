"""Whom a traceback asks: those of the act's own day, by the template then in force (R61 to R84)."""

from __future__ import annotations

from datetime import date
from typing import Any

from workflows.models import (
    Artefact,
    Handover,
    Organisation,
    Project,
    ProjectStage,
    StageDuty,
    Tenure,
)
from workflows.services.trace_project import (
    ProjectRegister,
    Question,
    list_gaps,
    list_missing_handovers,
    trace,
)

TODAY = date(2026, 4, 1)


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def stage(key: str, begins: str, ends: str | None, **other: Any) -> ProjectStage:
    facts = {"template": "jilin-2017", "lead_id": "fin", "is_performed": True, "seq": 1, **other}
    return ProjectStage(id=key, key=key, begins_on=day(begins), ends_on=day(ends), **facts)


def tenure(key: str, of: str, begins: str, ends: str | None, **other: Any) -> Tenure:
    facts = {"role": "first", "organisation_id": "fin", "post": "局长", "name": f"{key}某", **other}
    return Tenure(id=key, stage_id=of, valid_from=day(begins), valid_to=day(ends), **facts)


def body(key: str, **other: Any) -> Organisation:
    return Organisation(id=key, name=key, **other)


def register(*stages: ProjectStage, **other: Any) -> ProjectRegister:
    project = Project(id="p", name="项目", coordinator_id="drc", begun_on=date(2017, 9, 1))
    bodies = {each: body(each) for each in ("fin", "hud", "drc")}
    return ProjectRegister(project=project, stages=stages, **{"bodies": bodies, **other})


def asked(found: dict[str, Any]) -> list[str]:
    return [person["id"] for row in found["stages"] for person in row["persons"]]


def kinds(found: dict[str, Any]) -> list[str]:
    return [row["kind"] for row in found["findings"]]


def question(acted_from: str, acted_to: str, **other: Any) -> Question:
    first, last = date.fromisoformat(acted_from), date.fromisoformat(acted_to)
    return Question(acted_from=first, acted_to=last, today=TODAY, **other)


class TestDayOfTheAct:
    HELD = (
        tenure("before", "实施", "2018-01-01", "2019-12-31"),
        tenure("now", "实施", "2020-01-01", None),
    )

    def test_asks_who_was_in_office_then_and_not_who_is_now(self):
        found = trace(
            register(stage("实施", "2018-01-01", None), tenures=self.HELD),
            question("2019-05-10", "2019-06-30"),
        )

        assert asked(found) == ["before"]

    def test_asks_everybody_who_was_in_office_while_it_went_on(self):
        found = trace(
            register(stage("实施", "2018-01-01", None), tenures=self.HELD),
            question("2019-05-10", "2026-04-01"),
        )

        assert asked(found) == ["before", "now"]

    def test_counts_the_first_and_the_last_day_of_a_tenure(self):
        for on, person in (("2019-12-31", "before"), ("2020-01-01", "now")):
            found = trace(
                register(stage("实施", "2018-01-01", None), tenures=self.HELD), question(on, on)
            )
            assert asked(found) == [person]

    def test_maps_two_templates_by_their_days(self):
        stages = (
            stage("采购", "2018-01-01", "2020-12-31"),
            stage("执行", "2021-01-01", None, template="jiangsu-2023"),
        )
        found = trace(register(*stages), question("2021-02-01", "2021-02-02"))

        assert [(row["key"], row["template"]) for row in found["stages"]] == [
            ("执行", "jiangsu-2023")
        ]
        assert "two_templates" in kinds(found)


class TestWhatIsMissing:
    def test_is_a_gap_between_two_persons(self):
        rows = (
            tenure("one", "论证", "2018-02-01", "2018-02-28"),
            tenure("two", "论证", "2018-03-26", None),
        )
        held = register(stage("论证", "2018-02-01", "2018-04-20"), tenures=rows)

        gaps = list_gaps(held, held.stages[0], until=TODAY)
        assert [(gap.begins_on, gap.ends_on) for gap in gaps] == [
            (date(2018, 3, 1), date(2018, 3, 25))
        ]
        assert "gap" in kinds(trace(held, question("2018-03-10", "2018-03-10")))
        assert "gap" not in kinds(trace(held, question("2018-03-26", "2018-04-01")))

    def test_is_a_gap_before_the_first_and_after_the_last(self):
        rows = (tenure("one", "论证", "2018-02-10", "2018-03-31"),)
        held = register(stage("论证", "2018-02-01", "2018-04-20"), tenures=rows)

        gaps = list_gaps(held, held.stages[0], until=TODAY)
        assert [(gap.begins_on.day, gap.ends_on.day) for gap in gaps] == [(1, 9), (1, 20)]

    def test_is_no_gap_where_tenures_meet_or_somebody_is_still_in_office(self):
        rows = (
            tenure("one", "实施", "2018-02-01", "2018-02-28"),
            tenure("two", "实施", "2018-03-01", None),
        )
        held = register(stage("实施", "2018-02-01", None), tenures=rows)

        assert list_gaps(held, held.stages[0], until=TODAY) == []

    def test_is_a_handover_without_signatures(self):
        rows = TestDayOfTheAct.HELD
        unsigned = Handover(
            stage_id="实施", from_tenure_id="before", to_tenure_id="now", is_signed=False
        )
        held = register(stage("实施", "2018-01-01", None), tenures=rows, handovers=(unsigned,))
        assert list_missing_handovers(held, held.stages[0]) == [rows]

        unsigned.is_signed = True
        assert list_missing_handovers(held, held.stages[0]) == []

    def test_is_a_mandatory_step_that_no_paper_of_the_time_proves(self):
        papers = (
            Artefact(
                id="a",
                stage_id="论证",
                step="legality",
                kind="report",
                title="意见书",
                issuer_id="fin",
                dated_on=date(2018, 5, 1),
            ),
        )
        held = register(stage("论证", "2018-02-01", None), artefacts=papers)
        early = trace(held, question("2018-03-01", "2018-03-01", steps=("legality",)))
        late = trace(held, question("2018-06-01", "2018-06-01", steps=("legality",)))

        assert "step_missing" in kinds(early)
        assert "step_missing" not in kinds(late)
        assert "paper_unproved" in kinds(late)

    def test_is_a_stage_that_was_skipped_or_never_registered(self):
        held = register(stage("考核", "2018-02-01", None, is_performed=False))
        found = trace(held, question("2018-03-01", "2018-03-01", template=("考核", "实施")))

        assert "not_performed" in kinds(found)
        assert {"kind": "stage_missing", "stage": "实施"} in found["findings"]

    def test_applies_no_template_that_nobody_has_read(self):
        found = trace(
            register(), question("2024-03-01", "2024-03-01", template=("实施",), is_confirmed=False)
        )

        assert kinds(found) == ["no_stage", "template_unread"]


class TestWhoIsAsked:
    def test_is_each_department_once_the_lead_first(self):
        duties = (
            StageDuty(stage_id="实施", organisation_id="hud", duty="监督", standard=""),
            StageDuty(stage_id="实施", organisation_id="fin", duty="支付", standard=""),
        )
        rows = (tenure("one", "实施", "2018-01-01", None, organisation_id="hud"),)
        held = register(stage("实施", "2018-01-01", None), duties=duties, tenures=rows)

        assert trace(held, question("2019-01-01", "2019-01-01"))["bodies"] == ["fin", "hud"]

    def test_is_the_coordinator_where_no_stage_is_found(self):
        assert trace(register(), question("2019-01-01", "2019-01-01"))["bodies"] == ["drc"]

    def test_is_the_body_above_one_that_has_ended(self):
        bodies = {
            "fin": body("fin", valid_to=date(2020, 1, 1), superior_id="drc"),
            "drc": body("drc"),
        }
        found = trace(
            register(stage("实施", "2018-01-01", None), bodies=bodies),
            question("2019-01-01", "2019-01-01"),
        )

        assert found["bodies"] == ["drc"]
        assert {"kind": "body_ended", "organisation_id": "fin"} in found["findings"]
