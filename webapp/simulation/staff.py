"""The people of a simulated office: who is there on a day, and how much each gets done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from workflows.events import Actor


@dataclass
class Worker:
    """One holder of one post. ``away_until`` is the first day back."""

    actor: Actor
    tasks_a_day: int
    away_until: date = field(default=date.min)

    def is_there(self, on: date) -> bool:
        """Say whether the person works on that day."""
        return on >= self.away_until


class Staff:
    """Everybody who works on tasks, by post and organisation."""

    def __init__(self, actors: list[Actor], *, tasks_a_day: dict[str, int]) -> None:
        self.workers = [
            Worker(actor, tasks_a_day[actor.role]) for actor in actors if actor.role in tasks_a_day
        ]
        self.pools: dict[tuple[str, str], list[Worker]] = {}
        for worker in self.workers:
            self.pools.setdefault(pool_of(worker.actor), []).append(worker)

    def begin_day(self, on: date, *, dice: Random, absent_share: float, spells: list[int]) -> None:
        """Let some people fall ill or go on leave; nobody else does their work meanwhile."""
        mean = sum(spells) / len(spells)
        for worker in self.workers:
            if worker.is_there(on) and dice.random() < absent_share / mean:
                worker.away_until = date.fromordinal(on.toordinal() + dice.choice(spells))

    def find(self, person_id: str) -> Worker | None:
        """Return the worker of a person, or None for somebody who does no tasks."""
        return next((each for each in self.workers if each.actor.person_id == person_id), None)


def pool_of(actor: Actor) -> tuple[str, str]:
    """Return the key of the pool that a post draws from."""
    return actor.organisation_id or "", actor.role or ""
