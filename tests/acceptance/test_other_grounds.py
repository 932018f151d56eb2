"""The same journeys on PostgreSQL, and with the program started anew before every request."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.business_day import SettableClock, at
from tests.acceptance.conftest import Begin, set_up_office
from tests.acceptance.crew import CORRECT, RECORD, Crew
from tests.acceptance.office import RunningOffice
from tests.acceptance.province import Province
from tests.acceptance.soundness import assert_sound
from tests.acceptance.subject import window_answers
from tests.acceptance.test_formal_check import SUPPLEMENT


@pytest.fixture
def crew(postgresql_url: str, tmp_path: Path, province: Province) -> Iterator[Crew]:
    """The people of an office whose database is PostgreSQL."""
    folder = tmp_path / "office"
    folder.mkdir()
    set_up_office(folder=folder, url=postgresql_url)
    office = RunningOffice(
        database_url=postgresql_url,
        data_dir=folder,
        clock=SettableClock(at("2026-09-24 10:00")),
        province_url=province.url,
    )
    yield Crew(office)
    try:
        assert_sound(office)
    finally:
        office.close()


class TestOnPostgresql:
    def test_an_error_is_corrected_reported_and_lifted(self, crew: Crew, province: Province):
        case = crew.decide("revoke")
        crew.office.tick()
        province.answer()
        crew.issue(case)
        crew.do(case, "task_correct_record", correction_action="revoked")
        crew.correct(case)

        assert case.end == "end_corrected"
        assert case.record.status == "revoked"
        assert len(province.reports) == 1

    def test_silence_is_reminded_supervised_and_told(self, crew: Crew):
        case = crew.register()
        crew.do(case, "task_formal_check", **SUPPLEMENT)
        crew.do(case, "task_self_check")

        crew.office.go_to(at("2026-10-23 09:30"))

        assert len(case.fired) == len(set(case.fired)) >= 7
        assert case.open_tasks == ["task_progress_notice", "task_verify THHUD"]
        assert str(case.due("reply")) == "2026-10-22"

    def test_withdrawal_with_an_error_found_still_corrects(self, crew: Crew, province: Province):
        case = crew.accept()
        crew.do(case, "task_self_check")
        crew.do(case, "task_verify", conclusion="partly_wrong", **CORRECT)
        subject = crew.subject
        subject.enter(case.code)
        subject.withdraw()
        crew.do(case, "task_confirm_withdrawal")
        crew.find(case, "partly")
        crew.office.tick()
        province.answer()
        crew.correct(case)

        assert case.end == "end_withdrawn"

    def test_one_verification_answers_two_bodies(self, crew: Crew):
        here = crew.accept()
        clerk = crew.holder("window_clerk", "JLPLAT")
        there = clerk.register(**window_answers(RECORD, channel_body="platform"))
        crew.do(there, "task_formal_check", formal_outcome="duplicate", linked_case=here.id)
        crew.office.tick()
        crew.do(here, "task_self_check")
        crew.do(here, "task_verify")
        crew.find(here, "uphold")
        crew.office.tick()

        assert there.row.finding == "uphold"
        assert there.open_tasks == ["task_draft_letter"]

    def test_a_subject_follows_the_case_from_home(self, crew: Crew):
        case = crew.subject.file(RECORD)

        assert case.number in crew.subject.enter(case.code).said


class TestRestartedBeforeEveryRequest:
    def test_a_form_opened_before_is_taken_after(self, open_office: Begin):
        office = open_office("2026-09-24 10:00")
        office.restarts_before_requests = True
        crew = Crew(office)
        case = crew.subject.file(RECORD)

        crew.do(case, "task_formal_check")
        crew.do(case, "task_self_check")
        crew.do(case, "task_verify")

        assert case.open_tasks == ["task_propose_finding"]
        assert len(case.answers("formal_check")) == 1


class TestInbox:
    """Work comes to the post it is for, and is gone when it is done."""

    def test_shows_a_step_to_its_post_until_it_is_done(self, open_office: Begin):
        crew = Crew(open_office("2026-09-24 10:00"))
        case = crew.accept()
        path = f"/tasks/{case.task('task_self_check').id}"
        first = crew["wangmin"].inbox()
        assert path in first.links
        assert path not in crew["liuchang"].inbox().links

        crew["wangmin"].post(f"{path}/claim", {**first.forms[0].values})
        assert path in crew["wangmin"].inbox("mine").links
        assert path not in crew["sunli"].inbox().links

        crew.do(case, "task_self_check")
        assert path not in crew["wangmin"].inbox("mine").links
        assert path in crew["wangmin"].inbox("done").links
