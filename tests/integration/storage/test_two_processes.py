"""Two programs on one database lose no update of each other, on SQLite and on PostgreSQL."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.storage.counting import SERIES
from webapp.business_clock import machine_now
from workflows.events import SYSTEM, Command
from workflows.models import AuditEntry, CaseSeries, CommandRecord, Office, new_id
from workflows.storage.audit import broken_entries
from workflows.storage.databases import Sessions, open_database, sessions_for
from workflows.storage.reading import read_session
from workflows.storage.unit_of_work import CommandBus, UnitOfWork

ROOT = Path(__file__).resolve().parents[3]
PROGRAMS = 3
TIMES = 60


def begin(sessions: Sessions) -> str:
    """Put an office with a series at nought into the database and return its id."""
    office_id = new_id()

    def work(unit: UnitOfWork) -> None:
        unit.session.add(
            Office(
                id=office_id,
                code="jilin",
                name="吉林",
                name_en="Jilin",
                division_code="220000",
                settings={},
            )
        )
        unit.session.flush()
        unit.session.add(CaseSeries(office_id=office_id, series=SERIES, last_number=0))

    command = Command(
        id="begin", name="begin", actor=SYSTEM, now=machine_now(), office_id=office_id
    )
    CommandBus(sessions).run(command, work)
    return office_id


class TestTwoProcesses:
    def test_lose_no_update(self, database_url: str):
        engine = open_database(database_url)
        sessions = sessions_for(engine)
        office_id = begin(sessions)
        program = [sys.executable, "-m", "tests.integration.storage.counting"]

        running = [
            subprocess.Popen(
                [*program, database_url, office_id, f"program-{each}"],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                text=True,
            )
            for each in range(PROGRAMS)
        ]
        said = [each.communicate(timeout=120)[0].rsplit(" ", 1) for each in running]

        assert [each.returncode for each in running] == [0] * PROGRAMS
        numbers = sorted(int(each) for found, _ in said for each in found.split(",") if each)
        refused = sum(int(lost) for _, lost in said)
        with read_session(sessions) as session:
            last = session.query(CaseSeries).one().last_number
            commands = session.query(CommandRecord).filter_by(name="count").count()
            entries = session.query(AuditEntry).filter_by(command="count").count()
            broken = broken_entries(session, office_id=office_id)
        engine.dispose()
        # Nobody got a number twice, none is missing, and who was too slow was told so.
        assert numbers == list(range(1, last + 1))
        assert len(numbers) + refused == PROGRAMS * TIMES
        assert (commands, entries, broken) == (last, last, [])
        if database_url.startswith("sqlite"):
            assert refused == 0

    def test_give_one_command_one_effect(self, sqlite_url: str):
        engine = open_database(sqlite_url)
        sessions = sessions_for(engine)
        office_id = begin(sessions)
        program = [sys.executable, "-m", "tests.integration.storage.counting"]

        running = [
            subprocess.Popen(
                [*program, sqlite_url, office_id, "the same"],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(2)
        ]
        said = [each.communicate(timeout=120)[0] for each in running]

        with read_session(sessions) as session:
            last = session.query(CaseSeries).one().last_number
        engine.dispose()
        assert said[0] == said[1]
        assert last == TIMES


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the programs find their packages."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
