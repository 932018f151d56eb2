"""Let the engine move a case, and write down what that opened, closed, awaits and broke."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import func, select

from workflows.engine.bundle import Bundle
from workflows.engine.engine import Operations
from workflows.engine.values import FailedOperation, OpenStep, Snapshot, TimerWait
from workflows.errors import CaseworkError, NotFound
from workflows.models import Case, CaseClock, Incident, Sanction, Task, Timer
from workflows.services.desk import Desk, OperationContext, list_stages
from workflows.services.inform_people import holders_of, inform_people
from workflows.services.run_clock import find_clock, schedule_timer
from workflows.storage.unit_of_work import UnitOfWork

Move = Callable[[Bundle, Operations], Snapshot]


class CaseOperations:
    """Runs the operations a diagram calls, each in a savepoint: a failure leaves no half."""

    def __init__(self, work: UnitOfWork, desk: Desk, case: Case) -> None:
        self._work = work
        self._desk = desk
        self._case = case

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
            case=self._case,
            element=element,
            item=item,
            variables=variables,
        )
        known_facts = len(self._work.facts)
        try:
            with self._work.session.begin_nested():
                return function(context)
        except Exception:
            del self._work.facts[known_facts:]
            raise


def move_case(work: UnitOfWork, desk: Desk, *, case: Case, move: Move) -> Snapshot:
    """Make one move of the engine and apply everything that follows from it."""
    bundle = desk.bundle(work.session, case.bundle_hash)
    snapshot = move(bundle, CaseOperations(work, desk, case))
    case.engine_state = snapshot.state
    _apply_steps(work, desk, case, snapshot.steps)
    _apply_timers(work, desk, case, snapshot.timers)
    _apply_failures(work, case, snapshot)
    passed = [[each.element, each.item] for each in snapshot.passed]
    if passed:
        work.record("moved", case_id=case.id, passed=passed)
    case.stage = _furthest_stage(bundle, snapshot) or case.stage
    if snapshot.is_finished and case.status != "closed":
        case.status = "closed"
        case.closed_at = work.command.now
        work.record("case_closed", case_id=case.id, is_public=True, ended=list(snapshot.ended))
    work.session.flush()
    return snapshot


def _furthest_stage(bundle: Bundle, snapshot: Snapshot) -> str:
    """Return the last stage, in the order the process declares, that the move has touched."""
    touched = {each.element for each in snapshot.passed} | set(snapshot.active)
    if snapshot.is_finished:
        touched |= set(snapshot.ended)
    reached = [
        str(stage["key"]) for stage in list_stages(bundle) if touched & set(stage["elements"])
    ]
    return reached[-1] if reached else ""


def _apply_steps(work: UnitOfWork, desk: Desk, case: Case, steps: tuple[OpenStep, ...]) -> None:
    query = select(Task).where(
        Task.case_id == case.id, Task.status == "open", Task.step_id.is_not(None)
    )
    known = {task.step_id: task for task in work.session.scalars(query)}
    open_ids = {step.id for step in steps}
    for step_id, task in known.items():
        if step_id not in open_ids:
            task.status = "cancelled"
            task.done_at = work.command.now
    for step in steps:
        if step.id not in known:
            _open_task(work, desk, case, step)


def _open_task(work: UnitOfWork, desk: Desk, case: Case, step: OpenStep) -> None:
    element = desk.blueprint(work.session, case).element(step.element)
    name, role = element.clock or "reply", element.role or "handler"
    clock = _clock_of_step(work, case, name=name, item=step.item)
    task = Task(
        office_id=case.office_id,
        case_id=case.id,
        step_id=step.id,
        element=step.element,
        name=element.name,
        form=element.form or element.id,
        item=step.item,
        role=role,
        organisation_id=organisation_of(work, case=case, role=role, item=step.item),
        clock_id=clock.id if clock else None,
        due_on=clock.due_on if clock else None,
        opened_at=work.command.now,
    )
    task.owner_id = _former_owner(work, case, task)
    task.claimed_at = work.command.now if task.owner_id else None
    work.session.add(task)
    work.record("task_opened", case_id=case.id, element=step.element, item=step.item)


def _clock_of_step(
    work: UnitOfWork, case: Case, *, name: str, item: str | None
) -> CaseClock | None:
    """Return the clock that binds a step now: its own, or the reply's once its own has stopped.

    A step that comes back after its inner term was met still has to be done in time for the reply.
    """
    own = find_clock(work, case_id=case.id, name=name, item=item)
    own = own or find_clock(work, case_id=case.id, name=name)
    if own is not None and own.status != "stopped":
        return own
    return find_clock(work, case_id=case.id, name="reply") or own


def _former_owner(work: UnitOfWork, case: Case, task: Task) -> str | None:
    """Return who last did this role's work here: the first asked stays responsible (R120)."""
    query = (
        select(Task.done_by_id)
        .where(
            Task.case_id == case.id,
            Task.role == task.role,
            Task.organisation_id == task.organisation_id,
            Task.owner_id == Task.done_by_id,
            Task.status == "done",
        )
        .order_by(Task.done_at.desc())
        .limit(1)
    )
    return work.session.scalar(query)


def organisation_of(work: UnitOfWork, *, case: Case, role: str, item: str | None) -> str:
    """Return whose post does the step: the department of the branch, or the body of the case."""
    if role != "department_officer" or item is None:
        return case.receiving_organisation_id
    sanction = work.session.get(Sanction, item)
    return sanction.department_id if sanction else item


def _apply_timers(work: UnitOfWork, desk: Desk, case: Case, waits: tuple[TimerWait, ...]) -> None:
    query = select(Timer).where(Timer.case_id == case.id, Timer.status == "waiting")
    known = {timer.engine_timer_id: timer for timer in work.session.scalars(query)}
    waiting_ids = {wait.id for wait in waits}
    for timer_id, timer in known.items():
        if timer_id not in waiting_ids:
            timer.status = "cancelled"
    for wait in waits:
        if wait.id in known:
            continue
        timer = Timer(
            office_id=case.office_id,
            case_id=case.id,
            engine_timer_id=wait.id,
            element=wait.element,
            clock_name=wait.clock,
            item=wait.item,
            point=wait.point,
        )
        schedule_timer(work, desk, case=case, timer=timer)
        work.session.add(timer)


def _apply_failures(work: UnitOfWork, case: Case, snapshot: Snapshot) -> None:
    query = select(Incident).where(Incident.case_id == case.id, Incident.status == "open")
    known = {row.failed_id: row for row in work.session.scalars(query) if row.outbox_id is None}
    failing = {failure.id: failure for failure in snapshot.failed}
    for failed_id, row in known.items():
        if failed_id not in failing:
            row.status = "resolved"
            row.resolved_at = work.command.now
            row.resolved_by_id = work.command.actor.person_id
            work.record("incident_resolved", case_id=case.id, number=row.number)
    for failed_id, failure in failing.items():
        if failed_id in known:
            _note_again(known[failed_id], failure)
        else:
            _open_incident(work, case, failure)


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
