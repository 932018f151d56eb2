"""Keeps time and commits in one place each: a law's term must not depend on who reads a clock."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.contracts.sources import PRODUCT, Source, dotted_name, python_sources, report

# Durations (monotonic, perf_counter) are not the time of day and may be measured anywhere.
CLOCK_READINGS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    "time.ctime",
    "func.now",
    "func.current_timestamp",
    "func.current_date",
    "func.localtimestamp",
}
COMMIT_HOME = "workflows/storage/unit_of_work.py"


def clock_readings(source: Source) -> Iterator[str]:
    """Yield each mention of the system's or the database's clock, called or handed on."""
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Attribute):
            continue
        name = ".".join(dotted_name(node).split(".")[-2:])
        if name in CLOCK_READINGS:
            yield f"{source.line(node)} reads a clock: {name}"


def commits(source: Source) -> Iterator[str]:
    """Yield each call of a commit."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield from [f"{source.line(node)} commits"] if node.func.attr == "commit" else []


class TestClock:
    def test_is_read_only_in_webapp(self):
        sources = python_sources("workflows", "handlers", "notifications")
        found = [line for source in sources for line in clock_readings(source)]

        assert not found, report(
            found,
            "take `now: datetime` (aware, UTC) as an argument. The caller in webapp asks the"
            " business clock (legal time) or the machine's clock (sessions, retries).",
        )

    @pytest.mark.parametrize(
        "text",
        [
            "x = datetime.now(UTC)",
            "x = datetime.datetime.now()",
            "x = date.today()",
            "field(default_factory=datetime.utcnow)",
            "Column(server_default=func.now())",
        ],
    )
    def test_is_noticed_when_read(self, text):
        assert list(clock_readings(Source("workflows/x.py", text)))


class TestCommit:
    def test_stands_in_one_file(self):
        sources = [s for s in python_sources(*PRODUCT) if s.path != COMMIT_HOME]
        found = [line for source in sources for line in commits(source)]

        assert not found, report(
            found,
            f"return what happened and let the unit of work ({COMMIT_HOME}) write and commit it.",
        )

    def test_is_noticed(self):
        assert list(commits(Source("webapp/x.py", "session.commit()")))

    def test_still_has_its_home(self):
        home = [s for s in python_sources("workflows") if s.path == COMMIT_HOME]

        assert len(home) == 1
        assert list(commits(home[0])), f"{COMMIT_HOME} no longer commits: name the new home here."
