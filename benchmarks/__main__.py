"""Measures the product against its plain baseline in one run: ``make bench``."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.baseline.casework import Baseline
from benchmarks.hot_paths import Runner, engine_step_seconds, run_all
from benchmarks.machine import describe_machine
from benchmarks.office import open_office
from benchmarks.over_http import measure_http
from benchmarks.page_costs import ask_for_pages
from benchmarks.places import Place, Seconds, closing, places
from benchmarks.postgres import running_server
from benchmarks.results import number, store, table
from benchmarks.rivals import Product, find_username
from benchmarks.scale import SIZES, fill, first_page_seconds
from webapp.settings import read_settings
from workflows.engine.engines import SPIFF, Engines

ENGINE_VARIABLE = "JIANNUO_ENGINE"
PATHS = ("start", "complete", "claim", "inbox", "case page", "fire timer", "send outbox")
MICRO, MILLI = 1e6, 1e3

EXPLANATION = """
Processor time, database included; medians of our own part. "/core s": operations per second of
processor time. Ratio: product to baseline, more is better for us; only ratios of one run are firm.
The baseline is SpiffWorkflow and the ORM for everything, with the same rows written.
""".strip()


def main() -> None:
    """Run, print and store."""
    wanted = _read_arguments()
    at, machine = datetime.now(UTC), describe_machine()
    engine = read_settings().engine
    folder = Path(tempfile.mkdtemp(prefix="jiannuo-bench-"))
    figures: dict[str, Any] = {"engine": engine, "cases": wanted.cases}
    try:
        figures["engine_step_us"] = _engine_steps(engine)
        with running_server(folder) as server:
            machine["postgresql"] = server.version
            for name, (place, seconds) in places(folder, server).items():
                print(f"{name} ...", flush=True)
                figures[name] = _run(place, seconds, engine=engine, cases=wanted.cases)
    finally:
        shutil.rmtree(folder)
    command = f"make bench CASES={wanted.cases} ({ENGINE_VARIABLE}={engine})"
    text = describe(figures)
    print(store(wanted.name, command=command, machine=machine, at=at, text=text, figures=figures))


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--cases", type=int, default=120, help="cases of 16 completions each")
    parser.add_argument("--name", default="bench", help="name of the files in benchmarks/results")
    return parser.parse_args()


def _engine_steps(engine: str) -> dict[str, float]:
    return {
        name: engine_step_seconds(Engines(name), cases=20) * MICRO
        for name in dict.fromkeys([engine, SPIFF])
    }


def _run(place: Place, seconds: Seconds, *, engine: str, cases: int) -> dict[str, Any]:
    product = Product(open_office(place("product"), engine=Engines(engine)))
    baseline = Baseline(open_office(place("baseline"), engine=Engines(SPIFF)))
    runners = [Runner(product, seconds), Runner(baseline, seconds)]
    with closing(product, baseline):
        run_all(runners, cases=cases)
        http = [
            measure_http(
                rival, username=find_username(rival), database_seconds=seconds, requests=cases
            )
            for rival in (product, baseline)
        ]
    inside = [{path: each.costs[path].each for path in PATHS} for each in runners]
    states = {"product": runners[0].state_bytes, "baseline": runners[1].state_bytes}
    return {
        "paths": _compared(*inside),
        "http": _compared(*http),
        "state_bytes": states,
        **_run_scale(place, engine),
    }


def _compared(product: dict[str, float], baseline: dict[str, float]) -> dict[str, dict[str, float]]:
    """Return milliseconds of both by path, and how many times as many the product does."""
    return {
        path: {
            "product_ms": product[path] * MILLI,
            "baseline_ms": baseline[path] * MILLI,
            "ratio": baseline[path] / product[path],
        }
        for path in product
    }


def _run_scale(place: Place, engine: str) -> dict[str, Any]:
    url = place("scale")
    product = Product(open_office(url, engine=Engines(engine)))
    baseline = Baseline(product.office)
    inbox: dict[str, dict[str, float]] = {}
    filled = 0
    with closing(product):
        for tasks in SIZES:
            print(f"  {tasks:,} open tasks ...", flush=True)
            fill(product.office, already=filled, tasks=tasks)
            filled = tasks
            inbox[str(tasks)] = {
                "product_ms": first_page_seconds(product) * MILLI,
                "baseline_ms": first_page_seconds(baseline) * MILLI,
            }
        username = find_username(product)
    return {"inbox": inbox, "serving": ask_for_pages(url, username), "open_cases": filled}


def describe(figures: dict[str, Any]) -> str:
    """Return the figures as tables with what they mean."""
    lines = [f"engine of the product: {figures['engine']}", EXPLANATION, ""]
    steps = figures["engine_step_us"].items()
    lines += [f"engine alone, {name}: {number(each)} us a completion" for name, each in steps]
    for database in ("sqlite", "postgresql"):
        lines += ["", f"{database}: hot paths, in process", _paths(figures[database]["paths"])]
        lines += ["", f"{database}: hot paths, over HTTP", _paths(figures[database]["http"])]
        lines += ["", f"{database}: database time of the inbox's first page, ms"]
        lines += [_inbox(figures[database]), "", *_serving(figures[database])]
    return "\n".join(lines)


def _paths(found: dict[str, dict[str, float]]) -> str:
    rows = [
        [
            path,
            number(each["product_ms"]),
            number(each["baseline_ms"]),
            number(MILLI / each["product_ms"]),
            number(MILLI / each["baseline_ms"]),
            number(each["ratio"]),
        ]
        for path, each in found.items()
    ]
    head = ["path", "product ms", "baseline ms", "product /core s", "baseline /core s", "ratio"]
    return table(head, rows)


def _inbox(found: dict[str, Any]) -> str:
    rows = [
        [f"{int(tasks):,}", number(each["product_ms"]), number(each["baseline_ms"])]
        for tasks, each in found["inbox"].items()
    ]
    return table(["open tasks", "product", "baseline"], rows)


def _serving(found: dict[str, Any]) -> list[str]:
    states, serving = found["state_bytes"], found["serving"]
    rendering, joined = serving["rendering_ms"], serving["hand_joined_ms"]
    by_hand = serving["json_hand_joined_ms"]
    return [
        f"longest engine state: product {states['product']:,} bytes,"
        f" baseline {states['baseline']:,} bytes",
        f"inbox page: {number(serving['inbox_page_ms'])} ms in all;"
        f" template {number(rendering)} ms, the same {serving['page_bytes']:,} bytes joined by hand"
        f" {number(joined)} ms, {number(rendering / joined)} times",
        f"{serving['json_cases']:,} cases as JSON: {number(serving['json_ms'])} ms,"
        f" the same {serving['json_bytes']:,} bytes joined by hand {number(by_hand)} ms,"
        f" {number(serving['json_ms'] / by_hand)} times",
        f"serving process with {found['open_cases']:,} open cases in the database:"
        f" {number(serving['memory_mb'])} MB",
    ]


if __name__ == "__main__":
    main()
