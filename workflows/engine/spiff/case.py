"""A running case in memory: one set of variables for all its processes, and what a move did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from workflows.engine.engine import Operations
from workflows.engine.spiff.activities import ITEM, item_of
from workflows.engine.spiff.scripts import CaseScripts


class _Flat:
    """Walks all tasks of a workflow in a row.

    The library walks the tree and stops silently at a depth of a thousand (S16), and leaves the
    sub-processes of a removed task running.
    """

    tasks: dict[Any, Any]

    def update_waiting_tasks(self) -> None:
        """Update every waiting task."""
        for task in list(self.tasks.values()):
            if task.state == TaskState.WAITING and task.id in self.tasks:
                task.task_spec._update(task)

    def cancel(self, success: bool = False) -> list[Any]:
        """Cancel whatever is not finished."""
        self.success = success
        self.completed = True
        unfinished = [
            task for task in self.tasks.values() if task.has_state(TaskState.NOT_FINISHED_MASK)
        ]
        for task in unfinished:
            if task.id in self.tasks:
                task.cancel()
        return unfinished


class SubCase(_Flat, BpmnSubWorkflow):  # type: ignore[misc]
    """A sub-process or called process inside a case."""

    def _task_removed_notify(self, task: Any) -> None:
        super()._task_removed_notify(task)
        self.top_workflow.drop_subprocess(task)


class Case(_Flat, BpmnWorkflow):  # type: ignore[misc]
    """The main process of a case."""

    def __init__(self, spec: Any, subprocess_specs: Mapping[str, Any], **options: Any) -> None:
        """Begin with no variables; the library's data stay empty throughout."""
        self.variables: dict[str, Any] = {}
        self.operations: Operations | None = None
        self.causes: dict[Any, BaseException] = {}
        self.thrown: list[tuple[Any, str]] = []
        super().__init__(spec, dict(subprocess_specs), script_engine=CaseScripts(), **options)

    def visible_variables(self, task: Any) -> dict[str, Any]:
        """Return the variables as this task sees them: the case's, and the item of its branch."""
        return {**self.variables, ITEM: item_of(task)}

    def throw_message(self, task: Any, name: str) -> None:
        """Remember a thrown message until the step that throws it is done."""
        self.thrown.append((task, name))

    def create_subprocess(self, my_task: Any, spec_name: str) -> SubCase:
        """Start a sub-process of our own kind for this task."""
        subprocess = SubCase(self.subprocess_specs[spec_name], my_task.id, self)
        self.subprocesses[my_task.id] = subprocess
        return subprocess

    def drop_subprocess(self, task: Any) -> None:
        """Stop the sub-process of a task that was removed from the tree."""
        self.event_manager.remove_task(task)
        subprocess = self.subprocesses.pop(task.id, None)
        if subprocess is not None and not subprocess.completed:
            subprocess.cancel()

    def _task_removed_notify(self, task: Any) -> None:
        super()._task_removed_notify(task)
        self.drop_subprocess(task)

    def live_workflows(self) -> list[Any]:
        """Return the case and its running sub-processes, outermost first."""
        running = [sub for sub in self.subprocesses.values() if not sub.completed]
        return [self, *sorted(running, key=lambda sub: int(sub.depth))]

    def list_tasks(self, state: int) -> Iterator[Any]:
        """Return the tasks of the running workflows that are in one of these states."""
        for workflow in self.live_workflows():
            for task in list(workflow.tasks.values()):
                if task.has_state(state):
                    yield task
