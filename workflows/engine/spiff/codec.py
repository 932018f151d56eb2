"""The saved state of a case: what is running, without the definition it runs on.

Finished tasks are kept as three numbers each, because joins and loops look back at them. Only
what waits keeps its id, since only that is ever named from outside.
"""

from __future__ import annotations

import json
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from workflows.engine.plain import plain
from workflows.engine.spiff.case import Case, SubCase
from workflows.engine.spiff.definition import Definition
from workflows.errors import DiagramError

FORMAT = "jiannuo-case-1"
OPEN = TaskState.WAITING | TaskState.READY | TaskState.STARTED


def save(case: Case, definition: Definition) -> str:
    """Return the state of the case as JSON."""
    positions: dict[Any, tuple[int, int]] = {}
    workflows = [case, *_list_kept(case)]
    for number, workflow in enumerate(workflows):
        for row, task_id in enumerate(workflow.tasks):
            positions[task_id] = (number, row)
    content = {
        "format": FORMAT,
        "definition": definition.hash,
        "variables": plain(case.variables),
        "workflows": [_save_workflow(workflow, positions) for workflow in workflows],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _list_kept(case: Case) -> list[Any]:
    """Return the sub-processes that still run; a finished one has nothing more to say."""
    return [workflow for workflow in case.live_workflows() if workflow is not case]


def _save_workflow(workflow: Any, positions: dict[Any, tuple[int, int]]) -> dict[str, Any]:
    names = list(dict.fromkeys(task.task_spec.name for task in workflow.tasks.values()))
    numbers = {name: number for number, name in enumerate(names)}
    parent = workflow.parent_task_id
    return {
        "process": workflow.spec.name,
        "parent": positions[parent] if parent is not None else None,
        "completed": workflow.completed,
        "specs": names,
        "tasks": [_save_task(task, positions, numbers) for task in workflow.tasks.values()],
    }


def _save_task(
    task: Any, positions: dict[Any, tuple[int, int]], numbers: dict[str, int]
) -> list[Any]:
    parent = positions[task.parent.id][1] if task.parent is not None else -1
    row: list[Any] = [parent, task.state, numbers[task.task_spec.name]]
    if task.has_state(OPEN):
        kept = {name: value for name, value in task.internal_data.items() if value}
        row += [str(task.id), int(task.triggered), kept]
    elif task.triggered:
        row += ["", 1, {}]
    return row


def read_content(state: str) -> dict[str, Any]:
    """Return the saved state as a dictionary. Raises DiagramError when it is not one of ours."""
    try:
        content = json.loads(state)
    except ValueError as error:
        raise DiagramError("error.engine.state_unreadable") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise DiagramError("error.engine.state_unreadable")
    return content


def load(state: str, definition: Definition) -> Case:
    """Return the case of a saved state; the only place where a case is brought back.

    Raises DiagramError when the state belongs to another definition.
    """
    content = read_content(state)
    if content["definition"] != definition.hash:
        raise DiagramError("error.engine.state_of_other_definition")
    case = Case(definition.spec, definition.subprocess_specs, deserializing=True)
    case.variables = dict(content["variables"])
    loaded: list[list[Any]] = []
    for saved in content["workflows"]:
        if saved["parent"] is None:
            workflow: Any = case
        else:
            workflow = _load_subprocess(saved, case, definition, loaded)
        loaded.append(_load_tasks(saved, workflow, number=len(loaded)))
    return case


def _load_subprocess(
    saved: dict[str, Any], case: Case, definition: Definition, loaded: list[list[Any]]
) -> Any:
    number, row = saved["parent"]
    parent = loaded[number][row]
    spec = definition.spec_of(saved["process"])
    subprocess = SubCase(spec, parent.id, case, deserializing=True)
    subprocess.completed_event.connect(parent.task_spec._on_subworkflow_completed, parent)
    case.subprocesses[parent.id] = subprocess
    return subprocess


def _load_tasks(saved: dict[str, Any], workflow: Any, *, number: int) -> list[Any]:
    specs = [workflow.spec.task_specs[name] for name in saved["specs"]]
    tasks: list[Any] = []
    for position, row in enumerate(saved["tasks"]):
        parent = tasks[row[0]] if row[0] >= 0 else None
        task_id = row[3] if len(row) > 3 else ""
        if row[1] & TaskState.FINISHED_MASK:
            # What is finished is never named from outside again: its place serves as id.
            task_id = f"{number}.{position}"
        task = Task(workflow, specs[row[2]], parent=parent, state=row[1], id=task_id or None)
        if len(row) > 3:
            task.triggered = bool(row[4])
            task.internal_data.update(row[5])
        tasks.append(task)
    workflow.task_tree = tasks[0]
    workflow.completed = saved["completed"]
    return tasks
