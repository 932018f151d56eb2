"""Simulate several offices side by side, one process each, and add their figures up."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.queues import Queue
from typing import Any

from webapp.app import connect_desk
from webapp.settings import Settings
from webapp.simulation.report import Report, add_up, report_on
from webapp.simulation.simulate import Simulation, Wanted, split
from workflows.storage.databases import open_database, sessions_for
from workflows.storage.migrate import migrate

# A bar that moves for every case would cost more than the case.
REPORT_EVERY = 20


@dataclass(frozen=True)
class Office:
    """One simulated office: where it lives and what happens in it."""

    settings: Settings
    wanted: Wanted


def plan_offices(settings: Settings, wanted: Wanted, *, count: int) -> list[Office]:
    """Return that many offices that share the cases.

    On SQLite each office has a database file of its own, as one file has one writer.
    """
    offices = []
    for number, cases in enumerate(split(wanted.cases, parts=count), start=1):
        url = settings.database_url
        if url.startswith("sqlite"):
            url = f"sqlite:///{settings.data_dir / f'office-{number}.db'}"
        offices.append(
            Office(
                settings=replace(settings, database_url=url),
                wanted=replace(wanted, cases=cases, number=number),
            )
        )
    return offices


def simulate_all(offices: list[Office], *, on_filed: Callable[[int], None]) -> Report:
    """Simulate the offices at the same time. Raises RuntimeError when one of them fails."""
    # Databases are made one after the other: on PostgreSQL they are the same one.
    for office in offices:
        migrate(office.settings.database_url)
    context = get_context("spawn")
    told: Queue[Any] = context.Queue()
    processes = [context.Process(target=_simulate, args=(each, told)) for each in offices]
    for process in processes:
        process.start()
    reports: list[Report] = []
    failures: list[str] = []
    while len(reports) + len(failures) < len(offices):
        said = told.get()
        if isinstance(said, Report):
            reports.append(said)
        elif isinstance(said, str):
            failures.append(said)
        else:
            on_filed(said)
    for process in processes:
        process.join()
    if failures:
        raise RuntimeError(failures[0])
    return add_up(reports)


def _simulate(office: Office, told: Queue[Any]) -> None:
    try:
        told.put(simulate_one(office, on_filed=told.put))
    except Exception as error:
        # The parent waits for word from every process; without it, it would wait for ever.
        told.put(f"{type(error).__name__}: {error}")


def simulate_one(office: Office, *, on_filed: Callable[[int], None]) -> Report:
    """Simulate one office in this process and return its figures."""
    filed = 0

    def count() -> None:
        nonlocal filed
        filed += 1
        if filed % REPORT_EVERY == 0:
            on_filed(REPORT_EVERY)

    # Whoever loses a simulation runs it again; waiting for the disk would be most of the work.
    engine = open_database(office.settings.database_url, waits_for_disk=False)
    sessions = sessions_for(engine)
    desk = connect_desk(office.settings, sessions)
    wall, cpu = time.perf_counter(), time.process_time()
    simulation = Simulation(sessions, desk, office.wanted, on_filed=count)
    simulation.run()
    on_filed(filed % REPORT_EVERY)
    report = report_on(
        simulation,
        cpu_seconds=time.process_time() - cpu,
        wall_seconds=time.perf_counter() - wall,
    )
    engine.dispose()
    return report
