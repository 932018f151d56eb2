"""Starts, claims, completes and fires as somebody would who trusts the ORM with everything.

It writes the rows that the product writes (cases, tasks, timers, answers, clocks, audit, events,
commands, outbox), because a benchmark against less work would flatter us. It is frozen on purpose:
what makes the product faster does not reach it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from benchmarks.baseline.rows import (
    Call,
    open_tasks,
    reconcile_timers,
    start_reply_clock,
    write_trail,
)
from benchmarks.office import NOTE, NOW, START_EVENT, BenchOffice, case_values
from workflows.engine.blueprint import blueprint
from workflows.engine.spiff.engine import SpiffEngine
from workflows.engine.values import Snapshot
from workflows.errors import Conflict, NotAllowed
from workflows.events import SYSTEM, Command
from workflows.models import (
    Answer,
    Case,
    CommandRecord,
    Draft,
    Event,
    Incident,
    Outbox,
    Person,
    Post,
    Sealed,
    Task,
    Timer,
    new_id,
)

CLAIM = timedelta(minutes=2)


class Baseline:
    """The same verbs as the product's, done plainly."""

    def __init__(self, office: BenchOffice) -> None:
        """Work in this office, always on SpiffWorkflow."""
        self.office = office
        self._engine = SpiffEngine()

    def start(self, *, now: datetime = NOW) -> str:
        """Open a case and return its id."""
        office, command = self.office, self.office.command("start", now=now)
        with office.sessions() as session:
            self._check_repeat(session, command)
            values = case_values(office, number=office.count, now=now)
            case = Case(id=new_id(), query_code=Sealed(b""), query_code_index="", **values)
            session.add(case)
            session.flush()
            self._add_answer(session, case, None, command, {"note": NOTE})
            call = Call(session=session, office=office, case=case, command=command)
            call.record("case_opened", number=case.number)
            start_reply_clock(call)
            snapshot = self._engine.start(
                bundle=office.bundle, start_event=START_EVENT, variables={}, operations=call
            )
            self._apply(call, snapshot)
            write_trail(call, result={"case_id": case.id})
            session.commit()
            return case.id

    def claim(self, *, task_id: str) -> None:
        """Take a task from the pool."""
        office, command = self.office, self.office.command("claim_task")
        with office.sessions() as session:
            self._check_repeat(session, command)
            task, case = self._get(session, task_id, command)
            task.owner_id = office.actor.person_id
            task.claimed_at = task.claimed_at or command.now
            call = Call(session=session, office=office, case=case, command=command)
            call.record("task_claimed", element=task.element, item=task.item)
            write_trail(call, result={"case_id": case.id, "task_id": task.id})
            session.commit()

    def complete(self, *, task_id: str, answers: Mapping[str, Any]) -> None:
        """Complete a task with a form."""
        office, command = self.office, self.office.command("complete_task")
        with office.sessions() as session:
            self._check_repeat(session, command)
            task, case = self._get(session, task_id, command)
            answer = self._add_answer(session, case, task, command, {"note": NOTE, **answers})
            task.status = "done"
            task.owner_id = task.done_by_id = office.actor.person_id
            task.done_at = command.now
            task.answer_id = answer.id
            self._forget_draft(session, task)
            call = Call(session=session, office=office, case=case, command=command)
            call.record("task_done", element=task.element, item=task.item)
            snapshot = self._engine.complete(
                bundle=office.bundle,
                state=case.engine_state,
                step_id=task.step_id or "",
                variables=answers,
                operations=call,
            )
            self._apply(call, snapshot)
            write_trail(call, result={"case_id": case.id, "task_id": task.id})
            session.commit()

    def fire_timers(self, *, now: datetime, limit: int) -> int:
        """Fire what is due in due order, each in its own transaction; return how many did."""
        query = (
            select(Timer)
            .where(Timer.status == "waiting", Timer.due_at <= now)
            .order_by(Timer.due_at, Timer.id)
            .limit(limit)
        )
        with self.office.sessions() as session:
            due = [timer.id for timer in session.scalars(query)]
        for timer_id in due:
            self._fire(timer_id, now)
        return len(due)

    def send_outbox(self, *, now: datetime, limit: int) -> int:
        """Claim and settle one effect after the other; return how many were sent."""
        sent = 0
        while sent < limit and self._send_one(now):
            sent += 1
        return sent

    def read_inbox(self) -> Sequence[Any]:
        """Return the first page of the inbox, an object a row and whatever it leads to."""
        actor = self.office.actor
        pool = and_(
            Task.owner_id.is_(None),
            Task.role == actor.role,
            Task.organisation_id == actor.organisation_id,
        )
        query = (
            select(Task)
            .where(Task.status == "open", or_(Task.owner_id == actor.person_id, pool))
            .order_by(Task.due_on, Task.id)
            .limit(50)
        )
        with self.office.sessions() as session:
            return [
                (task.id, task.name, task.due_on, task.case.number, task.case.subject.name)
                for task in session.scalars(query)
            ]

    def read_case(self, *, case_id: str) -> Sequence[Any]:
        """Return the tasks and the timeline that a case's page shows."""
        with self.office.sessions() as session:
            case = session.get_one(Case, case_id)
            tasks = select(Task).where(Task.case_id == case_id).order_by(Task.opened_at)
            rows: list[Any] = [
                (task.id, task.name, task.status, task.due_on, case.number, case.subject.name)
                for task in session.scalars(tasks)
            ]
            events = select(Event).where(Event.case_id == case_id).order_by(Event.id.desc())
            for event in session.scalars(events):
                who = session.get(Person, event.person_id) if event.person_id else None
                rows.append((event.kind, event.facts, event.at, who.name if who else ""))
            return rows

    def _fire(self, timer_id: str, now: datetime) -> None:
        office = self.office
        with office.sessions() as session:
            timer = session.get_one(Timer, timer_id)
            case = session.get_one(Case, timer.case_id)
            command = Command(
                id=f"timer:{timer.id}",
                name="fire_timer",
                actor=SYSTEM,
                now=now,
                office_id=office.office_id,
            )
            self._check_repeat(session, command)
            case.touched_at = now
            timer.status, timer.fired_at = "fired", now
            call = Call(session=session, office=office, case=case, command=command)
            call.record("timer_fired", clock=timer.clock_name, point=timer.point)
            snapshot = self._engine.fire_timer(
                bundle=office.bundle,
                state=case.engine_state,
                timer_id=timer.engine_timer_id,
                operations=call,
            )
            self._apply(call, snapshot)
            write_trail(call, result={"case_id": case.id, "fired": True})
            session.commit()

    def _send_one(self, now: datetime) -> bool:
        query = (
            select(Outbox)
            .where(
                Outbox.status == "waiting",
                Outbox.due_at <= now,
                or_(Outbox.claimed_until.is_(None), Outbox.claimed_until <= now),
            )
            .order_by(Outbox.due_at, Outbox.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        with self.office.sessions() as session:
            effect = session.scalars(query).first()
            if effect is None:
                return False
            effect.claimed_until = now + CLAIM
            effect.attempts += 1
            session.commit()
        with self.office.sessions() as session:
            claimed = session.get_one(Outbox, effect.id)
            claimed.status, claimed.sent_at, claimed.claimed_until = "sent", now, None
            session.commit()
        return True

    def _get(self, session: Session, task_id: str, command: Command) -> tuple[Task, Case]:
        task = session.get_one(Task, task_id)
        case = session.get_one(Case, task.case_id)
        case.touched_at = command.now
        post = session.get_one(Post, command.actor.post_id)
        if (post.role, post.organisation_id) != (task.role, task.organisation_id):
            raise NotAllowed("error.not_your_post")
        if task.status != "open":
            raise Conflict("error.task_gone", task_id=task.id)
        return task, case

    def _add_answer(
        self,
        session: Session,
        case: Case,
        task: Task | None,
        command: Command,
        content: Mapping[str, Any],
    ) -> Answer:
        answer = Answer(
            office_id=case.office_id,
            case_id=case.id,
            form=task.form if task else "filing",
            element=task.element if task else "",
            item=task.item if task else None,
            content=dict(content),
            person_id=command.actor.person_id,
            post_id=command.actor.post_id,
            answered_at=command.now,
        )
        session.add(answer)
        session.flush()
        return answer

    def _forget_draft(self, session: Session, task: Task) -> None:
        query = select(Draft).where(Draft.place == f"task:{task.id}")
        for draft in session.scalars(query):
            session.delete(draft)

    def _check_repeat(self, session: Session, command: Command) -> None:
        if session.get(CommandRecord, command.id) is not None:
            raise Conflict("error.somebody_was_faster")

    def _apply(self, call: Call, snapshot: Snapshot) -> None:
        case, now = call.case, call.command.now
        case.engine_state = snapshot.state
        open_tasks(call, snapshot, elements=blueprint(self.office.bundle).elements)
        reconcile_timers(call, snapshot)
        incidents = select(Incident).where(Incident.case_id == case.id, Incident.status == "open")
        for incident in call.session.scalars(incidents):
            incident.status = "resolved"
        if snapshot.passed:
            call.record("moved", passed=[[each.element, each.item] for each in snapshot.passed])
        if snapshot.is_finished and case.status != "closed":
            case.status, case.closed_at = "closed", now
            call.record("case_closed", ended=list(snapshot.ended))
        call.session.flush()
