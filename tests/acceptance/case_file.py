"""What stands in the database about one case, in the words of the office, for tests to compare."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tests.acceptance.office import RunningOffice
from workflows.models import (
    Answer,
    Case,
    CaseClock,
    CreditRecord,
    Document,
    Event,
    Incident,
    Notice,
    Organisation,
    Outbox,
    Person,
    RecordQuery,
    RecordVersion,
    Sanction,
    Subject,
    Task,
    Timer,
)


@dataclass
class CaseFile:
    """One case, read anew at every question."""

    office: RunningOffice
    id: str
    code: str = ""

    @property
    def row(self) -> Case:
        """Return the case itself."""
        with self._look() as session:
            return session.get_one(Case, self.id)

    @property
    def number(self) -> str:
        """Return the public number."""
        return self.row.number

    @property
    def end(self) -> str:
        """Return the end event of the whole process, or nothing while the case is open."""
        closed = self.events("case_closed")
        return str(closed[-1]["ended"][-1]) if closed else ""

    @property
    def open_tasks(self) -> list[str]:
        """Return the open steps, sorted: "task_verify THHUD" for a department's, else the step."""
        return sorted(self._task_words(task) for task in self.tasks() if task.status == "open")

    def tasks(self, element: str = "") -> list[Task]:
        """Return the tasks in the order they were opened."""
        query = select(Task).where(Task.case_id == self.id)
        query = query.where(Task.element == element) if element else query
        return self._all(query.order_by(Task.opened_at, Task.id))

    def task(self, element: str, *, body: str = "") -> Task:
        """Return the one open task of this element, of this body where several have one."""
        found = [task for task in self.tasks(element) if task.status == "open"]
        if body:
            found = [task for task in found if task.organisation.code == body]
        assert len(found) == 1, f"{len(found)} of {element} {body}; open are {self.open_tasks}"
        return found[0]

    def clock(self, name: str, *, body: str = "") -> CaseClock:
        """Return the newest clock of this name."""
        found = [row for row in self.clocks() if row.name == name]
        if body:
            found = [row for row in found if self._body_of(row.item) == body]
        assert found, f"no clock {name} {body}; there are {[row.name for row in self.clocks()]}"
        return found[-1]

    def clocks(self) -> list[CaseClock]:
        """Return every clock, oldest first."""
        query = select(CaseClock).where(CaseClock.case_id == self.id)
        return self._all(query.order_by(CaseClock.started_at, CaseClock.id))

    def due(self, name: str, *, body: str = "") -> date | None:
        """Return when a clock is due."""
        return self.clock(name, body=body).due_on

    def ledger(self, name: str, *, body: str = "") -> list[tuple[str, str]]:
        """Return a clock's entries as (kind, day)."""
        entries = self.clock(name, body=body).entries
        return [(entry.kind, entry.on.isoformat()) for entry in entries]

    def letters(self, kind: str = "") -> list[Document]:
        """Return the letters, in or out, in the order they were drafted."""
        query = select(Document).where(Document.case_id == self.id)
        query = query.where(Document.kind == kind) if kind else query
        return self._all(query.order_by(Document.drafted_at, Document.id))

    def letter(self, kind: str) -> Document:
        """Return the one letter of this kind."""
        found = self.letters(kind)
        kinds = [letter.kind for letter in self.letters()]
        assert len(found) == 1, f"{len(found)} letters {kind}; there are {kinds}"
        return found[0]

    @property
    def record(self) -> CreditRecord:
        """Return the contested record."""
        record = self.row.record
        assert record is not None, "the case has no record"
        return record

    @property
    def versions(self) -> list[RecordVersion]:
        """Return the versions of the record, oldest first."""
        query = select(RecordVersion).where(RecordVersion.record_id == self.record.id)
        return self._all(query.order_by(RecordVersion.version))

    @property
    def sanctions(self) -> dict[str, Sanction]:
        """Return the sanctions that hang on the record, by department."""
        query = select(Sanction).where(Sanction.record_id == self.record.id)
        return {row.department.code: row for row in self._all(query)}

    @property
    def queries(self) -> list[RecordQuery]:
        """Return who asked for the record."""
        query = select(RecordQuery).where(RecordQuery.record_id == self.record.id)
        return self._all(query.order_by(RecordQuery.queried_at))

    def events(self, kind: str) -> list[dict[str, Any]]:
        """Return the facts of what happened, in order."""
        query = select(Event).where(Event.case_id == self.id, Event.kind == kind)
        return [dict(row.facts) for row in self._all(query.order_by(Event.at, Event.id))]

    def answers(self, form: str) -> list[Answer]:
        """Return what was entered in a form, in order."""
        query = select(Answer).where(Answer.case_id == self.id, Answer.form == form)
        return self._all(query.order_by(Answer.answered_at))

    def timers(self, status: str) -> list[Timer]:
        """Return the timers in this state."""
        query = select(Timer).where(Timer.case_id == self.id, Timer.status == status)
        return self._all(query.order_by(Timer.due_at, Timer.id))

    @property
    def fired(self) -> list[str]:
        """Return the points that have fired, in order: "verification@obj.verification.remind1"."""
        rows = sorted(self.timers("fired"), key=lambda row: (row.fired_at, row.due_at, row.id))
        return [f"{row.clock_name}@{row.point}" for row in rows]

    @property
    def open_incidents(self) -> list[tuple[str, str, dict[str, Any]]]:
        """Return the open incidents with their cause."""
        query = select(Incident).where(Incident.case_id == self.id, Incident.status == "open")
        return [(row.element, row.cause_key, dict(row.cause_facts)) for row in self._all(query)]

    def notices(self, kind: str) -> list[str]:
        """Return who was told this inside the product, by name, in the order told."""
        query = (
            select(Person.name)
            .join(Notice, Notice.person_id == Person.id)
            .where(Notice.case_id == self.id, Notice.kind == kind)
            .order_by(Notice.told_at, Notice.id)
        )
        with self._look() as session:
            return list(session.scalars(query))

    def mails(self, kind: str) -> list[Outbox]:
        """Return the mails of this kind."""
        query = select(Outbox).where(Outbox.case_id == self.id, Outbox.kind == "mail")
        return [row for row in self._all(query) if row.payload["kind"] == kind]

    def reports(self) -> list[Outbox]:
        """Return the reports to the province, oldest first."""
        query = select(Outbox).where(Outbox.case_id == self.id, Outbox.kind == "province_report")
        return self._all(query.order_by(Outbox.key))

    @property
    def subject(self) -> Subject:
        """Return the subject of the case."""
        return self.row.subject

    def _look(self) -> Session:
        return self.office.reading()

    def _all(self, query: Any) -> list[Any]:
        with self._look() as session:
            found: Iterable[Any] = session.scalars(query).unique()
            return list(found)

    def _task_words(self, task: Task) -> str:
        is_department = task.role == "department_officer"
        return f"{task.element} {task.organisation.code}" if is_department else task.element

    def _body_of(self, item: str | None) -> str:
        with self._look() as session:
            sanction = session.get(Sanction, item or "", options=[joinedload(Sanction.department)])
            body = sanction.department if sanction else session.get(Organisation, item or "")
            return body.code if body else ""
