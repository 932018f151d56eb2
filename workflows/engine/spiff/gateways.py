"""Gateways as BPMN means them: joins count arrivals, and a gateway that cannot decide says so."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.control import _EndJoin
from SpiffWorkflow.bpmn.specs.defaults import ExclusiveGateway, ParallelGateway
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.util.task import TaskState

from workflows.engine.spiff.activities import carry_out
from workflows.errors import DiagramError


class Choice(ExclusiveGateway):  # type: ignore[misc]
    """An exclusive gateway; with no true condition it waits for a retry instead of dying (S10)."""

    operation = ""

    def _run_hook(self, my_task: Any) -> bool | None:
        return carry_out(my_task, self._decide)

    def _decide(self, my_task: Any) -> bool:
        try:
            return bool(super()._run_hook(my_task))
        except WorkflowException as error:
            raise DiagramError("error.engine.no_condition_true", element=self.bpmn_id) from error


class Parallel(ParallelGateway):  # type: ignore[misc]
    """A parallel gateway that consumes one arrival per incoming flow (S15).

    The library asks whether some instance of the join was ever reached over each flow, so in the
    second round of a loop the first round's arrivals let it fire too early.
    """

    def _update_hook(self, my_task: Any) -> bool:
        own_flow = my_task.parent.task_spec.name
        arrived = {
            task.parent.task_spec.name: task
            for task in reversed(list(my_task.workflow.tasks.values()))
            if task.task_spec is self and task is not my_task and task.has_state(TaskState.WAITING)
        }
        missing = set(self._inputs) - {own_flow} - set(arrived)
        if missing:
            my_task._set_state(TaskState.WAITING)
            return False
        for flow in set(self._inputs) - {own_flow}:
            arrived[flow].cancel()
        return True

    def _run_hook(self, my_task: Any) -> bool:
        return True


class EndJoin(_EndJoin):  # type: ignore[misc]
    """The library's hidden end of every process; it waits for every token, however deep (S16)."""

    def _update_hook(self, my_task: Any) -> bool:
        own = (self.name, "End")
        for task in list(my_task.workflow.tasks.values()):
            if task is my_task or not task.has_state(TaskState.NOT_FINISHED_MASK):
                continue
            if task.task_spec.name not in own:
                my_task._set_state(TaskState.WAITING)
                return False
        for task in list(my_task.workflow.tasks.values()):
            if task is not my_task and task.task_spec is self and task.state == TaskState.WAITING:
                task.cancel()
        return True

    def _run_hook(self, my_task: Any) -> bool:
        return True
