"""Events that wait for us instead of for a clock: the engine never computes time (engine.md, 2)."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.control import EventSplit
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    EndEvent,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    StartEvent,
)
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

FIRED = "event_fired"
CHOSEN = "chosen"


class ClockTimer(EventDefinition):  # type: ignore[misc]
    """A point on a clock of the case; it fires only when the service delivers it."""

    def __init__(self, clock: str, point: str) -> None:
        """Keep the clock and the point as the diagram names them."""
        super().__init__(f"{clock}@{point}")
        self.clock = clock
        self.point = point


class CaseMessage(EventDefinition):  # type: ignore[misc]
    """A message by name, delivered to exactly one receiver (S13)."""

    def throw(self, my_task: Any) -> None:
        """Hand the message to the case, which delivers it after this step."""
        my_task.workflow.top_workflow.throw_message(my_task, self.name)


class Start(StartEvent):  # type: ignore[misc]
    """A start event; the one that was chosen is fired, the others are dropped."""


class Catch(IntermediateCatchEvent):  # type: ignore[misc]
    """An intermediate event that waits."""


class Throw(IntermediateThrowEvent):  # type: ignore[misc]
    """An intermediate event that throws."""


class End(EndEvent):  # type: ignore[misc]
    """An end event."""


class Boundary(BoundaryEvent):  # type: ignore[misc]
    """A boundary event; a non-interrupting message one listens again after each message.

    The library lets it fire once only, so a second withdrawal would not be heard.
    """

    def _run_hook(self, my_task: Any) -> Any:
        result = super()._run_hook(my_task)
        if not self.cancel_activity and isinstance(self.event_definition, CaseMessage):
            again = my_task.parent._add_child(self, TaskState.MAYBE)
            self._predict(again, mask=TaskState.NOT_FINISHED_MASK)
            again._set_state(TaskState.WAITING)
        return result


class EventGateway(BpmnSpecMixin):  # type: ignore[misc]
    """An event-based gateway that keeps its choices by event, so that each can be listed (S11)."""

    def __init__(self, wf_spec: Any, bpmn_id: str, **attributes: Any) -> None:
        """Start without choices; the parser connects them."""
        super().__init__(wf_spec, bpmn_id, **attributes)
        self.choices: dict[str, EventDefinition] = {}

    def connect(self, taskspec: Any) -> None:
        """Take over what the following event waits for."""
        super().connect(taskspec)
        self.choices[taskspec.name] = taskspec.event_definition
        taskspec.event_definition = NoneEventDefinition()

    def _predict_hook(self, my_task: Any) -> None:
        my_task._sync_children(self.outputs, state=TaskState.MAYBE)

    def _update_hook(self, my_task: Any) -> bool:
        super()._update_hook(my_task)
        if my_task.internal_data.get(CHOSEN):
            return True
        my_task._set_state(TaskState.WAITING)
        return False

    def _run_hook(self, my_task: Any) -> bool:
        chosen = self._wf_spec.task_specs[my_task.internal_data[CHOSEN]]
        my_task._sync_children([chosen], TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True


def is_event_split(spec: Any) -> bool:
    """Return whether the library put this element in to hold boundary or start events."""
    return isinstance(spec, EventSplit)
