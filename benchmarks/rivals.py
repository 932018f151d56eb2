"""The product as it is configured, behind the few verbs that are measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from sqlalchemy import func, select

from benchmarks.office import (
    CLOCK,
    NOTE,
    NOW,
    PARAMETER,
    START_EVENT,
    BenchOffice,
    case_values,
)
from notifications.channels.channel import Channel, Receipt
from notifications.outbox import CaseOutbox, Dispatcher
from workflows.engine.bundle import Bundle
from workflows.engine.engine import Operations
from workflows.engine.values import Snapshot
from workflows.models import Case, Login, Sealed, Task
from workflows.services.deliver import fire_due_timers
from workflows.services.list_tasks import list_case_tasks, list_tasks
from workflows.services.move_case import move_case
from workflows.services.read_timeline import list_happenings
from workflows.services.run_clock import start_clock
from workflows.services.work_on_task import claim_task, complete_task, keep_answer
from workflows.storage.case_rows import open_row
from workflows.storage.outbox_store import Effect
from workflows.storage.reading import read_session
from workflows.storage.unit_of_work import UnitOfWork


class Rival(Protocol):
    """One way of doing the work; each verb that writes is one durable transaction."""

    office: BenchOffice

    def start(self, *, now: datetime) -> str: ...

    def claim(self, *, task_id: str) -> None: ...

    def complete(self, *, task_id: str, answers: Mapping[str, Any]) -> None: ...

    def fire_timers(self, *, now: datetime, limit: int) -> int: ...

    def send_outbox(self, *, now: datetime, limit: int) -> int: ...

    def read_inbox(self) -> Sequence[Any]: ...

    def read_case(self, *, case_id: str) -> Sequence[Any]: ...


class Taker(Channel):
    """Stands for a receiver that is always there and says so at once."""

    def send(self, effect: Effect) -> Receipt:
        """Take the effect."""
        return Receipt(reference=effect.key)


class Product:
    """The product's own services, with the engine and the storage that it is configured with."""

    def __init__(self, office: BenchOffice, *, note: str = NOTE) -> None:
        """Work in this office, with this note in every form."""
        self.office = office
        self._note = note
        self._store = CaseOutbox(sessions=office.sessions, bus=office.desk.bus)

    def start(self, *, now: datetime = NOW) -> str:
        """Open a case and return its id."""
        office = self.office
        command = office.command("start", now=now)
        return str(office.desk.bus.run(command, self._start)["case_id"])

    def _start(self, work: UnitOfWork) -> Mapping[str, Any]:
        office, now = self.office, work.command.now
        values = case_values(office, number=office.count, now=now)
        case = open_row(
            work,
            subject_kind=office.subject_kind,
            query_code=Sealed(b""),
            query_code_index="",
            **values,
        )
        keep_answer(work, case=case, form="filing", content={"note": self._note})
        work.record("case_opened", case_id=case.id, number=case.number)
        start_clock(
            work, office.desk, case=case, name=CLOCK, parameter=PARAMETER, start_on=now.date()
        )

        def move(bundle: Bundle, operations: Operations) -> Snapshot:
            return office.desk.engine.start(
                bundle=bundle, start_event=START_EVENT, variables={}, operations=operations
            )

        move_case(work, office.desk, case=case, move=move)
        return {"case_id": case.id}

    def claim(self, *, task_id: str) -> None:
        """Take a task from the pool."""
        desk = self.office.desk
        work = partial(claim_task, desk=desk, task_id=task_id)
        desk.bus.run(self.office.command("claim_task"), work)

    def complete(self, *, task_id: str, answers: Mapping[str, Any]) -> None:
        """Complete a task with a form."""
        desk, content = self.office.desk, {"note": self._note, **answers}
        work = partial(
            complete_task, desk=desk, task_id=task_id, content=content, variables=answers
        )
        desk.bus.run(self.office.command("complete_task"), work)

    def fire_timers(self, *, now: datetime, limit: int) -> int:
        """Fire what is due and return how many did."""
        office = self.office
        return fire_due_timers(office.desk, office_id=office.office_id, now=now, limit=limit)

    def send_outbox(self, *, now: datetime, limit: int) -> int:
        """Send what waits and return how many were sent."""
        dispatcher = Dispatcher(store=self._store, channels={"mail": Taker()})
        return len(dispatcher.send_due(now=now, limit=limit))

    def read_inbox(self) -> Sequence[Any]:
        """Return the first page of the officer's inbox."""
        office = self.office
        with read_session(office.sessions) as session:
            return list_tasks(
                session, actor=office.actor, office_id=office.office_id, today=NOW.date()
            )

    def read_case(self, *, case_id: str) -> Sequence[Any]:
        """Return the tasks and the timeline that a case's page shows."""
        with read_session(self.office.sessions) as session:
            tasks = list_case_tasks(session, case_id=case_id)
            return [*tasks, *list_happenings(session, case_id=case_id)]


def list_open(office: BenchOffice) -> list[tuple[str, str]]:
    """Return (task id, case id) of every open task; not measured."""
    query = select(Task.id, Task.case_id).where(Task.status == "open").order_by(Task.opened_at)
    with read_session(office.sessions) as session:
        return [(row.id, row.case_id) for row in session.execute(query)]


def longest_state(office: BenchOffice) -> int:
    """Return the bytes of the longest engine state that is kept now; not measured."""
    with read_session(office.sessions) as session:
        return session.scalar(select(func.max(func.length(Case.engine_state)))) or 0


def find_username(rival: Rival) -> str:
    """Return the name under which the benchmark's officer logs in."""
    with rival.office.sessions() as session:
        person = rival.office.actor.person_id
        login = session.query(Login).filter(Login.person_id == person).one()
        return login.username
