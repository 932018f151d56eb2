"""`jiannuo case`: where cases stand, whether the audit is whole, another try for what failed."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import update

from workflows.models import AuditEntry, Case, Incident

RECORD, SUBJECT = "XY-220500-2026-00011", "通化市柳林开发区管理委员会"


@pytest.fixture
def number(office):
    """The number of an open case."""
    return office.case(office.file(RECORD)).number


class TestList:
    def test_shows_open_cases_with_their_reply_dates(self, jiannuo, number):
        found = jiannuo("case", "list")

        assert found.exit_code == 0
        assert f"{number}  在办  2026-11-03  acceptance" in found.stdout

    def test_leaves_closed_ones_out_unless_asked(self, office, jiannuo, number):
        with office.parts.sessions() as session:
            session.execute(update(Case).values(status="closed"))
            session.commit()

        assert number not in jiannuo("case", "list").stdout
        assert f"{number}  办结" in jiannuo("case", "list", "--all").stdout

    def test_gives_json(self, jiannuo, number):
        rows = json.loads(jiannuo("case", "list", "--json").stdout)

        assert rows == [
            {"number": number, "status": "open", "stage": "acceptance", "due_on": "2026-11-03"}
        ]

    def test_says_when_there_is_none(self, jiannuo):
        assert "没有案件" in jiannuo("case", "list").stdout
        assert json.loads(jiannuo("case", "list", "--json").stdout) == []


class TestShow:
    def test_shows_clocks_and_open_work(self, jiannuo, number):
        shown = jiannuo("case", "show", number).stdout

        assert "书面答复申请人  2026-11-03 周二  在走" in shown
        assert "task_formal_check  窗口受理岗" in shown

    def test_speaks_english(self, jiannuo, number):
        shown = jiannuo("case", "show", number, "--lang", "en").stdout

        assert "running" in shown
        assert "Window clerk" in shown

    def test_names_nobody(self, jiannuo, number):
        shown = jiannuo("case", "show", number).stdout
        as_json = jiannuo("case", "show", number, "--json").stdout

        assert SUBJECT not in shown + as_json
        assert "周航" not in shown + as_json

    def test_gives_json(self, jiannuo, number):
        found = json.loads(jiannuo("case", "show", number, "--json").stdout)

        assert found["number"] == number
        assert {clock["name"] for clock in found["clocks"]} == {"reply", "formal_check"}
        assert found["tasks"][0]["element"] == "task_formal_check"

    def test_of_an_unknown_number_says_how_to_find_one(self, jiannuo):
        found = jiannuo("case", "show", "YY-1")

        assert found.exit_code == 1
        assert "没有案件 YY-1" in found.stderr
        assert "jiannuo case list --all" in found.stderr


class TestVerify:
    def test_finds_an_untouched_chain_whole(self, jiannuo, number):
        found = jiannuo("case", "verify")

        assert (found.exit_code, found.stdout.strip()) == (0, "审计链完整。")

    def test_names_the_entry_that_was_changed(self, office, jiannuo, number):
        self.tamper(office)

        found = jiannuo("case", "verify")

        assert found.exit_code == 1
        assert "第 1 条与其散列不符" in found.stdout

    def test_gives_json_and_the_same_exit_status(self, office, jiannuo, number):
        self.tamper(office)

        found = jiannuo("case", "verify", "--json")

        assert found.exit_code == 1
        assert json.loads(found.stdout)["broken"][0][1] == 1

    def tamper(self, office):
        with office.parts.sessions() as session:
            session.execute(update(AuditEntry).where(AuditEntry.id == 1).values(reason="x"))
            session.commit()


class TestRetry:
    @pytest.fixture
    def incident(self, office, monkeypatch):
        def fail(context):
            raise ConnectionError("somewhere")

        with monkeypatch.context() as broken:
            broken.setitem(office.parts.desk.operations, "register_receipt", fail)
            office.file(RECORD)
        with office.reading() as session:
            return session.query(Incident).one()

    def test_does_the_step_that_failed(self, office, jiannuo, incident):
        number = office.case(incident.case_id).number
        before = jiannuo("case", "show", number).stdout

        found = jiannuo("case", "retry", incident.number)

        assert f"{incident.number}  自动环节出错（ConnectionError）" in before
        assert (found.exit_code, found.stdout.strip()) == (0, "已办成。")
        assert incident.number not in jiannuo("case", "show", number).stdout

    def test_gives_json_and_the_same_exit_status(self, jiannuo, incident):
        found = jiannuo("case", "retry", incident.number, "--json")

        assert found.exit_code == 0
        assert json.loads(found.stdout) == {"number": incident.number, "resolved": True}

    def test_of_an_unknown_incident_says_where_its_number_is(self, jiannuo):
        found = jiannuo("case", "retry", "INC-1")

        assert found.exit_code == 1
        assert "没有事故单 INC-1" in found.stderr


class TestWithoutADatabase:
    @pytest.mark.parametrize(
        "arguments", [("case", "list"), ("case", "verify"), ("case", "show", "x")]
    )
    def test_says_what_to_type(self, typing, arguments):
        found = typing(*arguments)

        assert found.exit_code == 1
        assert "jiannuo migrate" in found.stderr
        assert not typing.folder.exists()
