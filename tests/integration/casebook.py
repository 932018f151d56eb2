"""An office with people and cases in a real database, driven in the words of the process."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.effects.letter_desk import DrawingDesk
from handlers.effects.run_command import CommandChannel
from handlers.registry import answers, declarations, operations
from notifications.channels.channel import Channel, Receipt
from notifications.outbox import CaseOutbox, Dispatcher
from webapp.demo.install_office import install_office
from webapp.forms import parse_form, variables
from webapp.settings import read_settings
from workflows.clock.calendar import SHANGHAI
from workflows.engine.engines import Engines
from workflows.events import Actor, Command
from workflows.models import (
    Case,
    CaseClock,
    Document,
    Event,
    Incident,
    Login,
    Notice,
    Organisation,
    Outbox,
    Post,
    Task,
)
from workflows.services.deliver import fire_due_timers
from workflows.services.desk import Desk, Operation
from workflows.services.open_case import Filing, open_case
from workflows.services.run_clock import find_clock
from workflows.services.work_on_task import complete_task
from workflows.storage.databases import open_database, sessions_for
from workflows.storage.files import FileStore
from workflows.storage.outbox_store import Effect
from workflows.storage.reading import read_session
from workflows.storage.unit_of_work import CommandBus, UnitOfWork
from workflows.storage.vault import Vault

DEMO = Path(__file__).resolve().parents[2] / "webapp" / "demo"
ANSWERS: dict[str, dict[str, Any]] = json.loads((DEMO / "answers.json").read_text("utf-8"))
SUBJECTS = {
    row["key"]: row for row in json.loads((DEMO / "office.json").read_text("utf-8"))["subjects"]
}
# A record of a government body, a department's own, with two sanctions resting on it.
SUBJECT, RECORD = "S01", "XY-220500-2026-00011"


def at(day: str, hour: int = 9, minute: int = 30) -> datetime:
    """Return an instant of that day in the office's zone."""
    return datetime.combine(date.fromisoformat(day), time(hour, minute), SHANGHAI)


class Province(Channel):
    """Stands for the provincial platform's front door: takes reports, or fails as told."""

    def __init__(self) -> None:
        self.received: list[Effect] = []
        self.failure: Exception | None = None

    def send(self, effect: Effect) -> Receipt:
        if self.failure is not None:
            raise self.failure
        self.received.append(effect)
        return Receipt(reference=f"R{len(self.received)}")


class Postbox(Channel):
    """Keeps every mail."""

    def __init__(self) -> None:
        self.mails: list[Effect] = []

    def send(self, effect: Effect) -> Receipt:
        self.mails.append(effect)
        return Receipt(reference=effect.key)


class Casebook:
    """Everything a test of handlers needs: an office, a clock it sets, and one case at a time."""

    def __init__(
        self,
        url: str,
        folder: Path,
        *,
        now: datetime,
        wrap: Callable[[Operation], Operation] = lambda operation: operation,
    ) -> None:
        self.engine = open_database(url)
        self.sessions = sessions_for(self.engine)
        self.now = now
        self.desk = Desk(
            bus=CommandBus(self.sessions),
            engine=Engines(read_settings().engine),
            vault=Vault(b"v" * 32),
            files=FileStore(folder / "files"),
            operations={name: wrap(each) for name, each in operations().items()},
            answers=answers(),
            declared=declarations(),
        )
        self.office_id = install_office(self.sessions, self.desk, now=now)
        self.case_id = ""
        self.query_code = ""
        self.province, self.postbox = Province(), Postbox()
        self._count = 0

    def close(self) -> None:
        self.engine.dispose()

    # --- acting -----------------------------------------------------------------------------

    def run(
        self,
        work: Callable[[UnitOfWork], Mapping[str, Any] | None],
        *,
        actor: Actor | None = None,
        name: str = "test",
        command_id: str = "",
    ) -> dict[str, Any]:
        """Run a command of an actor, by default the system, at the casebook's hour."""
        self._count += 1
        command = Command(
            id=command_id or f"test:{self._count}",
            name=name,
            actor=actor or Actor(kind="system", origin="test"),
            now=self.now,
            office_id=self.office_id,
        )
        return self.desk.bus.run(command, work)

    def file(self, subject: str = SUBJECT, record: str = RECORD, **details: Any) -> str:
        """File an objection and return the id of its case."""
        row = SUBJECTS[subject]
        body = details.pop("body", "JLDRC")
        filing = Filing(
            **{
                "channel": "portal",
                "subject_name": row["name"],
                "subject_code": row.get("credit_code") or row["identity_number"],
                "subject_kind": row["kind"],
                "record_number": record,
                "receiving_organisation_id": self.body(body).id,
                "contact_name": "周航",
                "contact_phone": "13843500417",
                "contact_email": "zhouhang@example.invalid",
                "content": {"grounds": ["error"], "statement": "记录与实际情况不符。"},
                **details,
            }
        )
        actor = Actor(kind="subject", origin="portal")
        result = self.run(lambda work: open_case(work, self.desk, filing=filing), actor=actor)
        self.case_id = str(result["case_id"])
        with self.read() as session:
            case = session.get_one(Case, self.case_id)
            sealed = case.query_code
            self.query_code = self.desk.vault.open(session, owner_id=case.id, value=sealed)
        return self.case_id

    def do(self, element: str, *, item: str | None = None, **content: Any) -> None:
        """Complete a task as somebody whose post may, with the demo's answers for the rest."""
        task = self.task(element, item=item)
        said = self._said(task.form, content)

        def work(unit: UnitOfWork) -> Mapping[str, Any]:
            case = unit.session.get_one(Case, task.case_id)
            files = self.desk.bundle(unit.session, case.bundle_hash).files
            definition = parse_form(files[f"forms/{task.form}.json"])
            given = variables(definition, said)
            return complete_task(unit, self.desk, task_id=task.id, content=said, variables=given)

        self.run(work, actor=self.worker(task), name="complete_task")

    def go_on(self, day: str, hour: int = 9, minute: int = 30) -> int:
        """Let time pass to that hour, and fire what came due; return how many timers fired."""
        self.now = at(day, hour, minute)
        return fire_due_timers(self.desk, office_id=self.office_id, now=self.now, limit=500)

    def send_outbox(self, *kinds: str) -> None:
        """Send what waits in the outbox, everything or the kinds named."""

        class Sink(Channel):
            def send(self, effect: Effect) -> Receipt:
                return Receipt(reference="")

        channels: dict[str, Channel] = {
            "mail": self.postbox,
            "province_report": self.province,
            "command": CommandChannel(desk=self.desk, clock=lambda: self.now),
            "letter_pdf": Sink(),
        }
        store = CaseOutbox(sessions=self.sessions, bus=self.desk.bus)
        Dispatcher(store=store, channels=channels).send_due(now=self.now, limit=500)

    def drawing_desk(self) -> DrawingDesk:
        return DrawingDesk(sessions=self.sessions, desk=self.desk, clock=lambda: self.now)

    # --- whole stretches --------------------------------------------------------------------

    def accept(self, **content: Any) -> None:
        self.do("task_formal_check", **content)

    def verify(self, conclusion: str = "partly_wrong", **content: Any) -> None:
        self.do("task_self_check")
        details = {"wrong_items": ["拖欠金额"], "correct_values": "拖欠金额：已付清"}
        self.do("task_verify", conclusion=conclusion, **{**details, **content})

    def find(self, finding: str = "partly", **approval: Any) -> None:
        details: dict[str, Any] = {"finding": finding}
        if finding != "uphold":
            details |= {"wrong_items": ["拖欠金额"], "correct_values": "拖欠金额：已付清"}
        self.do("task_propose_finding", **details)
        self.do("task_review_finding")
        if self.is_open("task_legal_review"):
            self.do("task_legal_review")
        self.do("task_approve_finding", **approval)

    def draft_and_sign(self) -> None:
        self.do("task_draft_letter")
        self.do("task_check_letter")
        if self.is_open("task_legal_check_letter"):
            self.do("task_legal_check_letter")
        self.do("task_sign_letter")

    def reply(self, method: str = "window") -> None:
        self.draft_and_sign()
        self.do("task_seal_letter")
        self.do("task_dispatch_letter", service_method=method)
        if method != "electronic":
            self.do("task_register_service")

    def correct(self) -> None:
        self.do("task_correct_record", corrected_values="拖欠金额：已付清")
        self.do("task_eliminate_effects")

    def lift_all(self) -> None:
        for task in self.tasks("task_confirm_lifting"):
            self.do("task_confirm_lifting", item=task.item)

    # --- looking ----------------------------------------------------------------------------

    def read(self) -> Session:
        """Return a session that never waits for a writer."""
        return read_session(self.sessions)

    def all(self, model: Any, **wanted: Any) -> list[Any]:
        """Return the rows of a table with these values."""
        query = select(model)
        for name, value in wanted.items():
            query = query.where(getattr(model, name) == value)
        with self.read() as session:
            return list(session.scalars(query))

    @property
    def case(self) -> Case:
        with self.read() as session:
            return session.get_one(Case, self.case_id)

    def body(self, code: str) -> Organisation:
        return next(each for each in self.all(Organisation, code=code))

    def tasks(self, element: str) -> list[Task]:
        return self.all(Task, case_id=self.case_id, element=element, status="open")

    def task(self, element: str, *, item: str | None = None) -> Task:
        found = [each for each in self.tasks(element) if item in (None, each.item)]
        assert found, f"{element} is not open, but {self.open_elements()}; {self.incidents()}"
        return found[0]

    def is_open(self, element: str) -> bool:
        return bool(self.tasks(element))

    def open_elements(self) -> list[str]:
        rows = self.all(Task, case_id=self.case_id, status="open")
        return sorted(row.element for row in rows)

    def incidents(self, status: str = "open") -> list[tuple[str, str]]:
        rows = self.all(Incident, case_id=self.case_id, status=status)
        return [(row.operation, row.cause_key) for row in rows]

    def clock(self, name: str, item: str | None = None) -> CaseClock:
        with self.read() as session:
            unit = UnitOfWork(
                session.connection(),
                open_session=lambda _connection: session,
                command=Command(
                    id="",
                    name="",
                    actor=Actor(kind="system"),
                    now=self.now,
                    office_id=self.office_id,
                ),
            )
            found = find_clock(unit, case_id=self.case_id, name=name, item=item)
            assert found is not None, f"no clock {name} of {item}"
            # Read while there is a session; a test looks at it later.
            assert found.entries
            return found

    def documents(self, kind: str, **wanted: Any) -> list[Document]:
        rows = self.all(Document, case_id=self.case_id, kind=kind, **wanted)
        return sorted(rows, key=lambda row: row.drafted_at)

    def document(self, kind: str, **wanted: Any) -> Document:
        found = self.documents(kind, **wanted)
        assert len(found) == 1, f"{len(found)} letters of kind {kind}"
        return found[0]

    def happened(self, kind: str) -> list[dict[str, Any]]:
        rows = self.all(Event, case_id=self.case_id, kind=kind)
        return [dict(row.facts) for row in sorted(rows, key=lambda row: row.id)]

    def notices(self, kind: str) -> list[Notice]:
        return self.all(Notice, case_id=self.case_id, kind=kind)

    def effects(self, kind: str) -> list[Outbox]:
        rows = self.all(Outbox, case_id=self.case_id, kind=kind)
        return sorted(rows, key=lambda row: row.key)

    # --- people -----------------------------------------------------------------------------

    def worker(self, task: Task) -> Actor:
        """Return somebody who may do the task: its post, or the office for a department."""
        posts = [
            post
            for post in self.all(Post, role=task.role, organisation_id=task.organisation_id)
            if task.owner_id in (None, post.person_id)
        ]
        if not posts:
            case = next(iter(self.all(Case, id=task.case_id)))
            posts = self.all(Post, role="handler", organisation_id=case.receiving_organisation_id)
        return self.actor_of(posts[0])

    def person(self, username: str) -> Actor:
        login = next(iter(self.all(Login, username=username)))
        return self.actor_of(next(iter(self.all(Post, person_id=login.person_id))))

    @staticmethod
    def actor_of(post: Post) -> Actor:
        return Actor(
            kind="person",
            person_id=post.person_id,
            post_id=post.id,
            role=post.role,
            organisation_id=post.organisation_id,
            origin="test",
        )

    def _said(self, form: str, content: Mapping[str, Any]) -> dict[str, Any]:
        words: dict[str, Any] = {
            "@today": self.now.astimezone(SHANGHAI).date().isoformat(),
            "@record": self.case.record_id,
            "@subject": self.case.subject.name,
            "@file": [],
            "@items": [],
            "@items2": [],
            "@first_item": [],
        }
        said = {**ANSWERS.get(form, {}), **content}
        return {
            name: words.get(value, value) if isinstance(value, str) else value
            for name, value in said.items()
        }
