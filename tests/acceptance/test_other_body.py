"""The same objection goes to department and platform: one verification, two replies (R1, O-5)."""

from __future__ import annotations

import pytest

from tests.acceptance.business_day import at
from tests.acceptance.case_file import CaseFile
from tests.acceptance.conftest import Begin
from tests.acceptance.crew import RECORD, Crew
from tests.acceptance.province import Province
from tests.acceptance.subject import window_answers


@pytest.fixture
def crew(begin: Begin) -> Crew:
    return Crew(begin("2026-09-24 10:00"))


def two_cases(crew: Crew) -> tuple[CaseFile, CaseFile]:
    """Return the case here, verified, and its twin at the platform, waiting for it."""
    here = crew.accept()
    crew.do(here, "task_self_check")
    clerk = crew.holder("window_clerk", "JLPLAT")
    there = clerk.register(**window_answers(RECORD, channel_body="platform"))
    crew.do(there, "task_formal_check", formal_outcome="duplicate", linked_case=here.id)
    crew.office.tick()
    return here, there


class TestDuplicate:
    def test_is_verified_once_and_answered_twice(self, crew: Crew, province: Province):
        here, there = two_cases(crew)
        assert there.open_tasks == []
        assert there.letters("verification_request") == []

        crew.do(
            here,
            "task_verify",
            conclusion="partly_wrong",
            wrong_items="@items2",
            correct_values="拖欠金额：已付清",
        )
        crew.find(here, "partly")
        crew.office.tick()

        assert there.open_tasks == ["task_draft_letter"]
        assert there.row.finding == "partly"
        province.answer()
        for case in (here, there):
            crew.issue(case)
        crew.correct(here)
        assert (here.end, there.end) == ("end_corrected", "end_corrected")
        assert len(province.reports) == 1
        numbers = [case.letter("reply").number for case in (here, there)]
        assert numbers[0].startswith("吉发改信用") and numbers[1].startswith("吉信平")
        assert not here.record.is_disputed

    def test_whose_clock_is_its_own(self, crew: Crew):
        here = crew.accept()
        crew.do(here, "task_self_check")
        crew.office.go_to(at("2026-09-29 10:00"))
        clerk = crew.holder("window_clerk", "JLPLAT")
        there = clerk.register(**window_answers(RECORD, channel_body="platform"))

        assert str(here.due("reply")) == "2026-10-22"
        assert str(there.due("reply")) == "2026-10-26"

    def test_verifies_itself_when_the_twin_stays_silent(self, crew: Crew):
        _, there = two_cases(crew)

        crew.office.go_to(at("2026-10-20 09:30"))

        # Day 13 is also the day on which the subject hears how the matter stands.
        assert there.open_tasks == ["task_progress_notice", "task_self_check"]
        assert there.row.status == "open"

    def test_gets_a_finding_made_before_it_asked(self, crew: Crew):
        here = crew.decide("uphold")
        clerk = crew.holder("window_clerk", "JLPLAT")
        there = clerk.register(**window_answers(RECORD, channel_body="platform"))

        crew.do(there, "task_formal_check", formal_outcome="duplicate", linked_case=here.id)
        crew.office.tick()

        assert there.row.finding == "uphold"
        assert there.open_tasks == ["task_draft_letter"]
