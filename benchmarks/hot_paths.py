"""Measures product and baseline path by path, taking turns, so that both meet the same machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from statistics import median
from typing import Any

from benchmarks.office import NOW, START_EVENT, answers_of, twelve_tasks
from benchmarks.rivals import Rival, list_open, longest_state
from workflows.engine.engine import CaseEngine

READS = 40
LATE = NOW + timedelta(days=60)
# The turn in which every case has a timer waiting, and the one with both loops behind it.
TIMER_TURN, LATE_TURN = 1, 12


@dataclass
class Cost:
    """Processor seconds of one path: each operation's own, and the database's in all."""

    own: list[float] = field(default_factory=list)
    database: float = 0.0

    @property
    def each(self) -> float:
        """Return the seconds an operation costs: our median, and the database's mean."""
        return median(self.own) + self.database / len(self.own)


@dataclass
class Runner:
    """One rival with its costs so far; ``database_seconds`` reads its server's processor time."""

    rival: Rival
    database_seconds: Callable[[], float]
    costs: dict[str, Cost] = field(default_factory=dict)
    state_bytes: int = 0
    cases: list[str] = field(default_factory=list)

    def measure(self, path: str, operations: Sequence[Callable[[], Any]]) -> list[Any]:
        """Run the operations one by one and add what they cost; return what they returned."""
        cost, answers = self.costs.setdefault(path, Cost()), []
        before = self.database_seconds()
        for operation in operations:
            began = time.process_time()
            answers.append(operation())
            cost.own.append(time.process_time() - began)
        cost.database += self.database_seconds() - before
        return answers

    def measure_batch(self, path: str, batch: Callable[[], int]) -> None:
        """Run one call that does many operations, and add the cost of each."""
        before, began = self.database_seconds(), time.process_time()
        done = batch()
        spent = time.process_time() - began
        cost = self.costs.setdefault(path, Cost())
        cost.own += [spent / done] * done
        cost.database += self.database_seconds() - before


def run_all(runners: Sequence[Runner], *, cases: int) -> None:
    """Take so many cases through every path; the runners take turns all the while."""
    for runner in runners:
        # What is read once per process (diagrams, calendars) is not what a request pays.
        _warm_up(runner.rival)
    for _ in range(4):
        for runner in runners:
            starts = [partial(runner.rival.start, now=NOW)] * (cases // 4)
            runner.cases += runner.measure("start", starts)
    turn = 0
    while any([_one_turn(runner, turn) for runner in runners]):
        turn += 1
    for runner in runners:
        _send(runner)


def _send(runner: Runner) -> None:
    count = len(runner.cases)
    runner.measure_batch("send outbox", lambda: runner.rival.send_outbox(now=NOW, limit=count))


def _warm_up(rival: Rival) -> None:
    rival.start(now=NOW)
    turn = 0
    while found := list_open(rival.office):
        for task_id, _ in found:
            rival.complete(task_id=task_id, answers=answers_of(turn))
        turn += 1
    rival.send_outbox(now=NOW, limit=1)


def _one_turn(runner: Runner, turn: int) -> bool:
    rival = runner.rival
    found = list_open(rival.office)
    if turn == TIMER_TURN:
        limit = len(runner.cases)
        runner.measure_batch("fire timer", lambda: rival.fire_timers(now=LATE, limit=limit))
        _read(runner)
    if turn == LATE_TURN:
        runner.state_bytes = longest_state(rival.office)
    if found:
        claims = [partial(rival.claim, task_id=task) for task, _ in found]
        runner.measure("claim", claims)
        answers = answers_of(turn)
        works = [
            lambda task=task: rival.complete(task_id=task, answers=answers) for task, _ in found
        ]
        runner.measure("complete", works)
    return bool(found)


def _read(runner: Runner) -> None:
    rival = runner.rival
    runner.measure("inbox", [rival.read_inbox] * READS)
    chosen = runner.cases[:READS]
    reads = [partial(rival.read_case, case_id=case_id) for case_id in chosen]
    runner.measure("case page", reads)


class _Still:
    """Service tasks that do nothing, so that only the engine is measured."""

    def run(
        self, *, operation: str, element: str, item: str | None, variables: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Set the one variable that the process expects."""
        return {f"{operation}_done": True}


def engine_step_seconds(engine: CaseEngine, *, cases: int) -> float:
    """Return the processor seconds of one completion in the engine alone, state in, state out."""
    bundle, spent = twelve_tasks(), []
    for _ in range(cases):
        snapshot = engine.start(
            bundle=bundle, start_event=START_EVENT, variables={}, operations=_Still()
        )
        turn = 0
        while snapshot.steps:
            for step in snapshot.steps:
                began = time.process_time()
                snapshot = engine.complete(
                    bundle=bundle,
                    state=snapshot.state,
                    step_id=step.id,
                    variables=answers_of(turn),
                    operations=_Still(),
                )
                spent.append(time.process_time() - began)
            turn += 1
    return median(spent)
