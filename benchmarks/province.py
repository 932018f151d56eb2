"""The arithmetic of docs/scale.md: a province and the nation from what was measured, and what not.

    .venv/bin/python -m benchmarks.province

Measured figures come out of ``benchmarks/results/``; the rest are assumptions, printed as such.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.results import number, table

RESULTS = Path(__file__).parent / "results"

# Given: the province that the product is planned for.
ENTERPRISES = 2_590_000
PERSONS = 27_000_000
CITIES = 9
PROVINCES = 31

# Assumed. No source counts these cases; the first year of use will.
CASES_PER_1000_ENTERPRISES = 20.0
CASES_PER_1000_PERSONS = 1.0
WORKING_DAYS = 250
BUSIEST_HOUR_SHARE = 0.2
BUSIEST_DAY_FACTOR = 4.0
PAGES_PER_COMMAND = 12
YEARS_KEPT = 10
USED_SHARE_OF_A_CORE = 0.5


@dataclass(frozen=True)
class PerCase:
    """What one case costs, measured by a simulation."""

    commands: float
    cpu_seconds: float
    bytes: float


@dataclass(frozen=True)
class Load:
    """What a number of cases a year asks of the machines."""

    cases: float
    busiest_commands: float
    command_cores: float
    page_cores: float
    terabytes: float


def per_case(simulation: Mapping[str, Any]) -> PerCase:
    """Return what a case cost in a stored simulation."""
    cases = simulation["counts"]["cases filed"]
    return PerCase(
        commands=simulation["counts"]["commands"] / cases,
        cpu_seconds=simulation["cpu_seconds"] / cases,
        bytes=simulation["database_bytes"] / cases,
    )


def page_seconds(bench: Mapping[str, Any]) -> float:
    """Return the processor time of a page over HTTP, the database's included, in a stored bench."""
    pages = bench["postgresql"]["http"]
    asked = [pages[name]["product_ms"] for name in ("inbox", "case page")]
    return float(sum(asked) / len(asked) / 1000)


def cases_a_year(*, enterprises: float, persons: float) -> float:
    """Return how many cases come in a year under the assumed rates."""
    return (enterprises * CASES_PER_1000_ENTERPRISES + persons * CASES_PER_1000_PERSONS) / 1000


def load_of(cases: float, one: PerCase, *, page_cpu_seconds: float) -> Load:
    """Return the load of the busiest hour, and the disk after the years that cases are kept."""
    busiest_hour = cases / WORKING_DAYS * BUSIEST_DAY_FACTOR * BUSIEST_HOUR_SHARE
    per_second = busiest_hour / 3600
    commands = per_second * one.commands
    return Load(
        cases=cases,
        busiest_commands=commands,
        command_cores=per_second * one.cpu_seconds / USED_SHARE_OF_A_CORE,
        page_cores=commands * PAGES_PER_COMMAND * page_cpu_seconds / USED_SHARE_OF_A_CORE,
        terabytes=cases * YEARS_KEPT * one.bytes / 1e12,
    )


def main() -> None:
    """Print measured, assumed and worked-out figures."""
    stored, bench = (
        json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("simulation", "bench")
    )
    one, page = per_case(stored["figures"]), page_seconds(bench["figures"])
    print(f"measured by: {stored['command']}")
    print(f"  commands a case {number(one.commands)}, CPU {number(one.cpu_seconds * 1000)} ms,")
    print(f"  database {number(one.bytes / 1000)} kB a case, indexes included")
    print(f"measured by: {bench['command']}")
    print(f"  a page over HTTP {number(page * 1000)} ms of CPU, the database's included")
    print("assumed:")
    print(f"  {CASES_PER_1000_ENTERPRISES:g} cases a year per 1,000 enterprises,", end=" ")
    print(f"{CASES_PER_1000_PERSONS:g} per 1,000 persons; {WORKING_DAYS} working days;")
    print(f"  the busiest day {BUSIEST_DAY_FACTOR:g} times the mean,", end=" ")
    print(f"its busiest hour {BUSIEST_HOUR_SHARE:.0%} of the day;")
    print(f"  {PAGES_PER_COMMAND} pages read for each command; cores used to", end=" ")
    print(f"{USED_SHARE_OF_A_CORE:.0%}; cases kept {YEARS_KEPT} years")
    province = cases_a_year(enterprises=ENTERPRISES, persons=PERSONS)
    scales = {
        f"a city (one of {CITIES})": province / CITIES,
        "the province": province,
        f"the nation ({PROVINCES} such)": province * PROVINCES,
    }
    rows = []
    for name, cases in scales.items():
        load = load_of(cases, one, page_cpu_seconds=page)
        rows.append(
            (
                name,
                f"{load.cases:,.0f}",
                number(load.busiest_commands),
                number(load.command_cores),
                number(load.page_cores),
                number(load.terabytes),
            )
        )
    head = (
        "",
        "cases a year",
        "commands/s, busiest",
        "cores for them",
        "cores for pages",
        "TB kept",
    )
    print(table(head, rows))


if __name__ == "__main__":
    main()
