"""Months of an office: every invariant holds, nothing is repeated, one seed is one history."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.databases import SqliteDatabases
from tests.integration.casebook import Casebook, at
from webapp.simulation.report import report_on
from webapp.simulation.simulate import Simulation, Wanted
from workflows.services.check_invariants import check_invariants
from workflows.storage.reading import read_session

WANTED = Wanted(cases=12, days=60, seed=3, size="small", begin_on=date(2026, 8, 17))


@contextmanager
def simulated(url: str, folder: Path, wanted: Wanted) -> Iterator[Simulation]:
    """Run a simulation in a database of its own."""
    book = Casebook(url, folder, now=at("2026-08-01"))
    try:
        simulation = Simulation(book.sessions, book.desk, wanted)
        simulation.run()
        yield simulation
    finally:
        book.close()


class TestSimulation:
    def test_keeps_every_invariant_on_both_databases(self, database_url: str, tmp_path: Path):
        with simulated(database_url, tmp_path, WANTED) as simulation:
            report = report_on(simulation, cpu_seconds=1.0, wall_seconds=1.0)

        assert report.is_sound, report.broken
        assert report.counts["cases filed"] == WANTED.cases
        assert sum(report.outcomes.values()) == WANTED.cases
        assert report.outcomes["open"] < WANTED.cases
        assert report.counts["timers fired"] > 0

    def test_is_the_same_for_the_same_seed(self, sqlite_databases, tmp_path: Path):
        first, second = (self._figures(sqlite_databases, tmp_path / name) for name in "ab")

        assert first == second

    def _figures(self, databases: SqliteDatabases, folder: Path) -> dict[str, object]:
        folder.mkdir()
        with databases.fresh(folder=folder) as url, simulated(url, folder, WANTED) as simulation:
            plain = report_on(simulation, cpu_seconds=1.0, wall_seconds=1.0).as_plain()
        return {name: plain[name] for name in ("counts", "outcomes", "replies", "late_replies")}


class TestInvariants:
    """Each invariant names what breaks it: rows are spoilt by hand, as no service would."""

    @pytest.mark.parametrize(
        ("name", "spoil"),
        [
            ("closed_case_has_open_work", "UPDATE case_file SET status = 'closed'"),
            ("timer_waits_in_closed_case", "UPDATE case_file SET status = 'closed'"),
            ("open_case_waits_for_nothing", "DELETE FROM task; DELETE FROM timer"),
            ("audit_chain_broken", "UPDATE audit_entry SET command = 'something else'"),
        ],
    )
    def test_names_what_is_wrong(self, book: Casebook, name: str, spoil: str):
        book.file()
        assert self._broken(book) == set()

        with book.engine.begin() as connection:
            for statement in spoil.split(";"):
                connection.execute(text(statement))

        assert name in self._broken(book)

    def _broken(self, book: Casebook) -> set[str]:
        with read_session(book.sessions) as session:
            found = check_invariants(session, book.desk, office_id=book.office_id)
        return {each.name for each in found if each.broken}
