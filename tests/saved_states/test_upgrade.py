"""An office of an earlier version is upgraded while its cases run, and they come to their ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine

from tests.contracts.test_migrations import empty
from tests.integration.casebook import Casebook, at
from tests.saved_states.office_rows import FOLDER, read_rows
from workflows.models import Case, CommandRecord
from workflows.storage.audit import broken_entries
from workflows.storage.migrate import migrate

OFFICES = sorted(FOLDER.glob("*.json.gz"), key=lambda path: path.name)


@pytest.fixture(params=OFFICES, ids=lambda path: path.name.split(".")[0])
def upgraded(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Casebook:
    """The saved office, loaded at its own revision and brought to the newest."""
    path: Path = request.param
    engine = create_engine(database_url)
    empty(engine)
    migrate(database_url, revision=path.name.split(".")[0])
    read_rows(engine, path)
    engine.dispose()
    migrate(database_url)
    book = Casebook(database_url, tmp_path, now=at("2026-09-28"))
    # The casebook numbers its commands; those of the saved office have been carried out.
    book._count = len(book.all(CommandRecord))
    book.case_id = book.all(Case)[0].id
    request.addfinalizer(book.close)
    return book


class TestUpgrade:
    def test_lets_a_running_case_come_to_its_end(self, upgraded):
        assert upgraded.is_open("task_verify")

        upgraded.do("task_verify", conclusion="right")
        upgraded.find("uphold")
        upgraded.reply()

        assert upgraded.case.status == "closed"
        assert upgraded.incidents() == []

    def test_keeps_timers_that_wait_and_the_audit_chain(self, upgraded):
        fired = upgraded.go_on("2026-11-20")

        assert fired > 0
        with upgraded.read() as session:
            assert broken_entries(session, office_id=upgraded.office_id) == []
