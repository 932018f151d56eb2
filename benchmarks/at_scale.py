"""Measures what an office of millions of open cases costs: ``make bench-scale``."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.baseline.casework import Baseline
from benchmarks.machine import describe_machine
from benchmarks.office import open_office
from benchmarks.page_costs import PAGES, ask_for_pages
from benchmarks.places import Place, Seconds, closing, places
from benchmarks.postgres import running_server
from benchmarks.results import number, store, table
from benchmarks.rivals import Product, find_username
from benchmarks.scale import fill, first_page_seconds
from benchmarks.waiting import SWEEPS, fill_timers, measure_tick
from workflows.engine.engines import Engines

MILLI = 1e3


@dataclass(frozen=True)
class Scale:
    """How many open tasks there are, one a case, and how many timers wait in the middle of it."""

    tasks: tuple[int, ...]
    timers: int


SCALES = {
    "small": Scale(tasks=(1_000, 10_000, 20_000), timers=10_000),
    "full": Scale(tasks=(10_000, 100_000, 1_000_000, 3_000_000), timers=1_000_000),
}

EXPLANATION = f"""
Inbox: the database's part of the first page, ms: our processor time of the statements on SQLite,
EXPLAIN ANALYZE on PostgreSQL. Whole page: processor time of the serving process, and of the
database server beside it. Idle tick: the median processor time of {SWEEPS} that find nothing due
(one comes every two seconds), and the database's mean. First tick: the one of a day that looks
whether the calendar has moved a date. Memory: resident, after some pages.
""".strip()


def main() -> None:
    """Run, print and store."""
    wanted = _read_arguments()
    at, machine = datetime.now(UTC), describe_machine()
    folder = Path(tempfile.mkdtemp(prefix="jiannuo-scale-"))
    figures: dict[str, Any] = {}
    try:
        with running_server(folder) as server:
            machine["postgresql"] = server.version
            for name, (place, seconds) in places(folder, server).items():
                print(f"{name} ...", flush=True)
                figures[name] = _run(place, seconds, SCALES[wanted.scale])
                (folder / "scale.db").unlink(missing_ok=True)
    finally:
        shutil.rmtree(folder)
    command = f"make bench-scale SCALE={wanted.scale}"
    text = describe(figures)
    print(store(wanted.name, command=command, machine=machine, at=at, text=text, figures=figures))


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.at_scale", description=__doc__)
    parser.add_argument("--scale", choices=sorted(SCALES), default="full")
    parser.add_argument("--name", default="scale", help="name of the files in benchmarks/results")
    return parser.parse_args()


def _run(place: Place, seconds: Seconds, scale: Scale) -> dict[str, Any]:
    url = place("scale")
    product = Product(open_office(url, engine=Engines()))
    baseline, username = Baseline(product.office), find_username(product)
    found: dict[str, Any] = {"inbox": {}, "serving": {}, "ticks": {}}
    filled = 0
    with closing(product):
        for tasks in scale.tasks:
            print(f"  {tasks:,} open tasks ...", flush=True)
            fill(product.office, already=filled, tasks=tasks)
            filled = tasks
            found["inbox"][str(tasks)] = {
                "product_ms": first_page_seconds(product) * MILLI,
                "baseline_ms": first_page_seconds(baseline) * MILLI,
            }
            found["serving"][str(tasks)] = _ask(url, username, seconds)
            if tasks == scale.timers:
                found["ticks"] = _measure_ticks(product, seconds, timers=scale.timers)
    return found


def _ask(url: str, username: str, seconds: Seconds) -> dict[str, float]:
    """Return what a serving process measures of itself, and its database's part of a page."""
    before = seconds()
    found = ask_for_pages(url, username)
    # Beside those that it measures it asks for one page more, and for the log-in.
    return {**found, "database_ms": (seconds() - before) / (PAGES + 1) * MILLI}


def _measure_ticks(
    product: Product, seconds: Seconds, *, timers: int
) -> dict[str, dict[str, float]]:
    """Return what a tick costs before and after so many timers wait."""
    found = {"0": measure_tick(product.office.url, database_seconds=seconds)}
    print(f"  {timers:,} waiting timers ...", flush=True)
    fill_timers(product.office, timers=timers)
    found[str(timers)] = measure_tick(product.office.url, database_seconds=seconds)
    return found


def describe(figures: dict[str, Any]) -> str:
    """Return the figures as tables with what they mean."""
    lines = [EXPLANATION]
    for database, found in figures.items():
        lines += ["", f"{database}: inbox and memory by open cases", _sizes(found)]
        lines += ["", f"{database}: tick by waiting timers", _ticks(found["ticks"])]
    return "\n".join(lines)


def _sizes(found: dict[str, Any]) -> str:
    rows = [
        [
            f"{int(tasks):,}",
            number(each["product_ms"]),
            number(each["baseline_ms"]),
            number(found["serving"][tasks]["inbox_page_ms"]),
            number(found["serving"][tasks]["database_ms"]),
            number(found["serving"][tasks]["memory_mb"]),
        ]
        for tasks, each in found["inbox"].items()
    ]
    head = ["open cases", "first page ms", "baseline ms", "whole page ms"]
    head += ["its database ms", "memory MB"]
    return table(head, rows)


def _ticks(found: dict[str, dict[str, float]]) -> str:
    rows = [
        [
            f"{int(timers):,}",
            number(each["own_ms"]),
            number(each["database_ms"]),
            number(each["first_tick_s"]),
            number(each["started_mb"]),
            number(each["first_tick_mb"]),
        ]
        for timers, each in found.items()
    ]
    head = ["waiting timers", "idle tick ms", "its database ms"]
    head += ["first tick s", "memory MB before", "at most in it"]
    return table(head, rows)


if __name__ == "__main__":
    main()
