"""Turns a case in memory into the values that leave the engine."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.util.task import TaskState

from workflows.engine.spiff.activities import FAILED, item_of
from workflows.engine.spiff.case import Case
from workflows.engine.spiff.codec import OPEN, save
from workflows.engine.spiff.definition import Definition
from workflows.engine.spiff.events import CaseMessage, ClockTimer
from workflows.engine.spiff.steps import Move
from workflows.engine.spiff.waits import list_waits
from workflows.engine.values import (
    FailedOperation,
    MessageWait,
    OpenStep,
    Snapshot,
    TimerWait,
)


def take_snapshot(move: Move, definition: Definition) -> Snapshot:
    """Return the case after the move."""
    case = move.case
    return Snapshot(
        state=save(case, definition),
        steps=_steps(case),
        timers=_timers(case),
        messages=_messages(case),
        failed=_failed(case),
        passed=tuple(move.passed),
        ended=tuple(move.ended),
        is_finished=case.completed,
        active=_active(case),
        sent=tuple(move.sent),
    )


def _steps(case: Case) -> tuple[OpenStep, ...]:
    return tuple(
        OpenStep(id=str(task.id), element=task.task_spec.bpmn_id, item=item_of(task))
        for task in case.list_tasks(TaskState.READY)
        if task.task_spec.manual
    )


def _timers(case: Case) -> tuple[TimerWait, ...]:
    return tuple(
        TimerWait(
            id=wait.id,
            element=wait.element,
            clock=wait.event.clock,
            point=wait.event.point,
            item=wait.item,
        )
        for wait in list_waits(case)
        if isinstance(wait.event, ClockTimer)
    )


def _messages(case: Case) -> tuple[MessageWait, ...]:
    return tuple(
        MessageWait(element=wait.element, name=str(wait.event.name), item=wait.item)
        for wait in list_waits(case)
        if isinstance(wait.event, CaseMessage)
    )


def _failed(case: Case) -> tuple[FailedOperation, ...]:
    return tuple(
        FailedOperation(
            id=str(task.id),
            element=task.task_spec.bpmn_id,
            operation=task.task_spec.operation,
            item=item_of(task),
            cause=case.causes.get(task.id),
        )
        for task in list_failed(case)
    )


def list_failed(case: Case) -> list[Any]:
    """Return the tasks that failed and wait for a retry."""
    return [task for task in case.list_tasks(TaskState.STARTED) if task.internal_data.get(FAILED)]


def _active(case: Case) -> tuple[str, ...]:
    """Return the elements that hold a token; events attached to them do not count as such."""
    found = (
        task.task_spec.bpmn_id
        for task in case.list_tasks(OPEN)
        if task.task_spec.bpmn_id is not None and not hasattr(task.task_spec, "cancel_activity")
    )
    return tuple(dict.fromkeys(found))
