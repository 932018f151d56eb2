"""What many people asked for and were told, and whether the database agrees with all of it."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.integration.crash.remote import StubbornClient
from workflows.models import Answer, AuditEntry, CommandRecord, Event, Task, Timer

TAKEN = (302, 303)  # done: the browser is sent on
REFUSED = (403, 409)  # somebody was faster, or it is not one's own
FACTS = {"claim": "task_claimed", "release": "task_released", "complete": "task_done"}
Forms = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Operation:
    """One thing one client asked for, repeated word for word until it was answered."""

    client: int
    kind: str  # claim | release | complete
    task_id: str
    status: int


@dataclass
class History:
    """All that was asked and answered, in any order."""

    operations: list[Operation] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, operation: Operation) -> None:
        """Note an answered request."""
        with self._lock:
            self.operations.append(operation)

    def taken(self, kind: str) -> Counter[str]:
        """Return how often each task saw this done, according to the answers."""
        return Counter(
            row.task_id for row in self.operations if row.kind == kind and row.status in TAKEN
        )


class Hand(threading.Thread):
    """One client: it claims and gives back shared tasks, and at the end tries to complete each."""

    def __init__(
        self, number: int, client: StubbornClient, forms: Forms, *, seconds: float, to: History
    ) -> None:
        """Take a browser that is logged in, and the filled form of each task."""
        super().__init__(name=f"hand-{number}", daemon=True)
        self._number, self._client, self._forms = number, client, forms
        self._until = time.monotonic() + seconds
        self._history = to
        self._dice = random.Random(number)
        self.error: BaseException | None = None

    def run(self) -> None:
        """Work until the time is over, then go for the last act of every task."""
        tasks = sorted(self._forms)
        try:
            while time.monotonic() < self._until:
                kind = self._dice.choice(("claim", "release"))
                self._ask(kind, self._dice.choice(tasks))
            for task_id in self._dice.sample(tasks, len(tasks)):
                self._ask("claim", task_id)
                self._ask("complete", task_id)
        except BaseException as error:
            self.error = error

    def _ask(self, kind: str, task_id: str) -> None:
        form = self._forms[task_id]
        data = {**form} if kind == "complete" else {"csrf_token": form["csrf_token"]}
        path = f"/tasks/{task_id}" + ("" if kind == "complete" else f"/{kind}")
        # A fresh id: this is another act than the same button pressed by somebody else.
        answer = self._client.open(
            path, method="POST", data={**data, "command_id": uuid.uuid4().hex}
        )
        self._history.add(Operation(self._number, kind, task_id, answer.status_code))


def problems_of(
    history: History, session: Session, *, before: Counter[tuple[str, str]]
) -> list[str]:
    """Return where the database and the answers disagree; ``before`` counts the earlier facts."""
    return [
        *_strange_answers(history),
        *_lost_or_doubled(history, session, before),
        *_completions(history, session),
        *_timers(session),
        *_commands(session),
    ]


def count_facts(session: Session, tasks: Mapping[str, Task]) -> Counter[tuple[str, str]]:
    """Return how often each fact of a command is told of each task."""
    places = {(row.case_id, row.element): task_id for task_id, row in tasks.items()}
    found: Counter[tuple[str, str]] = Counter()
    for row in session.scalars(select(Event).where(Event.kind.in_(FACTS.values()))):
        task_id = places.get((row.case_id or "", str(row.facts.get("element"))))
        if task_id is not None:
            found[task_id, row.kind] += 1
    return found


def read_tasks(session: Session, ids: list[str]) -> dict[str, Task]:
    """Return the tasks by id."""
    return {row.id: row for row in session.scalars(select(Task).where(Task.id.in_(ids)))}


def _strange_answers(history: History) -> list[str]:
    strange = {
        row for row in history.operations if row.status not in TAKEN and row.status not in REFUSED
    }
    return [f"{row.kind} was answered with {row.status}" for row in strange]


def _lost_or_doubled(
    history: History, session: Session, before: Counter[tuple[str, str]]
) -> list[str]:
    """Every claim and release that was confirmed is told once, and nothing else is."""
    tasks = read_tasks(session, sorted({row.task_id for row in history.operations}))
    after = count_facts(session, tasks)
    found = []
    for kind in ("claim", "release"):
        taken = history.taken(kind)
        for task_id in tasks:
            told = after[task_id, FACTS[kind]] - before[task_id, FACTS[kind]]
            if told != taken[task_id]:
                found.append(f"{kind} of {task_id}: {taken[task_id]} confirmed, {told} told")
    return found


def _completions(history: History, session: Session) -> list[str]:
    """Everybody tried to complete each task; it was done once, for one of them."""
    tasks = read_tasks(session, sorted({row.task_id for row in history.operations}))
    told, taken = count_facts(session, tasks), history.taken("complete")
    found = []
    for task_id, task in tasks.items():
        answers = select(Answer).where(
            Answer.case_id == task.case_id, Answer.element == task.element
        )
        counts = (
            told[task_id, "task_done"],
            len(session.scalars(answers).all()),
            taken[task_id],
        )
        if task.status != "done" or counts != (1, 1, 1):
            found.append(f"{task_id} is {task.status}: (told, answers, confirmed) = {counts}")
    return found


def _timers(session: Session) -> list[str]:
    fired = session.scalars(select(Timer).where(Timer.status == "fired")).all()
    told = Counter(
        row.case_id for row in session.scalars(select(Event).where(Event.kind == "timer_fired"))
    )
    points = Counter((row.case_id, row.engine_timer_id) for row in fired)
    twice = [f"{point} fired {count} times" for point, count in points.items() if count > 1]
    by_case = Counter(row.case_id for row in fired)
    return twice + [
        f"{case_id}: {count} timers fired, {told[case_id]} told"
        for case_id, count in by_case.items()
        if told[case_id] != count
    ]


def _commands(session: Session) -> list[str]:
    """Each command has one record and one entry in the audit."""
    records = Counter(session.scalars(select(CommandRecord.id)))
    entries = Counter(session.scalars(select(AuditEntry.command_id)))
    return [
        f"{name}: {records[name]} records, {entries[name]} entries"
        for name in records.keys() | entries.keys()
        if (records[name], entries[name]) != (1, 1)
    ]
