"""The demo's clock: it moves day by day, fires what the days bring, and never goes back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.integration.webapp.factory import TODAY, Page
from webapp.business_clock import BusinessClock
from workflows.clock.calendar import legal_date
from workflows.models import Document, Notice, Timer


@pytest.fixture
def visitor(demo):
    return demo.app.test_client()


def advance(demo, days="1", **more):
    client = demo.app.test_client()
    return Page(client.post("/demo/advance", data={"working_days": days, **more}))


def fired(demo, case_id):
    with demo.office.reading() as session:
        rows = session.query(Timer).filter_by(case_id=case_id, status="fired").all()
        return {row.point: (legal_date(row.due_at), legal_date(row.fired_at)) for row in rows}


class TestAdvance:
    def test_goes_to_the_opening_hour_of_the_next_working_day(self, demo):
        advance(demo)

        assert demo.now().isoformat() == "2026-10-14T01:01:00+00:00"

    def test_skips_the_weekend(self, demo):
        advance(demo, "4")

        assert legal_date(demo.now()) == date(2026, 10, 19)

    def test_works_on_a_makeup_saturday(self, demo, monkeypatch):
        friday = TODAY.replace(day=9)
        monkeypatch.setattr("webapp.business_clock.machine_now", lambda: friday)

        advance(demo)

        assert legal_date(demo.now()) == date(2026, 10, 10)

    def test_says_where_it_stands_on_every_page(self, demo, visitor):
        advance(demo)

        said = Page(visitor.get("/login")).said
        assert "演示时钟现在是 10月14日 09:01" in said
        assert "10月14日 周三" in said

    @pytest.mark.parametrize("days", ["", "0", "31", "-1", "x", "1.5", "９９"])
    def test_refuses_what_is_no_number_of_days(self, demo, days):
        page = advance(demo, days)

        assert page.answer.status_code == 422
        assert "1 到 30" in page.said
        assert demo.now() == TODAY

    @pytest.mark.parametrize(
        ("back", "place"), [("/board", "/board"), ("//elsewhere.example", "/"), ("", "/")]
    )
    def test_leads_back_to_a_page_of_ours(self, demo, back, place):
        assert advance(demo, back=back).place == place

    def test_leads_back_to_where_the_visitor_was(self, demo, visitor):
        answer = visitor.post(
            "/demo/advance",
            data={"working_days": "1"},
            headers={"Referer": "http://localhost/login?lang=en"},
        )

        assert answer.headers["Location"] == "/login?lang=en"

    def test_outlives_a_restart(self, demo):
        advance(demo)
        before = demo.now()

        demo.restart()

        assert demo.now() == before

    def test_never_goes_back(self, demo):
        advance(demo, "2")
        before = demo.now()

        demo.app.extensions["jiannuo"].clock.advance_to(TODAY)

        assert demo.now() == before


class TestDaysThatPass:
    def test_fire_each_reminder_on_its_own_day(self, demo):
        case_id = demo.office.file()

        advance(demo, "17")

        found = fired(demo, case_id)
        assert {"obj.reply.remind", "due", "overdue"} <= found.keys()
        assert all(was_on >= due_on for due_on, was_on in found.values())
        assert all(was_on - due_on <= timedelta(days=3) for due_on, was_on in found.values())

    def test_fire_nothing_before_its_day(self, demo):
        case_id = demo.office.file()
        for _ in range(12):
            advance(demo)
            assert fired(demo, case_id).keys() <= {"obj.reply.silence_notice"}
        advance(demo)

        assert "obj.reply.remind" in fired(demo, case_id)

    def test_bring_reminder_supervision_and_the_overdue_path(self, demo):
        case_id = demo.office.file()

        advance(demo, "17")

        with demo.office.reading() as session:
            kinds = {row.kind for row in session.query(Notice).filter_by(case_id=case_id)}
            letters = session.query(Document).filter_by(case_id=case_id)
            drafts = [row for row in letters if row.kind == "supervision_letter"]
        assert {"reminder", "due_today", "supervision_drafted"} <= kinds
        assert [draft.status for draft in drafts] == ["draft"]

    def test_fire_each_timer_once(self, demo):
        case_id = demo.office.file()
        advance(demo, "17")
        before = fired(demo, case_id)

        demo.app.extensions["jiannuo"].tick()
        demo.restart()
        demo.app.extensions["jiannuo"].tick()

        assert fired(demo, case_id) == before


class TestOutsideTheDemo:
    def test_the_clock_cannot_be_moved(self, demo):
        clock = BusinessClock(demo.office.parts.sessions, is_virtual=False)

        with pytest.raises(RuntimeError, match="only the demo's clock"):
            clock.advance_to(TODAY)

    def test_the_clock_is_the_machines_whatever_a_demo_left_behind(self, demo):
        advance(demo, "3")
        clock = BusinessClock(demo.office.parts.sessions, is_virtual=False)

        assert clock.now() == TODAY
