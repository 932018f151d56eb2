"""Runs one peer's harness and measures it from outside, so that all are measured alike.

A harness prints a line with ``@`` in front and waits for an answer: ``@begin starts`` and
``@end N`` around what is measured, ``@look NAME`` where the size of its database counts, ``@done``
at the end.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

import psycopg
from psycopg import sql

from benchmarks.postgres import Server
from benchmarks.processor import processor_seconds

# The round before the twelfth task, after both loops: the state is as long as it gets.
LOOK_ROUND = 12
COMPLETIONS_PER_CASE = 16
# Seconds; a run of the default size takes a minute at most.
LONGEST_RUN = 1800
NOTE = "The source's document and the record differ in the date of the decision."
TABLES = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)
SIZE = "SELECT coalesce(sum(pg_column_size(t.*)), 0) FROM {} t"


class HarnessFailed(Exception):
    """A peer's harness ended before its time; the message holds what it said last."""


@dataclass
class Phase:
    """What was measured of one kind of work. Seconds of processor time and of the clock."""

    count: int = 0
    wall: float = 0.0
    harness: float = 0.0
    database: float = 0.0

    @property
    def per_core_second(self) -> float:
        """Return how many were done per second of processor time, database included."""
        return self.count / (self.harness + self.database)

    @property
    def per_second(self) -> float:
        """Return how many one client got done per second of the clock."""
        return self.count / self.wall


@dataclass
class Measurement:
    """All that a harness's run gave: its phases, and bytes per table whenever it asked."""

    phases: dict[str, Phase] = field(default_factory=dict)
    sizes: dict[str, dict[str, int]] = field(default_factory=dict)

    def grown(self, moment: str, is_counted: Callable[[str], bool], *, cases: int) -> int:
        """Return by how many bytes a case the chosen tables grew since before the starts."""
        before, after = self.sizes["before"], self.sizes[moment]
        sums = (after[table] - before.get(table, 0) for table in after if is_counted(table))
        return round(sum(sums) / cases)


@dataclass(frozen=True)
class Stopwatch:
    """One reading of the clock and of both processes' processor time."""

    wall: float
    harness: float
    database: float

    @classmethod
    def read(cls, *, pid: int, server: Server) -> Stopwatch:
        """Read all three now."""
        return cls(
            wall=time.perf_counter(),
            harness=processor_seconds(pid),
            database=server.processor_seconds(),
        )


def measure(
    command: Sequence[str],
    *,
    server: Server,
    database: str,
    cases: int,
    warm_up: int,
    extra: Mapping[str, str],
    look: Callable[[], dict[str, int]] | None = None,
) -> Measurement:
    """Run the harness to its end in an empty database of its own.

    ``look`` returns the bytes of its tables where they do not lie on the server.
    Raises HarnessFailed when it stops early or does not do every task.
    """
    server.create(database)
    environment = {
        **os.environ,
        "PEER_PORT": str(server.port),
        "PEER_DATABASE": database,
        "PEER_URL": server.url(database),
        "PEER_CASES": str(cases),
        "PEER_WARM_UP": str(warm_up),
        "PEER_LOOK_ROUND": str(LOOK_ROUND),
        "PEER_NOTE": NOTE,
        **extra,
    }
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        # A harness that hangs says nothing any more; ending it ends the listening too.
        guard = threading.Timer(LONGEST_RUN, process.kill)
        guard.start()
        try:
            found = listen(
                process.stdout,
                process.stdin,
                stopwatch=lambda: Stopwatch.read(pid=process.pid, server=server),
                look=look or (lambda: _sizes(server, database)),
            )
        finally:
            guard.cancel()
            process.kill()
    done = found.phases["completions"].count
    if done != cases * COMPLETIONS_PER_CASE:
        raise HarnessFailed(f"{done} completions instead of {cases * COMPLETIONS_PER_CASE}")
    return found


def listen(
    said: IO[str],
    answers: IO[str],
    *,
    stopwatch: Callable[[], Stopwatch],
    look: Callable[[], dict[str, int]],
) -> Measurement:
    """Measure what the harness announces until it is done."""
    found = Measurement()
    phase, began, last = Phase(), stopwatch(), ""
    for line in said:
        last = line.strip() or last
        if not line.startswith("@"):
            continue
        verb, _, rest = line[1:].strip().partition(" ")
        if verb == "end":
            _add(phase, began, stopwatch(), count=int(rest))
        elif verb == "look":
            found.sizes[rest] = look()
        elif verb == "begin":
            phase, began = found.phases.setdefault(rest, Phase()), stopwatch()
        answers.write("\n")
        answers.flush()
        if verb == "done":
            return found
    raise HarnessFailed(last or "it said nothing")


def _add(phase: Phase, began: Stopwatch, ended: Stopwatch, *, count: int) -> None:
    phase.count += count
    phase.wall += ended.wall - began.wall
    phase.harness += ended.harness - began.harness
    phase.database += ended.database - began.database


def _sizes(server: Server, database: str) -> dict[str, int]:
    with server.connect(database) as connection:
        names = [str(name) for (name,) in connection.execute(TABLES)]
        return {name: _size(connection, name) for name in names}


def _size(connection: psycopg.Connection[tuple[object, ...]], table: str) -> int:
    row = connection.execute(sql.SQL(SIZE).format(sql.Identifier(table))).fetchone()
    return int(str(row[0])) if row else 0
