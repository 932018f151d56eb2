"""Play the demo's cases through the real services, day by day, so that every clock is genuine.

Scenes say on which working day before today (0 = today, -5 = five working days ago) somebody files
or does a step. Timers fire in between as they would have. Each act is a command with an id of its
own, so that an interrupted set-up goes on where it stopped.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from webapp.demo.paper import sample_paper
from webapp.forms import parse_form, variables
from workflows.clock.calendar import SHANGHAI, WorkingCalendar, legal_date
from workflows.engine.process_facts import get_form
from workflows.errors import CaseworkError
from workflows.events import Actor, Command
from workflows.models import (
    Case,
    CommandRecord,
    Task,
)
from workflows.services.deliver import fire_due_timers
from workflows.services.desk import Desk
from workflows.services.keep_drafts import stage_file
from workflows.services.list_tasks import list_case_tasks
from workflows.services.open_case import OBJECTION, Filing, open_case
from workflows.services.read_people import list_bodies, list_logins, list_posts
from workflows.services.read_record import list_versions
from workflows.services.receive_exchange import receive_exchange
from workflows.services.work_on_task import complete_task
from workflows.storage.databases import ReadSession, Sessions
from workflows.storage.reading import read_session
from workflows.storage.unit_of_work import UnitOfWork

HERE = Path(__file__).parent
PHONE = "13843500417"
CONTENT = {"grounds": ["error"], "statement": "记录与实际情况不符，请予核查更正。"}
# A day so many days after the act, and the body with this code.
AHEAD, BODY = "@+", "@body:"


@dataclass(frozen=True)
class Act:
    """One thing somebody does on a day of a scene."""

    scene: str
    number: int
    day: int
    do: Callable[[], None]


def count_scenes() -> int:
    """Return how many cases will be played."""
    return len(_scenes())


def play_cases(
    sessions: Sessions,
    desk: Desk,
    *,
    office_id: str,
    now: datetime,
    step: Callable[[], None] = lambda: None,
) -> None:
    """Play every scene up to now; what was already played is left alone."""
    player = Player(sessions, desk, office_id=office_id, now=now)
    acts = [act for scene in _scenes() for act in player.acts_of(scene)]
    done: set[str] = set()
    for day in sorted({act.day for act in acts}):
        player.begin_day(day)
        for act in (act for act in acts if act.day == day):
            act.do()
            if act.scene not in done:
                done.add(act.scene)
                step()
    player.receive_stray()


class Player:
    """Files and completes on behalf of the demo's people."""

    def __init__(self, sessions: Sessions, desk: Desk, *, office_id: str, now: datetime) -> None:
        self._sessions = sessions
        self._desk = desk
        self._office_id = office_id
        self._now = now
        self._answers = read_answers()
        self._at = now
        with read_session(sessions) as session:
            self._calendar = desk.calendar(session, office_id)
            self._people = _people(session, office_id)
            self._lead = list_bodies(session, office_id=office_id, kind="lead")[0].id

    def acts_of(self, scene: Mapping[str, Any]) -> list[Act]:
        """Return the acts of a scene: the filing, then each step."""
        key = scene["key"]
        acts = [Act(key, 0, scene["file"]["day"], lambda: self._file(key, scene["file"]))]
        for number, (day, who, element, changes) in enumerate(scene["steps"], start=1):

            def do(
                number: int = number, who: str = who, element: str = element, changes: Any = changes
            ) -> None:
                self._complete(key, number, who, element, changes)

            acts.append(Act(key, number, day, do))
        return acts

    def begin_day(self, day: int) -> None:
        """Set the hour and fire what has come due since the last day."""
        on = working_day(legal_date(self._now), day, self._calendar)
        self._at = min(datetime.combine(on, time(9, 5), SHANGHAI), self._now)
        fire_due_timers(self._desk, office_id=self._office_id, now=self._at)

    def receive_stray(self) -> None:
        """Let the province send an answer with a mistyped number: no case takes it."""
        actor = Actor(kind="outside", origin="province")

        def work(unit: UnitOfWork) -> Mapping[str, Any]:
            return receive_exchange(unit, self._desk, source="province", **_read("stray.json"))

        self._run("stray", "receive_exchange", actor, work)

    def _file(self, key: str, filing: Mapping[str, Any]) -> None:
        details = _filing_details(filing)
        channel = filing.get("channel", "portal")
        wanted = Filing(
            channel=channel,
            receiving_organisation_id=self._lead,
            kind=filing.get("kind", OBJECTION),
            record_number=filing.get("record", ""),
            contact_name="周航",
            contact_phone=PHONE,
            contact_email="zhouhang@example.invalid",
            consents_to_electronic_service=False,
            content=filing.get("content", CONTENT),
            **details,
        )
        actor = Actor(kind="subject", origin="demo")
        self._run(
            f"{key}:0",
            "file_objection",
            actor,
            lambda work: open_case(work, self._desk, filing=wanted),
        )

    def _complete(
        self, key: str, number: int, who: str, element: str, changes: Mapping[str, Any]
    ) -> None:
        actor = self._people[who]

        def work(unit: UnitOfWork) -> Mapping[str, Any] | None:
            task = _open_task(unit.session, self._case_id(unit.session, key), element, actor)
            content = self._answer(unit, task, changes)
            definition = parse_form(_form_content(self._desk, unit.session, task))
            return complete_task(
                unit,
                self._desk,
                task_id=task.id,
                content=content,
                variables=variables(definition, content),
            )

        self._run(f"{key}:{number}", "complete_task", actor, work)

    def _run(
        self,
        act: str,
        name: str,
        actor: Actor,
        work: Callable[[UnitOfWork], Mapping[str, Any] | None],
    ) -> None:
        command = Command(
            id=f"demo:{act}", name=name, actor=actor, now=self._at, office_id=self._office_id
        )
        self._desk.bus.run(command, work)

    def _case_id(self, session: ReadSession, key: str) -> str:
        return str(session.get_one(CommandRecord, f"demo:{key}:0").result["case_id"])

    def _answer(self, unit: UnitOfWork, task: Task, changes: Mapping[str, Any]) -> dict[str, Any]:
        case = task.case
        items = _items(unit.session, case)
        bodies = {row.code: row.id for row in list_bodies(unit.session, office_id=self._office_id)}
        said = {**self._answers.get(task.form, {}), **changes}
        words = {
            "@today": legal_date(self._at).isoformat(),
            "@record": case.record_id,
            "@subject": case.subject.name,
            "@items": items,
            "@items2": items[:2],
            "@first_item": items[:1],
        }

        def spoken(value: Any) -> Any:
            if value == "@file":
                return self._paper(unit)
            if isinstance(value, list):
                return [spoken(each) for each in value]
            if not isinstance(value, str):
                return value
            if value.startswith(AHEAD):
                ahead = timedelta(days=int(value.removeprefix(AHEAD)))
                return (legal_date(self._at) + ahead).isoformat()
            if value.startswith(BODY):
                return bodies[value.removeprefix(BODY)]
            return words.get(value, value)

        return {name: spoken(value) for name, value in said.items()}

    def _paper(self, unit: UnitOfWork) -> list[str]:
        kept = stage_file(
            unit,
            self._desk,
            holder=unit.command.actor.person_id or "demo",
            name="附件.pdf",
            content=sample_paper(),
            media_type="application/pdf",
        )
        unit.session.flush()
        return [str(kept["token"])]


def working_day(today: date, offset: int, calendar: WorkingCalendar) -> date:
    """Return the working day that lies so many working days before today; 0 is today itself."""
    day = today
    for _ in range(-offset):
        day -= timedelta(days=1)
        while not calendar.is_working(day):
            day -= timedelta(days=1)
    return day


def read_answers() -> Mapping[str, Any]:
    """Return what people usually enter in each form of the processes."""
    files = sorted(HERE.glob("answers*.json"))
    return {form: said for file in files for form, said in _read(file.name).items()}


def _scenes() -> list[dict[str, Any]]:
    files = sorted(HERE.glob("scenes*.json"))
    return [scene for file in files for scene in _read(file.name)]


def _read(name: str) -> Any:
    return json.loads((HERE / name).read_text(encoding="utf-8"))


def _people(session: ReadSession, office_id: str) -> dict[str, Actor]:
    logins = list_logins(session, office_id=office_id)
    usernames = {login.person_id: login.username for login in logins}
    people: dict[str, Actor] = {}
    for post in list_posts(session, office_id=office_id):
        people.setdefault(
            usernames[post.person_id],
            Actor(
                kind="person",
                person_id=post.person_id,
                post_id=post.id,
                role=post.role,
                organisation_id=post.organisation_id,
                origin="demo",
            ),
        )
    return people


def _filing_details(filing: Mapping[str, Any]) -> dict[str, Any]:
    office, wanted = _read("office.json"), filing["subject"]
    # A body of the office has records and complaints about it like any other subject.
    bodies = {row["code"]: {**row, "kind": "government_body"} for row in office["organisations"]}
    row = {**bodies, **{row["key"]: row for row in office["subjects"]}}[wanted]
    return {
        "subject_name": row["name"],
        "subject_code": row.get("credit_code") or row["identity_number"],
        "subject_kind": row["kind"],
    }


def _open_task(session: ReadSession, case_id: str, element: str, actor: Actor) -> Task:
    own = [
        row.task_id
        for row in list_case_tasks(session, case_id=case_id)
        if row.element == element
        and row.status == "open"
        and row.organisation_id == actor.organisation_id
    ]
    if not own:
        case = session.get_one(Case, case_id)
        raise CaseworkError(element=element, case=case.number)
    return session.get_one(Task, own[0])


def _items(session: ReadSession, case: Case) -> list[str]:
    if case.record_id is None:
        return []
    current = list_versions(session, record_id=case.record_id)[0]
    return [item["name"] for item in current.content.get("items", [])]


def _form_content(desk: Desk, session: ReadSession, task: Task) -> bytes:
    bundle = desk.bundle(session, task.case.bundle_hash)
    return get_form(bundle, task.form)
