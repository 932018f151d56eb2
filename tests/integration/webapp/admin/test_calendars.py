"""Holiday notices: faults are listed, what would move is shown first, and holders are told."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.integration.webapp.admin.agreeing import BPMN, sent_file
from webapp.chores import chores
from workflows.clock.calendar import SHANGHAI
from workflows.models import CalendarNotice, CaseClock, Event, Notice, Task, Timer
from workflows.services.load_notice import load_notice

NOTICE = Path(__file__).resolve().parents[2] / "data" / "notice_2027.json"
DAY = timedelta(days=1)
NEW_YEAR = datetime(2026, 12, 14, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture
def admin(office):
    return office.person("lintao")


@pytest.fixture
def case_id(office):
    """A case whose fifteenth working day lies in 2027, of which no notice is loaded yet."""
    office.clock.go_to(NEW_YEAR)
    return office.file()


def notice(change=lambda content: None):
    content = json.loads(NOTICE.read_text(encoding="utf-8"))
    change(content)
    return json.dumps(content, ensure_ascii=False)


def send(admin, content, *, name="2027.json", status=200):
    return admin.post("/admin/calendars", {"file": sent_file(content, name)}, status=status)


def load(admin, content, *, status=302):
    values = {"confirmed": "1", "content": content, "source": "2027.json"}
    return admin.post("/admin/calendars", values, status=status)


def reply(office, case_id):
    with office.reading() as session:
        return session.query(CaseClock).filter_by(case_id=case_id, name="reply").one()


def loaded(office):
    with office.reading() as session:
        return session.query(CalendarNotice).filter_by(year=2027).count()


class TestFileWithFaults:
    def test_lists_every_fault_and_loads_nothing(self, office, admin):
        def spoil(content):
            content["holidays"][1]["workdays"] = ["2027-02-17"]
            content["holidays"] = [row for row in content["holidays"] if row["name"] != "清明节"]

        page = send(admin, notice(spoil), status=422)

        assert "2027.json 没有装载" in page.problems
        assert "2027年2月17日 周三 列为调休上班，但它不是周六或周日" in page.problems
        assert "2027年4月5日 周一（清明节）是" in page.problems
        assert loaded(office) == 0

    def test_with_a_missing_day_says_where(self, admin):
        def drop(content):
            content["holidays"][0]["to"] = "2027-01-03"

        page = send(admin, notice(drop), status=422)

        assert "元旦：写明放假 4 天" in page.problems
        assert "补上缺的一天" in page.problems

    @pytest.mark.parametrize("content", ["", "{", "[]", b"\xff\xfe\x00\x80\x81"])
    def test_that_is_no_notice_at_all_says_so(self, office, admin, content):
        page = send(admin, content, status=422)

        assert "2027.json" in page.problems
        assert loaded(office) == 0

    def test_is_asked_for_when_none_was_chosen(self, admin):
        page = admin.post("/admin/calendars", {}, status=422)

        assert "请选择文件" in page.problems

    def test_in_gbk_is_read(self, admin):
        page = send(admin, notice().encode("gb18030"))

        assert "国办发明电〔2026〕99号" in page.said


class TestPreview:
    def test_shows_which_dates_move_and_moves_none(self, office, admin, case_id):
        before = reply(office, case_id).due_on

        page = send(admin, notice())

        assert office.case(case_id).number in page.said
        assert "书面答复" in page.said
        assert "晚 1 天" in page.said
        assert reply(office, case_id).due_on == before == date(2027, 1, 5)
        assert loaded(office) == 0

    def test_says_so_when_nothing_moves(self, office, admin):
        office.file()

        page = send(admin, notice())

        assert "没有在走的期限受影响" in page.said


class TestLoading:
    def test_moves_a_provisional_date_and_makes_it_certain(self, office, admin, case_id):
        assert reply(office, case_id).is_provisional

        load(admin, notice())

        clock = reply(office, case_id)
        assert (clock.due_on, clock.is_provisional) == (date(2027, 1, 6), False)
        assert clock.moved_from == date(2027, 1, 5)
        assert "已装载" in admin.get("/admin/calendars").said

    def test_moves_the_tasks_and_the_timers_with_it(self, office, admin, case_id):
        before = self.timers(office, case_id)

        load(admin, notice())

        with office.reading() as session:
            clock = reply(office, case_id)
            carried = session.query(Task).filter_by(clock_id=clock.id, status="open")
            assert {task.due_on for task in carried} <= {clock.due_on}
        after = self.timers(office, case_id)
        assert before.keys() == after.keys()
        assert after["due"] - before["due"] == after["overdue"] - before["overdue"] == DAY

    def timers(self, office, case_id):
        with office.reading() as session:
            rows = session.query(Timer).filter_by(
                case_id=case_id, clock_name="reply", status="waiting"
            )
            return {row.point: row.due_at for row in rows if row.due_at is not None}

    def test_tells_those_who_hold_the_case(self, office, admin, case_id):
        task = office.task(case_id, "task_formal_check")
        office.person("qianyu").post(f"/tasks/{task.id}/claim")

        load(admin, notice())

        with office.reading() as session:
            rows = session.query(Notice).filter_by(case_id=case_id, kind="date_moved").all()
        assert rows
        assert {row.facts["old_on"] for row in rows} == {"2027-01-05"}
        assert {row.facts["new_on"] for row in rows} == {"2027-01-06"}
        assert {row.facts["why"] for row in rows} == {"国办发明电〔2026〕99号"}

    def test_is_written_into_the_case_for_the_subject_too(self, office, admin, case_id):
        load(admin, notice())

        with office.reading() as session:
            event = session.query(Event).filter_by(case_id=case_id, kind="date_moved").one()
        assert event.is_public
        assert event.facts["reason"] == "国办发明电〔2026〕99号"

    def test_again_is_a_conflict_that_says_so(self, office, admin, case_id):
        load(admin, notice())
        due_on = reply(office, case_id).due_on

        page = load(admin, notice(), status=422)

        assert "已经装载过" in page.problems
        assert loaded(office) == 1
        assert reply(office, case_id).due_on == due_on

    def test_twice_with_one_click_is_one_act(self, office, admin, case_id):
        values = {"confirmed": "1", "content": notice(), "source": "x", "command_id": "c1"}
        for _ in range(2):
            admin.post("/admin/calendars", values)

        assert loaded(office) == 1

    def test_interrupted_half_way_is_finished_by_the_next_tick(self, office, admin, case_id):
        office.run(
            "load_notice",
            lambda work: load_notice(work, office.parts.desk, content=notice(), source="x"),
        )
        assert reply(office, case_id).is_provisional

        parts = office.parts
        tick = chores(
            settings=parts.settings,
            sessions=parts.sessions,
            desk=parts.desk,
            clock=office.clock,
        )
        tick["dates"]()

        clock = reply(office, case_id)
        assert (clock.due_on, clock.is_provisional) == (date(2027, 1, 6), False)
        assert clock.moved_reason == "国办发明电〔2026〕99号"

    def test_leaves_a_stopped_clock_alone(self, office, admin, case_id):
        with office.parts.sessions() as session:
            session.query(CaseClock).filter_by(case_id=case_id).update({"status": "stopped"})
            session.commit()

        load(admin, notice())

        assert reply(office, case_id).due_on == date(2027, 1, 5)


class TestWarning:
    def test_stands_while_next_year_is_missing(self, admin):
        assert "还没有装载 2027 年的放假通知" in admin.get("/admin/calendars").said

    def test_is_gone_once_it_is_loaded(self, admin):
        load(admin, notice())

        assert "还没有装载 2027 年" not in admin.get("/admin/calendars").said

    def test_shows_amendments_beside_what_they_amend(self, admin):
        shown = admin.get("/admin/calendars").said

        assert len(list((BPMN / "calendars").glob("*.json"))) == shown.count("印发")
        assert "修改 国办发明电〔2018〕15号" in shown
