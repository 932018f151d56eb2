"""`jiannuo calendar load`: shows what would move, then moves it; a fault changes nothing."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pytest

from workflows.clock.calendar import SHANGHAI
from workflows.models import CalendarNotice, CaseClock

NOTICE = Path(__file__).resolve().parents[1] / "data" / "notice_2027.json"


@pytest.fixture
def case_id(office):
    """A case whose reply falls due in 2027."""
    office.clock.go_to(datetime(2026, 12, 14, 10, 0, tzinfo=SHANGHAI))
    return office.file()


def due_on(office, case_id):
    with office.reading() as session:
        return session.query(CaseClock).filter_by(case_id=case_id, name="reply").one().due_on


def is_loaded(office):
    with office.reading() as session:
        return session.query(CalendarNotice).filter_by(year=2027).count() == 1


class TestDryRun:
    def test_shows_the_move_and_makes_none(self, office, jiannuo, case_id):
        found = jiannuo("calendar", "load", str(NOTICE), "--dry-run")

        number = office.case(case_id).number
        assert found.exit_code == 0
        assert (
            f"{number}  书面答复申请人  2027-01-05 周二 → 2027-01-06 周三（+1 天）" in found.stdout
        )
        assert due_on(office, case_id) == date(2027, 1, 5)
        assert not is_loaded(office)

    def test_gives_json(self, jiannuo, office, case_id):
        rows = json.loads(jiannuo("calendar", "load", str(NOTICE), "--dry-run", "--json").stdout)

        reply = next(row for row in rows if row["clock"] == "reply")
        assert reply["case"] == office.case(case_id).number
        assert (reply["before"], reply["after"]) == ("2027-01-05", "2027-01-06")
        assert (reply["calendar_days"], reply["provisional"]) == (1, False)

    def test_says_when_nothing_would_move(self, jiannuo):
        assert "没有期限会变动" in jiannuo("calendar", "load", str(NOTICE), "--dry-run").stdout


class TestLoad:
    def test_moves_the_dates_with_yes(self, office, jiannuo, case_id):
        found = jiannuo("calendar", "load", str(NOTICE), "--yes")

        assert found.exit_code == 0
        assert "已装载" in found.stdout
        assert due_on(office, case_id) == date(2027, 1, 6)
        assert is_loaded(office)

    def test_asks_before_it_moves_anything(self, office, jiannuo, case_id):
        jiannuo("calendar", "load", str(NOTICE), answer="n\n")
        assert not is_loaded(office)

        jiannuo("calendar", "load", str(NOTICE), answer="y\n")
        assert is_loaded(office)

    def test_keeps_json_apart_from_words(self, jiannuo, case_id):
        found = jiannuo("calendar", "load", str(NOTICE), "--yes", "--json")

        assert json.loads(found.stdout)
        assert "已装载" in found.stderr

    def test_again_is_refused_as_loaded(self, office, jiannuo, case_id):
        jiannuo("calendar", "load", str(NOTICE), "--yes")

        found = jiannuo("calendar", "load", str(NOTICE), "--yes")

        assert found.exit_code == 1
        assert "已经装载过" in found.stderr

    def test_of_a_file_with_a_missing_day_lists_the_faults(self, office, jiannuo, tmp_path):
        content = json.loads(NOTICE.read_text(encoding="utf-8"))
        content["holidays"][0]["to"] = "2027-01-03"
        file = tmp_path / "2027.json"
        file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

        found = jiannuo("calendar", "load", str(file), "--yes")

        assert found.exit_code == 1
        assert "2027.json 没有装载，有 1 处错误" in found.stderr
        assert "补上缺的一天" in found.stderr
        assert not is_loaded(office)

    def test_of_a_file_that_is_not_there_says_so(self, jiannuo):
        found = jiannuo("calendar", "load", "nowhere.json")

        assert found.exit_code == 1
        assert "nowhere.json" in found.stderr

    def test_speaks_english(self, jiannuo, case_id):
        found = jiannuo("calendar", "load", str(NOTICE), "--yes", "--lang", "en")

        assert "Loaded;" in found.stdout

    def test_without_a_database_says_what_to_type(self, typing):
        found = typing("calendar", "load", str(NOTICE))

        assert found.exit_code == 1
        assert "jiannuo migrate" in found.stderr
