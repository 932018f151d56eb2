"""An office in a database of its own, with the benchmark's process in force and one officer."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.peers.diagrams import DIAGRAM, JIANNUO
from handlers.registry import operations as shipped_operations
from webapp.demo.install_office import install_office
from workflows.clock.calendar import SHANGHAI
from workflows.engine.bundle import Bundle
from workflows.engine.engine import CaseEngine
from workflows.events import SYSTEM, Actor, Command
from workflows.models import Subject, new_id
from workflows.services.desk import Desk, Operation, OperationContext, store_bundle
from workflows.services.read_people import list_posts
from workflows.storage.databases import Sessions, open_database, sessions_for
from workflows.storage.files import FileStore
from workflows.storage.migrate import migrate
from workflows.storage.reading import read_session
from workflows.storage.unit_of_work import CommandBus
from workflows.storage.vault import Vault

NOW = datetime(2026, 9, 24, 9, 30, tzinfo=SHANGHAI)
START_EVENT = "begin"
SERVICE_TASKS = ("register", "accept", "settle", "report")
CLOCK, PARAMETER = "reply", "obj.reply.limit"
ROLE = "handler"
NOTE = "来源文件与记录的作出日期不一致，已请来源单位核对。"
FORM: dict[str, Any] = {
    "schemaVersion": 18,
    "type": "default",
    "id": "step",
    "title": "办理",
    "components": [{"type": "textarea", "id": "step_note", "key": "note", "label": "意见"}],
}


@dataclass
class BenchOffice:
    """What both rivals work in: the same rows to begin with, each in a database of its own."""

    url: str
    sessions: Sessions
    desk: Desk
    office_id: str
    actor: Actor
    subject_id: str
    subject_kind: str
    bundle: Bundle
    name: str = field(default_factory=new_id)
    count: int = 0

    def command(self, name: str, *, now: datetime = NOW) -> Command:
        """Return an order of the officer with an id of its own."""
        self.count += 1
        return Command(
            id=f"{self.name}:{self.count}",
            name=name,
            actor=self.actor,
            now=now,
            office_id=self.office_id,
        )


def twelve_tasks() -> Bundle:
    """Return the process of the peers' benchmark as the product reads it."""
    diagram = JIANNUO.fill(DIAGRAM.read_text(encoding="utf-8"))
    elements = ["receive", "examine", "decide", "draft", "close"]
    stages = [{"key": each, "zh": each, "en": each, "elements": [each]} for each in elements]
    process = {"key": "twelve", "main_process": "twelve", "stages": stages}
    files = {
        "twelve.bpmn": diagram.encode(),
        "forms/step.json": json.dumps(FORM).encode(),
        "process.json": json.dumps(process).encode(),
    }
    return Bundle(key="twelve", main_process="twelve", files=files)


def answers_of(turn: int) -> dict[str, Any]:
    """Return what gateways read in this turn; both loops are gone round once."""
    return {"complete": turn >= 3, "redo": turn == 7}


def open_office(url: str, *, engine: CaseEngine) -> BenchOffice:
    """Migrate the empty database at the address and set the office up in it."""
    migrate(url)
    sessions = sessions_for(open_database(url))
    desk = _desk(sessions, engine)
    office_id = install_office(sessions, desk, now=NOW)
    order = Command(id="bundle", name="bundle", actor=SYSTEM, now=NOW, office_id=office_id)
    desk.bus.run(order, lambda work: store_bundle(work.session, twelve_tasks()))
    return _office_of(url, sessions, desk, office_id)


def find_opened(url: str, *, engine: CaseEngine) -> BenchOffice:
    """Return the office that another process has set up at the address."""
    sessions = sessions_for(open_database(url))
    desk = _desk(sessions, engine)
    return _office_of(url, sessions, desk, install_office(sessions, desk, now=NOW))


def _desk(sessions: Sessions, engine: CaseEngine) -> Desk:
    return Desk(
        bus=CommandBus(sessions),
        engine=engine,
        vault=Vault(b"v" * 32),
        files=FileStore(Path(tempfile.gettempdir()) / "jiannuo-benchmark-files"),
        operations=operations(),
    )


def _office_of(url: str, sessions: Sessions, desk: Desk, office_id: str) -> BenchOffice:
    with read_session(sessions) as session:
        # Every process must find the same officer, and one who need not choose a post at the door.
        posts = sorted(list_posts(session, office_id=office_id), key=lambda post: post.id)
        held = Counter(post.person_id for post in posts)
        post = next(each for each in posts if each.role == ROLE and held[each.person_id] == 1)
        subject = session.query(Subject).filter(Subject.credit_code.is_not(None)).first()
    assert subject is not None
    actor = Actor(
        kind="person",
        person_id=post.person_id,
        post_id=post.id,
        role=post.role,
        organisation_id=post.organisation_id,
        origin="officer",
    )
    return BenchOffice(
        url=url,
        sessions=sessions,
        desk=desk,
        office_id=office_id,
        actor=actor,
        subject_id=subject.id,
        subject_kind=subject.kind,
        bundle=twelve_tasks(),
    )


def operations() -> Mapping[str, Operation]:
    """Return what service tasks do: ours set a variable, and the last sends something out."""
    plain: dict[str, Operation] = {name: _noting(name) for name in SERVICE_TASKS}
    # The shipped process is in force in the office too, so its operations must be known.
    return {**shipped_operations(), **plain, "report": _report}


def _noting(name: str) -> Callable[[OperationContext], Mapping[str, Any]]:
    return lambda context: {f"{name}_done": True}


def _report(context: OperationContext) -> Mapping[str, Any]:
    context.work.send(**effect_of(context.case_id), case_id=context.case_id)
    return {"report_done": True}


def effect_of(case_id: str) -> dict[str, Any]:
    """Return what leaves the building once a case: kind, key and payload."""
    return {"kind": "mail", "key": f"mail:{case_id}", "payload": {"case": case_id, "text": NOTE}}


def case_values(office: BenchOffice, *, number: int, now: datetime) -> dict[str, Any]:
    """Return the columns of a new case, the same for both rivals."""
    return {
        "office_id": office.office_id,
        "kind": "objection",
        "number": f"BM-{office.name[:8]}-{number:08d}",
        "division_code": "220500",
        "subject_id": office.subject_id,
        "receiving_organisation_id": office.actor.organisation_id,
        "title": "基准测试",
        "channel": "window",
        "received_at": now,
        "received_on": now.date(),
        "registered_at": now,
        "bundle_hash": office.bundle.hash,
        "touched_at": now,
    }
