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
from typing import Any

from sqlalchemy import Table, insert, select, text

from benchmarks.machine import first_value
from benchmarks.office import NOW, BenchOffice, answers_of
from benchmarks.rivals import Product, list_open
from benchmarks.scale import CHUNK
from benchmarks.serving import product_app
from workflows.models import CaseClock, LedgerEntry, Timer

# No machine's clock comes to this day while the benchmark runs.
LATER = NOW + timedelta(days=3650)
SWEEPS = 1000
WARM_UP = 50

Rows = list[dict[str, Any]]


def fill_timers(office: BenchOffice, *, timers: int) -> None:
    """Let a timer wait on a clock in each of so many cases, as in a real one but far from due."""
    clock, entry, timer = (_row_of_a_case(office, kind) for kind in (CaseClock, LedgerEntry, Timer))
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


def _row_of_a_case(office: BenchOffice, kind: Any) -> Mapping[str, Any]:
    """Return the row that a case behind its first task has in this table."""
    with office.sessions() as session:
        found = session.execute(select(_table(kind)).limit(1)).mappings().first()
    if found is None:
        product = Product(office)
        case_id = product.start()
        task_id = next(task for task, case in list_open(office) if case == case_id)
        product.complete(task_id=task_id, answers=answers_of(0))
        return _row_of_a_case(office, kind)
    return dict(found)


def _table(kind: Any) -> Table:
    table: Table = kind.__table__
    return table


def measure_tick(url: str, *, database_seconds: Callable[[], float]) -> dict[str, float]:
    """Return what the tick of an idle server takes, which has nothing to do all the while.

    The first tick of a day looks whether the calendar has moved a date, and is told apart.
    """
    with tempfile.TemporaryDirectory(prefix="jiannuo-tick-") as folder:
        command = [sys.executable, "-m", "benchmarks.waiting", url, folder]
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
            found["database_ms"] = (database_seconds() - before) / SWEEPS * 1000
            return dict(found)


def main() -> None:
    """Tick in a process of its own, so that its memory shows too."""
    url, folder = sys.argv[1:3]
    app = product_app(url, Path(folder))
    tick = app.extensions["jiannuo"].tick
    memory = _memory("VmRSS")
    began = time.process_time()
    tick()
    first = {"first_tick_s": time.process_time() - began, "started_mb": memory}
    first["first_tick_mb"] = _memory("VmHWM")
    for _ in range(WARM_UP):
        tick()
    print(json.dumps(first), flush=True)
    sys.stdin.readline()
    began = time.process_time()
    for _ in range(SWEEPS):
        tick()
    own = (time.process_time() - began) / SWEEPS
    print(json.dumps({"own_ms": own * 1000}), flush=True)


def _memory(name: str) -> float:
    return float(first_value(Path("/proc/self/status"), name).split()[0]) / 1024


if __name__ == "__main__":
    main()
