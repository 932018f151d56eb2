"""What came out of a simulation: how much was done, how late, and whether anything was wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from webapp.simulation.simulate import Simulation
from workflows.services.check_invariants import check_invariants
from workflows.services.read_workload import count_outcomes, count_reply_lateness
from workflows.storage.databases import count_bytes
from workflows.storage.reading import read_session


@dataclass
class Report:
    """The figures of one or several simulated offices."""

    counts: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    replies: int = 0
    late_replies: int = 0
    broken: dict[str, list[str]] = field(default_factory=dict)
    database_bytes: int = 0
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0

    @property
    def is_sound(self) -> bool:
        """Say whether every invariant held."""
        return not any(self.broken.values())

    def as_plain(self) -> dict[str, Any]:
        """Return the figures for a program."""
        return {
            "counts": dict(self.counts),
            "outcomes": dict(self.outcomes),
            "replies": self.replies,
            "late_replies": self.late_replies,
            "broken": self.broken,
            "database_bytes": self.database_bytes,
            "cpu_seconds": round(self.cpu_seconds, 2),
            "wall_seconds": round(self.wall_seconds, 2),
        }


def report_on(simulation: Simulation, *, cpu_seconds: float, wall_seconds: float) -> Report:
    """Return the figures of a simulation that has run, its invariants checked."""
    office_id = simulation.office_id
    with read_session(simulation.sessions) as session:
        outcomes = count_outcomes(session, office_id=office_id)
        replies, late = count_reply_lateness(session, office_id=office_id)
        found = check_invariants(session, simulation.desk, office_id=office_id)
        size = count_bytes(session)
    repeated = [key for key, times in simulation.province.times_received.items() if times > 1]
    return Report(
        counts=simulation.counts,
        outcomes=Counter(outcomes),
        replies=replies,
        late_replies=late,
        broken={each.name: list(each.broken) for each in found} | {"report_sent_twice": repeated},
        database_bytes=size,
        cpu_seconds=cpu_seconds,
        wall_seconds=wall_seconds,
    )


def add_up(reports: Sequence[Report]) -> Report:
    """Return the figures of several offices that were simulated side by side."""
    total = Report(wall_seconds=max((each.wall_seconds for each in reports), default=0.0))
    for each in reports:
        total.counts += each.counts
        total.outcomes += each.outcomes
        total.replies += each.replies
        total.late_replies += each.late_replies
        total.cpu_seconds += each.cpu_seconds
        total.database_bytes += each.database_bytes
        for name, broken in each.broken.items():
            total.broken.setdefault(name, []).extend(broken)
    return total
