"""The first engine behind the facade: it moves a case and lets nothing of the library out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from workflows.engine.bundle import Bundle
from workflows.engine.engine import Operations
from workflows.engine.plain import plain
from workflows.engine.spiff.case import Case
from workflows.engine.spiff.codec import load, read_content
from workflows.engine.spiff.definition import definition_of
from workflows.engine.spiff.events import ClockTimer
from workflows.engine.spiff.picture import list_failed, take_snapshot
from workflows.engine.spiff.steps import Move
from workflows.engine.spiff.waits import choose_receiver, find_receivers, list_waits
from workflows.engine.values import Snapshot
from workflows.errors import Conflict, NotFound


class SpiffEngine:
    """Implements ``CaseEngine`` with SpiffWorkflow; holds no state, so one serves all threads."""

    name = "spiff"

    def start(
        self,
        *,
        bundle: Bundle,
        start_event: str,
        variables: Mapping[str, Any],
        operations: Operations,
    ) -> Snapshot:
        """Start a case at one of the start events of the main process.

        Raises NotFound when the process has no such start event.
        """
        definition = definition_of(bundle)
        if start_event not in {spec.name for spec in definition.spec.bpmn_start_events}:
            raise NotFound("error.engine.no_such_start", element=start_event)
        case = Case(definition.spec, definition.subprocess_specs)
        move = _begin_move(case, variables, operations)
        move.begin(start_event)
        return take_snapshot(move, definition)

    def complete(
        self,
        *,
        bundle: Bundle,
        state: str,
        step_id: str,
        variables: Mapping[str, Any],
        operations: Operations,
    ) -> Snapshot:
        """Complete an open step. Raises Conflict when it is no longer open."""
        definition = definition_of(bundle)
        case = load(state, definition)
        for task in case.list_tasks(TaskState.READY):
            if str(task.id) == step_id and task.task_spec.manual:
                move = _begin_move(case, variables, operations)
                move.run(task)
                return take_snapshot(move, definition)
        raise Conflict("error.engine.step_gone")

    def deliver_message(
        self,
        *,
        bundle: Bundle,
        state: str,
        name: str,
        item: str | None = None,
        variables: Mapping[str, Any],
        operations: Operations,
    ) -> Snapshot:
        """Deliver a message to the one receiver that waits for it (S13).

        Raises Conflict when nobody waits, or when several do and ``item`` does not decide.
        """
        definition = definition_of(bundle)
        case = load(state, definition)
        receivers = [
            wait for wait in find_receivers(case, name) if item is None or wait.item == item
        ]
        receiver = choose_receiver(receivers, name=name)
        move = _begin_move(case, variables, operations)
        move.fire(receiver)
        return take_snapshot(move, definition)

    def fire_timer(
        self, *, bundle: Bundle, state: str, timer_id: str, operations: Operations
    ) -> Snapshot:
        """Fire a waiting timer. Raises Conflict when it no longer waits."""
        definition = definition_of(bundle)
        case = load(state, definition)
        for wait in list_waits(case):
            if wait.id == timer_id and isinstance(wait.event, ClockTimer):
                move = _begin_move(case, {}, operations)
                move.fire(wait)
                return take_snapshot(move, definition)
        raise Conflict("error.engine.timer_gone")

    def retry(
        self, *, bundle: Bundle, state: str, failed_id: str, operations: Operations
    ) -> Snapshot:
        """Try a failed automatic step again. Raises Conflict when it no longer waits."""
        definition = definition_of(bundle)
        case = load(state, definition)
        for task in list_failed(case):
            if str(task.id) == failed_id:
                move = _begin_move(case, {}, operations)
                move.run(task)
                return take_snapshot(move, definition)
        raise Conflict("error.engine.failed_gone")

    def look(self, *, bundle: Bundle, state: str) -> Snapshot:
        """Return what waits in this state, without moving anything."""
        definition = definition_of(bundle)
        return take_snapshot(Move(load(state, definition)), definition)

    def read_variables(self, *, state: str) -> Mapping[str, Any]:
        """Return the variables of the case that gateways and handlers read."""
        return dict(read_content(state)["variables"])


def _begin_move(case: Case, variables: Mapping[str, Any], operations: Operations) -> Move:
    """Merge the new variables into the case's one set, and begin the record of a move."""
    case.variables.update(plain(variables))
    case.operations = operations
    return Move(case)
