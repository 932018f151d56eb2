"""Lets a million timers wait and asks what the tick of an idle server then costs."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from sqlalchemy import Table, insert, select, text

from benchmarks.machine import first_value
from benchmarks.office import NOW, BenchOffice, answers_of
from benchmarks.rivals import Product
from benchmarks.scale import CHUNK
from benchmarks.serving import product_app
from webapp.chores import chores
from webapp.current import Parts
from workflows.models import CaseClock, LedgerEntry, Task, Timer

# No machine's clock comes to this day while the benchmark runs.
LATER = NOW + timedelta(days=3650)
SWEEPS = 1000
WARM_UP = 50

Rows = list[dict[str, Any]]


def fill_timers(office: BenchOffice, *, timers: int) -> None:
    """Let a timer wait on a clock in each of so many cases, as in a real one but far from due."""
    clock, entry, timer = _rows_of_a_case(office)
    engine = office.sessions.kw["bind"]
    for first in range(0, timers, CHUNK):
        clocks: Rows = []
        entries: Rows = []
        waiting: Rows = []
        for number in range(first, min(first + CHUNK, timers)):
            key, case_id = f"w{number:031d}", f"c{number:031d}"
            clocks.append({**clock, "id": key, "case_id": case_id})
            entries.append({**entry, "id": key, "clock_id": key})
            waiting.append({**timer, "id": key, "case_id": case_id, "due_at": LATER})
        with engine.begin() as connection:
            for kind, rows in ((CaseClock, clocks), (LedgerEntry, entries), (Timer, waiting)):
                connection.execute(insert(_table(kind)), rows)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _rows_of_a_case(office: BenchOffice) -> list[Mapping[str, Any]]:
    """Return the rows of clock, ledger and timer that a case has behind its first task."""
    product = Product(office)
    case_id = product.start()
    with office.sessions() as session:
        task_id = session.execute(select(Task.id).where(Task.case_id == case_id)).scalar_one()
    product.complete(task_id=task_id, answers=answers_of(0))
    clock, entry, timer = (_table(kind) for kind in (CaseClock, LedgerEntry, Timer))
    queries = (
        select(clock).where(clock.c.case_id == case_id),
        select(entry).join(clock).where(clock.c.case_id == case_id),
        select(timer).where(timer.c.case_id == case_id),
    )
    with office.sessions() as session:
        return [dict(session.execute(query).mappings().one()) for query in queries]


def _table(kind: Any) -> Table:
    table: Table = kind.__table__
    return table


def measure_tick(
    url: str, *, database_seconds: Callable[[], float], sweeps: int = SWEEPS
) -> dict[str, float]:
    """Return what the tick of an idle server takes, which has nothing to do all the while.

    The first tick of a day looks whether the calendar has moved a date, and is told apart.
    """
    with tempfile.TemporaryDirectory(prefix="jiannuo-tick-") as folder:
        command = [sys.executable, "-m", "benchmarks.waiting", url, folder, str(sweeps)]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        with process:
            assert process.stdin is not None and process.stdout is not None
            found = json.loads(process.stdout.readline())
            before = database_seconds()
            process.stdin.write("\n")
            process.stdin.flush()
            found |= json.loads(process.stdout.readline())
            found["database_ms"] = (database_seconds() - before) / sweeps * 1000
            return dict(found)


def main() -> None:
    """Tick in a process of its own, so that its memory shows too."""
    url, folder, sweeps = sys.argv[1], sys.argv[2], int(sys.argv[3])
    tick = _chores(product_app(url, Path(folder)))
    first = {"started_mb": _memory("VmRSS"), "first_tick_s": _cost(tick)}
    first["first_tick_mb"] = _memory("VmHWM")
    for _ in range(WARM_UP):
        tick()
    print(json.dumps(first), flush=True)
    sys.stdin.readline()
    own = median(_cost(tick) for _ in range(sweeps))
    print(json.dumps({"own_ms": own * 1000}), flush=True)


def _chores(app: Flask) -> Callable[[], None]:
    """Return what a tick does, but for passing over a chore that fails: that would cost little."""
    parts: Parts = app.extensions["jiannuo"]
    todo = chores(
        settings=parts.settings, sessions=parts.sessions, desk=parts.desk, clock=parts.clock
    )

    def tick() -> None:
        for chore in todo.values():
            chore()

    return tick


def _cost(work: Callable[[], Any]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _memory(name: str) -> float:
    return float(first_value(Path("/proc/self/status"), name).split()[0]) / 1024


if __name__ == "__main__":
    main()
