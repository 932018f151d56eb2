"""Simulates months of an office and keeps what a case cost: ``make bench-office``."""

from __future__ import annotations

import argparse
import os
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.machine import describe_machine
from benchmarks.results import number, store
from webapp.settings import read_settings
from webapp.simulation.report import Report
from webapp.simulation.side_by_side import plan_offices, simulate_all
from webapp.simulation.simulate import Wanted

BEGIN = date(2026, 1, 5)


def main() -> None:
    """Run, print and store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=400)
    parser.add_argument("--days", type=int, default=180)
    parser.add_argument("--office", default="city")
    wanted = parser.parse_args()
    at, machine = datetime.now(UTC), describe_machine()
    with tempfile.TemporaryDirectory(prefix="jiannuo-months-") as folder:
        settings = replace(
            read_settings(), data_dir=Path(folder), database_url=f"sqlite:///{folder}/office.db"
        )
        offices = plan_offices(
            settings,
            Wanted(
                cases=wanted.cases, days=wanted.days, seed=1, size=wanted.office, begin_on=BEGIN
            ),
            count=min(os.cpu_count() or 1, wanted.cases),
        )
        report = simulate_all(offices, on_filed=lambda _: None)
    command = (
        f"make bench-office CASES={wanted.cases} DAYS={wanted.days} OFFICE={wanted.office}"
        f" (JIANNUO_ENGINE={settings.engine})"
    )
    print(
        store(
            "simulation",
            command=command,
            machine=machine,
            at=at,
            text=_words(report),
            figures=report.as_plain(),
        )
    )


def _words(report: Report) -> str:
    cases = report.counts["cases filed"]
    broken = [name for name, found in report.broken.items() if found]
    return "\n".join(
        [
            f"cases filed: {cases:,}, commands: {report.counts['commands']:,}",
            f"CPU a case: {number(report.cpu_seconds / cases * 1000)} ms",
            f"commands a second and core: {number(report.counts['commands'] / report.cpu_seconds)}",
            f"100,000 cases on {os.cpu_count()} cores at this pace:"
            f" {number(report.wall_seconds / cases * 100_000 / 3600)} hours",
            f"database a case: {number(report.database_bytes / cases / 1000)} kB",
            f"answered: {report.replies:,}, late: {report.late_replies:,}",
            f"invariants broken: {', '.join(broken) or 'none'}",
        ]
    )


if __name__ == "__main__":
    main()
