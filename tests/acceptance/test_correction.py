"""After an error: correct or revoke, lift every sanction, undo the effects, tell who had asked."""

from __future__ import annotations

import pytest

from tests.acceptance.business_day import at
from tests.acceptance.conftest import Begin
from tests.acceptance.crew import Crew
from tests.acceptance.province import Province
from tests.acceptance.test_verification import OWN_RECORD
from workflows.models import QualityTicket


@pytest.fixture
def crew(begin: Begin) -> Crew:
    return Crew(begin("2026-09-24 10:00"))


class TestWholeCase:
    @pytest.mark.parametrize(
        ("finding", "status"),
        [("correct", "corrected"), ("partly", "corrected"), ("revoke", "revoked")],
    )
    def test_closes_when_every_duty_is_done(self, crew: Crew, province: Province, finding, status):
        case = crew.decide(finding)
        crew.office.tick()
        province.answer()
        crew.issue(case)
        if finding == "revoke":
            crew.do(case, "task_correct_record", correction_action="revoked")
        crew.correct(case)

        assert case.end == "end_corrected"
        assert case.record.status == status
        assert not case.record.is_disputed
        assert {row.status for row in case.sanctions.values()} == {"lifted"}
        assert [clock.status for clock in case.clocks()] == ["stopped"] * len(case.clocks())
        assert case.letter("closing_report")
        assert case.letter("closing_letter").number
        seen = crew.subject.enter(case.code)
        assert "已办结" in seen.said or "办结" in seen.said

    def test_keeps_every_version_of_the_record(self, crew: Crew):
        case = crew.decide("partly")
        crew.do(case, "task_correct_record", corrected_values="拖欠金额：已付清")

        marks = [version.content.get("mark") for version in case.versions]
        assert [mark and mark.split(":")[0] for mark in marks] == [None, "mark", "correct"]
        items = {item["name"]: item["value"] for item in case.versions[-1].content["items"]}
        assert items["拖欠金额"] == "已付清"
        assert items["起止日期"] == "2025-11-01 至今"

    def test_our_own_error_is_corrected_on_the_platform(self, crew: Crew, province: Province):
        case = crew.accept(OWN_RECORD)
        crew.do(case, "task_self_check", self_check="own_error", error_kind="matching")
        crew.find(case, "correct")

        assert "task_correct_stored_record" in case.open_tasks
        crew.office.tick()
        province.answer()
        crew.issue(case)
        crew.correct(case)
        assert case.end == "end_corrected"

    def test_does_not_wait_for_service_of_the_reply(self, crew: Crew, province: Province):
        case = crew.decide("partly")
        crew.correct(case)
        crew.office.tick()
        province.answer()

        assert case.record.status == "corrected"
        assert case.open_tasks == ["task_draft_letter"]
        assert case.row.status == "open"


class TestLifting:
    def test_is_asked_of_every_department_and_open_until_each_confirms(self, crew: Crew):
        case = crew.decide("partly")
        assert {letter.addressee for letter in case.letters("lifting_notice")} == {
            "通化市财政局",
            "通化市公共资源交易中心",
        }
        crew.office.go_to(at("2026-09-30 10:00"))

        crew.lift(case, "THFIN", lifted_on="2026-09-29")

        assert crew.to_lift(case) == ["THPRTC"]
        assert case.sanctions["THFIN"].status == "lifted"
        assert str(case.sanctions["THFIN"].lifted_on) == "2026-09-29"
        assert case.sanctions["THPRTC"].status == "in_force"

    def test_silent_department_is_reminded_and_supervised(self, crew: Crew):
        case = crew.decide("partly")
        crew.lift(case, "THPRTC")
        assert str(case.due("lift", body="THFIN")) == "2026-10-15"

        crew.office.go_to(at("2026-10-16 09:30"))

        points = [each for each in case.fired if each.startswith("lift")]
        assert points == ["lift@obj.lift.remind1", "lift@obj.lift.remind2", "lift@overdue"]
        drafts = [each for each in case.letters("supervision_letter") if "lift" in str(each.item)]
        assert [(each.status, each.addressee) for each in drafts] == [("draft", "通化市财政局")]

    def test_receipt_can_be_downloaded_by_the_subject(self, crew: Crew):
        case = crew.decide("partly")
        crew.lift(case, "THFIN")
        crew.office.tick()
        subject = crew.subject
        subject.enter(case.code)

        receipt = case.letter("lifting_receipt")
        answer = subject.client.get(f"/portal/case/letters/{receipt.id}")

        assert answer.data.startswith(b"%PDF-")


class TestEffects:
    def test_are_undone_with_everybody_who_had_asked(self, crew: Crew):
        case = crew.decide("partly")
        assert case.queries and all(row.told_at is None for row in case.queries)

        crew.do(case, "task_eliminate_effects")

        assert all(row.told_at is not None for row in case.queries)
        assert case.letter("correction_statement").number

    def test_open_a_ticket_for_the_unit_that_was_wrong(self, crew: Crew):
        case = crew.decide("partly")

        with crew.office.reading() as session:
            tickets = session.query(QualityTicket).filter_by(case_id=case.id).all()
        assert [ticket.organisation_id for ticket in tickets] == [crew.office.organisation("THHUD")]
