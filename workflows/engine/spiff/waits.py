"""What a case waits for, found by walking its tasks, not from the library's list (S11, S14)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.util.task import TaskState

from workflows.engine.spiff.activities import item_of
from workflows.engine.spiff.case import Case
from workflows.engine.spiff.events import CHOSEN, FIRED, CaseMessage, ClockTimer, EventGateway
from workflows.errors import Conflict


@dataclass(frozen=True)
class Wait:
    """One event that waits: a task of its own, or one choice of an event gateway."""

    task: Any
    element: str
    event: Any
    item: str | None

    @property
    def id(self) -> str:
        """Return an id that stays the same while the event waits."""
        if isinstance(self.task.task_spec, EventGateway):
            return f"{self.task.id}/{self.element}"
        return str(self.task.id)


def list_waits(case: Case) -> Iterator[Wait]:
    """Return every event that the case waits for."""
    for task in case.list_tasks(TaskState.WAITING):
        spec = task.task_spec
        if isinstance(spec, EventGateway):
            for element, event in spec.choices.items():
                yield Wait(task, element, event, item_of(task))
        elif isinstance(getattr(spec, "event_definition", None), ClockTimer | CaseMessage):
            yield Wait(task, spec.bpmn_id, spec.event_definition, item_of(task))


def find_receivers(case: Case, name: str) -> list[Wait]:
    """Return the events that wait for a message of this name."""
    return [
        wait
        for wait in list_waits(case)
        if isinstance(wait.event, CaseMessage) and wait.event.name == name
    ]


def choose_receiver(receivers: list[Wait], *, name: str) -> Wait:
    """Return the one receiver (S13).

    Raises Conflict when there is none, or when nothing says which of several is meant.
    """
    if not receivers:
        raise Conflict("error.engine.nobody_waits", message=name)
    if len(receivers) > 1:
        raise Conflict("error.engine.several_wait", message=name, count=len(receivers))
    return receivers[0]


def fire(wait: Wait) -> None:
    """Let the event happen; the engine carries on from there."""
    if isinstance(wait.task.task_spec, EventGateway):
        wait.task.internal_data[CHOSEN] = wait.element
    else:
        wait.task.internal_data[FIRED] = True
    wait.task.task_spec._update(wait.task)
