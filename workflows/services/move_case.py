"""Let the engine move a case, and write down what that opened, closed, awaits and broke."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from workflows.engine.bundle import Bundle
from workflows.engine.engine import Operations
from workflows.engine.values import FailedOperation, OpenStep, Snapshot, TimerWait
from workflows.errors import CaseworkError, NotFound
from workflows.models import Case, Incident, Sanction
from workflows.services.desk import Desk, OperationContext, list_stages
from workflows.services.inform_people import holders_of, inform_people
from workflows.services.run_clock import pick_clock, timer_instant
from workflows.storage.case_rows import (
    ADD_TASK,
    ADD_TIMER,
    CANCEL_TASK,
    CANCEL_TIMER,
    DONE_BY,
    AnyCase,
    Around,
    ClockRow,
    TaskRow,
    TimerRow,
    look_around,
)
from workflows.storage.unit_of_work import UnitOfWork

Move = Callable[[Bundle, Operations], Snapshot]


class CaseOperations:
    """Runs the operations a diagram calls, each for itself: a failure leaves no half."""

    def __init__(self, work: UnitOfWork, desk: Desk, case_id: str) -> None:
        self._work = work
        self._desk = desk
        self._case_id = case_id

    def run(
        self, *, operation: str, element: str, item: str | None, variables: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Run the registered operation and return the variables it sets."""
        function = self._desk.operations.get(operation)
        if function is None:
            raise NotFound("error.operation_unknown", operation=operation)
        context = OperationContext(
            work=self._work,
            desk=self._desk,
            case_id=self._case_id,
            element=element,
            item=item,
            variables=variables,
        )
        known_facts = len(self._work.facts)
        try:
            with self._work.savepoint():
                return function(context)
        except Exception:
            del self._work.facts[known_facts:]
            raise


def move_case(
    work: UnitOfWork,
    desk: Desk,
    *,
    case: AnyCase,
    move: Move,
    ended: TaskRow | TimerRow | None = None,
) -> Snapshot:
    """Make one move of the engine and apply everything that follows from it.

    ``ended`` is the task, done by whoever acts, or the timer whose end makes the case move.
    """
    bundle = desk.bundle(work, case.bundle_hash)
    snapshot = move(bundle, CaseOperations(work, desk, case.id))
    case = work.present(case)
    around = look_around(work, case_id=case.id, without=ended.id if ended else None)
    _apply_steps(work, desk, case, snapshot.steps, around, ended)
    _apply_timers(work, desk, case, snapshot.timers, around)
    _apply_failures(work, case, snapshot, around.incidents)
    passed = [[each.element, each.item] for each in snapshot.passed]
    if passed:
        work.record("moved", case_id=case.id, passed=passed)
    # Last of all: what is read in between would have an object written each time. What went before
    # may have asked for the case as an object.
    case = work.present(case)
    case.engine_state = snapshot.state
    case.stage = _furthest_stage(bundle, snapshot) or case.stage
    if snapshot.is_finished and case.status != "closed":
        case.status = "closed"
        case.closed_at = work.command.now
        work.record("case_closed", case_id=case.id, is_public=True, ended=list(snapshot.ended))
    return snapshot


def _furthest_stage(bundle: Bundle, snapshot: Snapshot) -> str:
    """Return the last stage, in the order the process declares, that the move has touched."""
    touched = {each.element for each in snapshot.passed} | set(snapshot.active)
    if snapshot.is_finished:
        touched |= set(snapshot.ended)
    for stage in reversed(list_stages(bundle)):
        if not touched.isdisjoint(stage["elements"]):
            return str(stage["key"])
    return ""


def _apply_steps(
    work: UnitOfWork,
    desk: Desk,
    case: AnyCase,
    steps: Sequence[OpenStep],
    around: Around,
    ended: TaskRow | TimerRow | None,
) -> None:
    known = around.tasks
    open_ids = {step.id for step in steps}
    for step_id, task_id in known.items():
        if step_id not in open_ids:
            work.change(CANCEL_TASK, task_id=task_id, now=work.command.now)
    for step in steps:
        if step.id not in known:
            work.add(ADD_TASK, **_new_task(work, desk, case, step, around.clocks, ended))


def _new_task(
    work: UnitOfWork,
    desk: Desk,
    case: AnyCase,
    step: OpenStep,
    clocks: Sequence[ClockRow],
    ended: TaskRow | TimerRow | None,
) -> dict[str, Any]:
    element = desk.blueprint(work, case).element(step.element)
    role = element.role or "handler"
    clock = _clock_of_step(clocks, name=element.clock or "reply", item=step.item)
    organisation_id = organisation_of(work, case=case, role=role, item=step.item)
    owner_id = _former_owner(work, case, role=role, organisation_id=organisation_id, ended=ended)
    work.record("task_opened", case_id=case.id, element=step.element, item=step.item)
    return {
        "office_id": case.office_id,
        "case_id": case.id,
        "step_id": step.id,
        "element": step.element,
        "name": element.name,
        "form": element.form or element.id,
        "item": step.item,
        "role": role,
        "organisation_id": organisation_id,
        "clock_id": clock.id if clock else None,
        "due_on": clock.due_on if clock else None,
        "opened_at": work.command.now,
        "owner_id": owner_id,
        "claimed_at": work.command.now if owner_id else None,
    }


def _clock_of_step(clocks: Sequence[ClockRow], *, name: str, item: str | None) -> ClockRow | None:
    """Return the clock that binds a step now: its own, or the reply's once its own has stopped.

    A step that comes back after its inner term was met still has to be done in time for the reply.
    """
    own = pick_clock(clocks, name=name, item=item)
    if own is not None and own.status != "stopped":
        return own
    return pick_clock(clocks, name="reply", item=None) or own


def _former_owner(
    work: UnitOfWork,
    case: AnyCase,
    *,
    role: str,
    organisation_id: str,
    ended: TaskRow | TimerRow | None,
) -> str | None:
    """Return who last did this role's work here: the first asked stays responsible (R120)."""
    if isinstance(ended, TaskRow) and (ended.role, ended.organisation_id) == (
        role,
        organisation_id,
    ):
        return work.command.actor.person_id
    return work.one(DONE_BY, case_id=case.id, role=role, organisation_id=organisation_id)


def organisation_of(work: UnitOfWork, *, case: AnyCase, role: str, item: str | None) -> str:
    """Return whose post does the step: the department of the branch, or the body of the case."""
    if role != "department_officer" or item is None:
        return case.receiving_organisation_id
    sanction = work.session.get(Sanction, item)
    return sanction.department_id if sanction else item


def _apply_timers(
    work: UnitOfWork,
    desk: Desk,
    case: AnyCase,
    waits: Sequence[TimerWait],
    around: Around,
) -> None:
    known = around.timers
    waiting_ids = {wait.id for wait in waits}
    for engine_id, timer_id in known.items():
        if engine_id not in waiting_ids:
            work.change(CANCEL_TIMER, timer_id=timer_id)
    for wait in waits:
        if wait.id not in known:
            work.add(ADD_TIMER, **_new_timer(work, desk, case, wait, around.clocks))


def _new_timer(
    work: UnitOfWork, desk: Desk, case: AnyCase, wait: TimerWait, clocks: Sequence[ClockRow]
) -> dict[str, Any]:
    due_at = timer_instant(
        work,
        desk,
        case=case,
        clocks=clocks,
        clock_name=wait.clock,
        item=wait.item,
        point=wait.point,
    )
    return {
        "office_id": case.office_id,
        "case_id": case.id,
        "engine_timer_id": wait.id,
        "element": wait.element,
        "clock_name": wait.clock,
        "item": wait.item,
        "point": wait.point,
        "due_at": due_at,
    }


def _apply_failures(
    work: UnitOfWork, case: AnyCase, snapshot: Snapshot, known: Mapping[str, str]
) -> None:
    failing = {failure.id: failure for failure in snapshot.failed}
    for failed_id, incident_id in known.items():
        row = work.session.get_one(Incident, incident_id)
        if failed_id in failing:
            _note_again(row, failing[failed_id])
        else:
            _resolve(work, row)
    for failed_id, failure in failing.items():
        if failed_id not in known:
            _open_incident(work, work.get_case(case.id), failure)


def _resolve(work: UnitOfWork, row: Incident) -> None:
    row.status = "resolved"
    row.resolved_at = work.command.now
    row.resolved_by_id = work.command.actor.person_id
    work.record("incident_resolved", case_id=row.case_id, number=row.number)


def _note_again(row: Incident, failure: FailedOperation) -> None:
    if failure.cause is not None:
        row.tries += 1
        row.cause_key, row.cause_facts = describe_cause(failure.cause)


def _open_incident(work: UnitOfWork, case: Case, failure: FailedOperation) -> None:
    key, facts = describe_cause(failure.cause)
    row = Incident(
        office_id=case.office_id,
        case_id=case.id,
        number=next_incident_number(work, case.office_id),
        failed_id=failure.id,
        element=failure.element,
        operation=failure.operation,
        item=failure.item,
        cause_key=key,
        cause_facts=facts,
        opened_at=work.command.now,
    )
    work.session.add(row)
    work.session.flush()
    work.record("incident_opened", case_id=case.id, number=row.number, element=failure.element)
    inform_people(
        work,
        case=case,
        kind="incident",
        key=row.number,
        people=holders_of(work, office_id=case.office_id, role="system_admin"),
        facts={"number": row.number, "operation": failure.operation or failure.element},
    )


def next_incident_number(work: UnitOfWork, office_id: str) -> str:
    """Return the next number of the year's incidents, for people to quote."""
    year = work.command.now.year
    count = work.session.scalar(
        select(func.count())
        .select_from(Incident)
        .where(Incident.office_id == office_id, Incident.number.like(f"INC-{year}-%"))
    )
    return f"INC-{year}-{(count or 0) + 1:04d}"


def describe_cause(cause: BaseException | None) -> tuple[str, dict[str, Any]]:
    """Return a text key and facts for a cause; unforeseen ones show their type, not their data."""
    if isinstance(cause, CaseworkError):
        return cause.key, {name: str(value) for name, value in cause.facts.items()}
    return "error.unforeseen", {"type": type(cause).__name__ if cause else "unknown"}
