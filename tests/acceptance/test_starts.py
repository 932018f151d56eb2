"""Each way in gives a number, a query code and a clock, and nothing is refused at the door."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import Begin
from tests.acceptance.crew import RECORD, Answers, Crew
from tests.acceptance.subject import PHONE

PAPERS: dict[str, Answers] = {
    "window": {},
    "post": {"channel": "post"},
    "hotline": {"channel": "hotline", "incoming_number": "12345-2026-0917"},
    "pushed": {"channel": "pushed", "channel_body": "upstream", "incoming_number": "国信-88"},
    "transferred": {
        "channel": "transferred",
        "channel_body": "department",
        "incoming_number": "通市住建转〔2026〕4号",
    },
}


class TestObjection:
    @pytest.mark.parametrize("channel", PAPERS)
    def test_on_paper_is_numbered_and_clocked(self, begin: Begin, channel):
        office = begin("2026-09-24 10:00")

        case = Crew(office).register(**PAPERS[channel])

        assert case.number == "YY-220500-2026-00001"
        assert case.row.channel == channel
        assert case.open_tasks == ["task_formal_check"]
        assert case.ledger("reply") == [("started", "2026-09-24")]
        assert str(case.due("reply")) == "2026-10-22"
        assert [letter.kind for letter in case.letters()] == ["receipt"]

    def test_from_home_gives_receipt_and_code(self, begin: Begin):
        office = begin("2026-09-24 10:00")
        subject = Crew(office).subject

        case = subject.file(RECORD)

        assert case.row.channel == "portal"
        assert str(case.due("reply")) == "2026-10-22"
        assert case.open_tasks == ["task_formal_check"]
        seen = Crew(office).subject.enter(case.code)
        assert case.number in seen.said

    def test_reopened_after_a_judgment_knows_the_former_case(self, begin: Begin):
        office = begin("2026-09-24 10:00")
        crew = Crew(office)
        former = crew.register()

        case = crew.register(
            channel="reopened", former_case=former.number, reopening_decision="@file"
        )

        assert case.row.channel == "reopened"
        linked = crew["wangmin"].get(f"/cases/{case.id}/linked")
        assert former.number in linked.said
        assert str(case.due("reply")) == "2026-10-22"

    def test_is_found_with_code_and_phone_only(self, begin: Begin):
        office = begin("2026-09-24 10:00")
        crew = Crew(office)
        case = crew.register()

        refused = crew.subject.enter(case.code, proof="0000", status=422)
        opened = crew.subject.enter(case.code, proof=PHONE[-4:])

        assert case.number not in refused.said
        assert case.number in opened.said
