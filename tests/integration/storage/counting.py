"""A program that counts in a database, to be run several times over at the same time."""

from __future__ import annotations

import sys

from sqlalchemy import select

from workflows.errors import Conflict
from workflows.events import SYSTEM, Command
from workflows.models import CaseSeries
from workflows.storage.databases import open_database, sessions_for
from workflows.storage.unit_of_work import CommandBus, UnitOfWork

SERIES = "YY-220000-2026"


def count_on(work: UnitOfWork) -> dict[str, int]:
    """Read the last number and write the next one, as the number of a new case is given."""
    row = work.session.scalars(select(CaseSeries).where(CaseSeries.series == SERIES)).one()
    row.last_number += 1
    return {"number": row.last_number}


def count(*, url: str, office_id: str, name: str, times: int) -> tuple[list[int], int]:
    """Count so many times; return the numbers one got, and how often somebody was faster."""
    from webapp.business_clock import machine_now

    engine = open_database(url)
    bus = CommandBus(sessions_for(engine))
    numbers, refused = [], 0
    for each in range(times):
        command = Command(
            id=f"{name}:{each}",
            name="count",
            actor=SYSTEM,
            now=machine_now(),
            office_id=office_id,
        )
        try:
            numbers.append(bus.run(command, count_on)["number"])
        except Conflict:
            refused += 1
    engine.dispose()
    return numbers, refused


if __name__ == "__main__":
    found, lost = count(url=sys.argv[1], office_id=sys.argv[2], name=sys.argv[3], times=60)
    print(",".join(str(each) for each in found), lost)
