"""The rows around a move of a case, each made as an object: tasks, timers, clock, trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.office import CLOCK, PARAMETER, SERVICE_TASKS, BenchOffice, effect_of
from workflows.clock.ledger import Entry, EntryKind, clock_point, reckon
from workflows.clock.terms import Term, Unit
from workflows.engine.blueprint import Element
from workflows.engine.values import Snapshot
from workflows.errors import NotFound
from workflows.events import Command
from workflows.models import (
    AuditEntry,
    Case,
    CaseClock,
    CommandRecord,
    Event,
    LedgerEntry,
    Outbox,
    Task,
    Timer,
)
from workflows.storage.audit import FIRST_HASH, hash_entry


@dataclass
class Call:
    """One order on one case: its session, and what is to be told about it."""

    session: Session
    office: BenchOffice
    case: Case
    command: Command
    facts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def record(self, kind: str, **facts: Any) -> None:
        """Note something that happened."""
        self.facts.append((kind, facts))

    def run(
        self, *, operation: str, element: str, item: str | None, variables: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Carry out a service task; the last one sends something out."""
        if operation not in SERVICE_TASKS:
            raise NotFound("error.operation_unknown", operation=operation)
        if operation == "report":
            self._send()
        return {f"{operation}_done": True}

    def _send(self) -> None:
        effect = effect_of(self.case.id)
        if self.session.scalars(select(Outbox).where(Outbox.key == effect["key"])).first() is None:
            now = self.command.now
            row = Outbox(office_id=self.case.office_id, case_id=self.case.id, **effect)
            row.due_at = row.created_at = now
            self.session.add(row)
            self.session.flush()


def start_reply_clock(call: Call) -> None:
    """Start the clock that tasks and timers hang on, with the first line of its ledger."""
    case, now = call.case, call.command.now
    rule = call.office.desk.rules(call.session, case.office_id).get(
        PARAMETER,
        division=case.division_code,
        on=case.received_on,
        subject_kind=case.subject.kind,
    )
    clock = CaseClock(
        office_id=case.office_id,
        case_id=case.id,
        name=CLOCK,
        rule={"key": rule.key, "value": rule.value, "unit": str(rule.unit), "quote": rule.quote},
        amount=int(rule.value),
        unit=str(rule.unit),
        start_on=now.date(),
        raw_due_on=now.date(),
        started_at=now,
    )
    entry = LedgerEntry(
        office_id=case.office_id, seq=1, kind=EntryKind.STARTED.value, at=now, on=now.date()
    )
    clock.entries.append(entry)
    calendar = call.office.desk.calendar(call.session, case.office_id)
    found = reckon(entries=_ledger(clock), term=_term(clock), calendar=calendar)
    clock.due_on, clock.raw_due_on = found.due_on, found.raw_due_on
    call.session.add(clock)
    call.session.flush()
    call.record("clock_started", clock=CLOCK)


def open_tasks(call: Call, snapshot: Snapshot, *, elements: Mapping[str, Element]) -> None:
    """Open a task for each new step, and cancel those whose step is gone."""
    query = select(Task).where(Task.case_id == call.case.id, Task.status == "open")
    known = {task.step_id: task for task in call.session.scalars(query)}
    wanted = {step.id: step for step in snapshot.steps}
    for step_id, task in known.items():
        if step_id not in wanted:
            task.status, task.done_at = "cancelled", call.command.now
    for step_id, step in wanted.items():
        if step_id in known:
            continue
        clock = _find_clock(call)
        element = elements[step.element]
        task = Task(
            office_id=call.case.office_id,
            case_id=call.case.id,
            step_id=step_id,
            element=step.element,
            name=element.name,
            form=element.form or element.id,
            item=step.item,
            role=call.office.actor.role,
            organisation_id=call.case.receiving_organisation_id,
            clock_id=clock.id,
            due_on=clock.due_on,
            opened_at=call.command.now,
        )
        task.owner_id = _former_owner(call, task)
        task.claimed_at = call.command.now if task.owner_id else None
        call.session.add(task)
        call.record("task_opened", element=step.element, item=step.item)


def reconcile_timers(call: Call, snapshot: Snapshot) -> None:
    """Store each new timer at the instant that its clock gives, and cancel those that are gone."""
    query = select(Timer).where(Timer.case_id == call.case.id, Timer.status == "waiting")
    known = {timer.engine_timer_id: timer for timer in call.session.scalars(query)}
    waits = {wait.id: wait for wait in snapshot.timers}
    for timer_id, timer in known.items():
        if timer_id not in waits:
            timer.status = "cancelled"
    desk, office_id = call.office.desk, call.case.office_id
    for timer_id, wait in waits.items():
        if timer_id in known:
            continue
        clock = _find_clock(call)
        calendar = desk.calendar(call.session, office_id)
        timer = Timer(
            office_id=office_id,
            case_id=call.case.id,
            engine_timer_id=timer_id,
            element=wait.element,
            clock_name=wait.clock,
            item=wait.item,
            point=wait.point,
        )
        timer.due_at = clock_point(
            reckoning=reckon(entries=_ledger(clock), term=_term(clock), calendar=calendar),
            term=_term(clock),
            point=wait.point,
            calendar=calendar,
            opening=desk.opening(call.session, office_id),
        )
        call.session.add(timer)


def write_trail(call: Call, *, result: dict[str, Any]) -> None:
    """Add the events, the chained audit entry and the record of the command."""
    command, stream = call.command, f"case:{call.case.id}"
    for kind, facts in call.facts:
        event = Event(
            office_id=command.office_id,
            case_id=call.case.id,
            kind=kind,
            facts=facts,
            person_id=command.actor.person_id,
            at=command.now,
        )
        call.session.add(event)
    query = select(AuditEntry).where(AuditEntry.stream == stream).order_by(AuditEntry.seq.desc())
    last = call.session.scalars(query.limit(1)).first()
    entry = AuditEntry(
        office_id=command.office_id,
        stream=stream,
        seq=(last.seq if last else 0) + 1,
        at=command.now,
        command=command.name,
        command_id=command.id,
        person_id=command.actor.person_id,
        post_id=command.actor.post_id,
        on_behalf_of=command.actor.on_behalf_of,
        origin=command.actor.origin,
        reason=command.reason,
        content={"facts": [[kind, facts] for kind, facts in call.facts]},
        previous_hash=last.entry_hash if last else FIRST_HASH,
        entry_hash="",
    )
    entry.entry_hash = hash_entry(entry)
    done = CommandRecord(
        id=command.id,
        office_id=command.office_id,
        name=command.name,
        result=result,
        done_at=command.now,
    )
    call.session.add_all([entry, done])


def _find_clock(call: Call) -> CaseClock:
    query = select(CaseClock).where(CaseClock.case_id == call.case.id, CaseClock.name == CLOCK)
    return call.session.scalars(query.order_by(CaseClock.started_at.desc())).one()


def _former_owner(call: Call, task: Task) -> str | None:
    query = (
        select(Task)
        .where(
            Task.case_id == task.case_id,
            Task.role == task.role,
            Task.organisation_id == task.organisation_id,
            Task.owner_id == Task.done_by_id,
            Task.status == "done",
        )
        .order_by(Task.done_at.desc())
        .limit(1)
    )
    found = call.session.scalars(query).first()
    return found.done_by_id if found else None


def _ledger(clock: CaseClock) -> list[Entry]:
    return [Entry(kind=EntryKind(row.kind), at=row.at, on=row.on) for row in clock.entries]


def _term(clock: CaseClock) -> Term:
    return Term(amount=clock.amount, unit=Unit(clock.unit))
