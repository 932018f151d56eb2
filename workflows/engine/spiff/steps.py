"""Moves a case on until it waits: one automatic step at a time, interruptions first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import StartEvent
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from workflows.engine.spiff.activities import item_of
from workflows.engine.spiff.case import Case
from workflows.engine.spiff.events import FIRED, Boundary, End, is_event_split
from workflows.engine.spiff.waits import Wait, choose_receiver, find_receivers, fire
from workflows.engine.values import PassedElement
from workflows.errors import DiagramError

LIMIT = 2_000
"""More automatic steps than this in one move can only be a loop that never waits (S18)."""


@contextmanager
def _own_errors() -> Iterator[None]:
    """Let no error of the library out: whoever meets it should not need to know the library."""
    try:
        yield
    except SpiffWorkflowException as error:
        raise DiagramError("error.engine.stuck", detail=str(error)) from error


class Move:
    """One move of a case, and the record of what it passed."""

    def __init__(self, case: Case) -> None:
        """Begin with nothing passed."""
        self.case = case
        self.passed: list[PassedElement] = []
        self.ended: list[str] = []
        self.sent: list[str] = []

    @_own_errors()
    def begin(self, start_event: str) -> None:
        """Start the case at this start event, and drop the others so that it can complete.

        Raises DiagramError when it does not come to rest.
        """
        self.case.task_tree.run()
        for task in list(self.case.tasks.values()):
            if is_event_split(task.task_spec) and task.state == TaskState.READY:
                task.run()
        for task in list(self.case.tasks.values()):
            if isinstance(task.task_spec, StartEvent) and task.task_spec.name != start_event:
                task.cancel()
        for task in list(self.case.tasks.values()):
            if isinstance(task.task_spec, StartEvent) and task.state == TaskState.WAITING:
                task.internal_data[FIRED] = True
                task.task_spec._update(task)
        self._run_on()

    @_own_errors()
    def run(self, task: Any) -> None:
        """Complete one step, then everything that follows by itself.

        Raises DiagramError when it does not come to rest.
        """
        self._run_one(task)
        self._run_on()

    @_own_errors()
    def fire(self, wait: Wait) -> None:
        """Let a waiting event happen, then everything that follows by itself.

        Raises DiagramError when it does not come to rest.
        """
        fire(wait)
        self._run_on()

    def _run_on(self) -> None:
        """Carry out automatic steps until every branch waits."""
        for _ in range(LIMIT):
            task = self._find_next()
            if task is None:
                return
            self._run_one(task)
        raise DiagramError("error.engine.endless_loop", limit=LIMIT)

    def _find_next(self) -> Any:
        """Return the next automatic step, innermost first, boundary events before all (S6).

        One step at a time, so that whatever an interruption cancels is never carried out.
        """
        candidates = [
            task for task in self.case.list_tasks(TaskState.READY) if not task.task_spec.manual
        ]
        for task in candidates:
            if isinstance(task.task_spec, Boundary):
                return task
        return max(candidates, key=lambda task: int(task.workflow.depth), default=None)

    def _run_one(self, task: Any) -> None:
        item = item_of(task)
        task.run()
        if task.state == TaskState.COMPLETED:
            self._note(task, item)
        while self.case.thrown:
            self._deliver_thrown(*self.case.thrown.pop(0))

    def _note(self, task: Any, item: str | None) -> None:
        element = task.task_spec.bpmn_id
        if element is None:
            return
        self.passed.append(PassedElement(element=element, item=item))
        if isinstance(task.task_spec, End):
            self.ended.append(element)

    def _deliver_thrown(self, thrower: Any, name: str) -> None:
        """Deliver a message thrown inside the case; one that nobody waits for leaves the case."""
        item = item_of(thrower)
        receivers = [
            receiver
            for receiver in find_receivers(self.case, name)
            if receiver.item is None or receiver.item == item
        ]
        if not receivers:
            self.sent.append(name)
            return
        fire(choose_receiver(receivers, name=name))
