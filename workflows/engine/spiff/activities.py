"""Activities as the casework needs them: one set of variables, real causes, retry, one per item."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import CallActivity, SubWorkflowTask, UserTask
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from workflows.engine.plain import plain
from workflows.errors import DiagramError

FAILED = "failed"
ITEM = "item"
REPEATED = "repeated"
LETTER_KIND = "letter_kind"


class Step(UserTask):  # type: ignore[misc]
    """A box that waits for a person."""


class Automatic(BpmnSpecMixin):  # type: ignore[misc]
    """A box that the machine carries out; when that fails it stays waiting, with its real cause."""

    operation = ""

    def _run_hook(self, my_task: Any) -> bool | None:
        return carry_out(my_task, self._carry_out)

    def _carry_out(self, my_task: Any) -> bool | None:
        raise NotImplementedError


def carry_out(my_task: Any, work: Any) -> bool | None:
    """Do the work of an automatic box; on any error leave the box STARTED, to be retried.

    Other branches go on, and the error is kept as it was raised: the library would hide it.
    """
    my_task.internal_data.pop(FAILED, None)
    try:
        done: bool | None = work(my_task)
    except Exception as cause:
        my_task.internal_data[FAILED] = True
        my_task.workflow.top_workflow.causes[my_task.id] = cause
        return None
    return done


class Service(Automatic):
    """A service task that names an operation."""

    def __init__(self, wf_spec: Any, bpmn_id: str, operation: str = "", **attributes: Any) -> None:
        """Keep the name of the operation."""
        super().__init__(wf_spec, bpmn_id, **attributes)
        self.operation = operation

    def _carry_out(self, my_task: Any) -> bool:
        case = my_task.workflow.top_workflow
        changes = case.operations.run(
            operation=self.operation,
            element=self.bpmn_id,
            item=item_of(my_task),
            variables=case.visible_variables(my_task),
        )
        case.variables.update(plain(changes or {}))
        return True


class Scope(SubWorkflowTask):  # type: ignore[misc]
    """An embedded sub-process; it shares the variables of the case."""

    def copy_data(self, my_task: Any, subworkflow: Any) -> None:
        """Copy nothing: the case has one set of variables."""

    def update_data(self, my_task: Any, subworkflow: Any) -> None:
        """Copy nothing: the case has one set of variables."""


class Call(CallActivity):  # type: ignore[misc]
    """A called process; it shares the variables of the case."""

    def __init__(self, wf_spec: Any, bpmn_id: str, letter: str | None = None, **rest: Any) -> None:
        """Keep the kind of letter that the called process is to issue, if it is one that does."""
        super().__init__(wf_spec, bpmn_id, **rest)
        self.letter = letter

    def start_workflow(self, my_task: Any) -> None:
        """Tell the called process which letter it is to issue, then start it."""
        if self.letter is not None:
            my_task.workflow.top_workflow.variables[LETTER_KIND] = self.letter
        super().start_workflow(my_task)

    def copy_data(self, my_task: Any, subworkflow: Any) -> None:
        """Copy nothing: the case has one set of variables."""

    def update_data(self, my_task: Any, subworkflow: Any) -> None:
        """Copy nothing: the case has one set of variables."""


class PerItem(Automatic):
    """An activity carried out in parallel once for each item of a collection, or not at all."""

    def __init__(
        self, wf_spec: Any, bpmn_id: str, task_spec: str = "", collection: str = "", **rest: Any
    ) -> None:
        """Keep the name of the repeated activity and of the variable that holds the items."""
        super().__init__(wf_spec, bpmn_id, **rest)
        self.task_spec = task_spec
        self.collection = collection

    def watch(self) -> None:
        """Listen for the completion of each repetition; done once, when the diagram is parsed."""
        self._wf_spec.task_specs[self.task_spec].completed_event.connect(self._on_one_completed)

    def _carry_out(self, my_task: Any) -> bool | None:
        if my_task.internal_data.get(REPEATED):
            return True
        items = self._items(my_task)
        my_task.internal_data[REPEATED] = True
        spec = self._wf_spec.task_specs[self.task_spec]
        for item in items:
            repetition = my_task._add_child(spec, TaskState.WAITING)
            repetition.triggered = True
            repetition.internal_data[ITEM] = item
        for repetition in self._repetitions(my_task):
            spec._update(repetition)
        return None if items else True

    def _items(self, my_task: Any) -> list[str]:
        items = my_task.workflow.top_workflow.variables.get(self.collection)
        if not isinstance(items, list | tuple) or not all(isinstance(item, str) for item in items):
            raise DiagramError(
                "error.engine.not_a_list", element=self.bpmn_id, variable=self.collection
            )
        return list(dict.fromkeys(items))

    def _repetitions(self, my_task: Any) -> list[Any]:
        return [child for child in my_task.children if child.task_spec.name == self.task_spec]

    def _on_one_completed(self, workflow: Any, repetition: Any) -> None:
        my_task = repetition.parent
        if all(one.has_state(TaskState.COMPLETED) for one in self._repetitions(my_task)):
            my_task._set_state(TaskState.READY)


def item_of(task: Any) -> str | None:
    """Return the item whose repetition this task belongs to, None outside of any."""
    case = task.workflow.top_workflow
    while task is not None:
        # Nothing follows a repetition within its own process, so only what encloses it counts.
        if ITEM in task.internal_data:
            return str(task.internal_data[ITEM])
        parent_id = task.workflow.parent_task_id
        task = case.get_task_from_id(parent_id) if parent_id is not None else None
    return None
