"""Lets ten thousand timers fall due at once and asks what a person waits: ``make bench-due``."""

from __future__ import annotations

import argparse
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks.machine import describe_machine
from benchmarks.office import NOW, answers_of, open_office
from benchmarks.places import Place, Seconds, closing, places
from benchmarks.postgres import running_server
from benchmarks.results import number, store, table
from benchmarks.rivals import Product, list_open
from workflows.engine.engines import Engines

LATE = NOW + timedelta(days=60)
# A tick takes at most so many, and the next one comes two seconds later at the latest.
A_TICK = 1000
# What one officer does: finish a step, look up, finish the next.
BETWEEN_STEPS = 0.05
STEPS_BEFORE = 40
AT_LEAST = 2
PEOPLES_CASES = 2000
MILLI = 1e3

EXPLANATION = """
Each timer belongs to a case of its own and moves it. Waits: wall time of one officer's durable
completions, one after the other, before and while the timers fire in the same process.
""".strip()


def main() -> None:
    """Run, print and store."""
    wanted = _read_arguments()
    at, machine = datetime.now(UTC), describe_machine()
    folder = Path(tempfile.mkdtemp(prefix="jiannuo-due-"))
    figures: dict[str, Any] = {"timers": wanted.timers}
    try:
        with running_server(folder) as server:
            machine["postgresql"] = server.version
            for name, (place, seconds) in places(folder, server).items():
                print(f"{name} ...", flush=True)
                figures[name] = _run(place, seconds, timers=wanted.timers)
    finally:
        shutil.rmtree(folder)
    command = f"make bench-due TIMERS={wanted.timers}"
    print(
        store(
            "due_at_once",
            command=command,
            machine=machine,
            at=at,
            text=describe(figures),
            figures=figures,
        )
    )


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.due_at_once", description=__doc__)
    parser.add_argument("--timers", type=int, default=10_000)
    return parser.parse_args()


def _run(place: Place, seconds: Seconds, *, timers: int) -> dict[str, float]:
    product = Product(open_office(place("due"), engine=Engines()))
    with closing(product):
        _let_timers_wait(product, timers=timers)
        for _ in range(PEOPLES_CASES):
            product.start(now=LATE)
        person = _Person(product, _steps(product))
        before = [person.work() for _ in range(STEPS_BEFORE)]
        database, cpu, began = seconds(), time.process_time(), time.perf_counter()
        person.start()
        fired = _fire_all(product)
        took = time.perf_counter() - began
        during = person.stop()
        return {
            "fired": fired,
            "seconds": took,
            "cpu_seconds": time.process_time() - cpu + seconds() - database,
            "idle_wait_ms": median(before) * MILLI,
            "wait_ms": median(during) * MILLI,
            "wait_p95_ms": quantiles(during, n=20)[-1] * MILLI,
            "longest_wait_ms": max(during) * MILLI,
            "steps": len(during),
        }


def _let_timers_wait(product: Product, *, timers: int) -> None:
    """Bring so many cases to their second step, on which a timer waits."""
    for _ in range(timers):
        product.start(now=NOW)
    for task_id, _ in list_open(product.office):
        product.complete(task_id=task_id, answers=answers_of(0))


def _steps(product: Product) -> Iterator[str]:
    """Yield steps that are open for somebody, none of them twice."""
    return iter([task_id for task_id, _ in reversed(list_open(product.office))])


def _fire_all(product: Product) -> int:
    fired = 0
    while count := product.fire_timers(now=LATE, limit=A_TICK):
        fired += count
    return fired


class _Person(threading.Thread):
    """An officer who finishes one step after the other and notes how long each took."""

    def __init__(self, product: Product, steps: Iterator[str]) -> None:
        super().__init__(daemon=True)
        self._product = product
        self._open_steps = steps
        self._is_done = threading.Event()
        self._waits: list[float] = []

    def work(self) -> float:
        """Finish the next step and return how many seconds that took."""
        began = time.perf_counter()
        self._product.complete(task_id=next(self._open_steps), answers=answers_of(0))
        return time.perf_counter() - began

    def run(self) -> None:
        while not self._is_done.wait(BETWEEN_STEPS) or len(self._waits) < AT_LEAST:
            self._waits.append(self.work())

    def stop(self) -> Sequence[float]:
        """Let the person go home; return what each step took meanwhile."""
        self._is_done.set()
        self.join()
        return self._waits


def describe(figures: dict[str, Any]) -> str:
    """Return the figures as a table with what they mean."""
    rows = [
        [
            name,
            f"{found['fired']:,}",
            number(found["seconds"]),
            number(found["cpu_seconds"]),
            number(found["idle_wait_ms"]),
            number(found["wait_ms"]),
            number(found["wait_p95_ms"]),
            number(found["longest_wait_ms"]),
        ]
        for name, found in figures.items()
        if isinstance(found, dict)
    ]
    head = [
        "database",
        "fired",
        "seconds",
        "CPU s",
        "wait before ms",
        "meanwhile",
        "p95",
        "longest",
    ]
    return f"{EXPLANATION}\n\n{table(head, rows)}"


if __name__ == "__main__":
    main()
