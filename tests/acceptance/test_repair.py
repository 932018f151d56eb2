"""Credit repair from application to the repaired record, and each way on which it ends earlier."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import Begin
from tests.acceptance.repair_crew import RECORD, RepairCrew


@pytest.fixture
def crew(begin: Begin) -> RepairCrew:
    return RepairCrew(begin("2026-11-02 10:00"))


class TestWholeCase:
    def test_repairs_the_record_and_keeps_it(self, crew: RepairCrew):
        case = crew.decide()
        assert case.number == "XF-220100-2026-00001"
        crew.carry_out(case)
        crew.issue(case)

        assert case.end == "end_repaired"
        record = case.record
        assert not record.is_published
        assert record.sharing_ended_on == record.repaired_on == crew.office.today
        assert {row.status for row in case.sanctions.values()} == {"lifted"}
        marks = [version.content.get("mark") for version in case.versions]
        assert marks == [None, "unpublish", "unshare", "repair"]
        assert case.versions[0].content["items"] == case.versions[-1].content["items"]
        assert [clock.status for clock in case.clocks()] == ["stopped"] * len(case.clocks())
        assert case.letter("repair_decision").number
        assert {letter.item for letter in case.letters("repair_report")} == {"city", "national"}
        assert "已修复" in crew.subject.enter(case.code).said
