"""Play one traceback in the demo, up to the joint analysis: its chain can be looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from webapp.demo.fill_projects import add_demo_projects
from webapp.demo.play_cases import PHONE, read_answers
from webapp.forms import parse_form, variables
from workflows.engine.process_facts import get_form
from workflows.errors import NotFound
from workflows.events import Actor, Command
from workflows.models import Case, Task
from workflows.services.desk import Desk
from workflows.services.list_tasks import list_case_tasks
from workflows.services.open_case import Filing, open_case
from workflows.services.read_people import list_bodies, list_logins, list_posts
from workflows.services.work_on_task import complete_task
from workflows.storage.databases import Sessions
from workflows.storage.reading import read_session
from workflows.storage.unit_of_work import UnitOfWork

KIND = "ppp_traceback"
# The steps played, each by whom: the departments answer in the order of their tasks.
STEPS = (
    ("wangmin", "task_register_event"),
    ("wangmin", "task_preliminary_check"),
    ("gaoyuan", "task_department_statement"),
    ("majun", "task_department_statement"),
)
Work = Callable[[UnitOfWork], Mapping[str, Any] | None]


def fill_projects(sessions: Sessions, desk: Desk, *, office_id: str, now: datetime) -> None:
    """Enter the demo's project and play its case once; what is there already is left alone."""
    people = _people(sessions, office_id)

    def run(act: str, who: str, work: Work) -> dict[str, Any]:
        command = Command(
            id=f"demo-traceback:{act}",
            name="play_traceback",
            actor=people[who],
            now=now,
            office_id=office_id,
        )
        return desk.bus.run(command, work)

    projects = run("projects", "wangmin", lambda work: add_demo_projects(work, desk))
    with read_session(sessions) as session:
        lead = list_bodies(session, office_id=office_id, kind="lead")[0].id
    filing = _filing(lead)
    case_id = str(
        run("case", "qianyu", lambda work: open_case(work, desk, filing=filing))["case_id"]
    )
    chosen = {"project": next(iter(projects.values())), "coordinators": [lead]}
    for number, (who, element) in enumerate(STEPS):
        run(str(number), who, _step(desk, case_id, element, people[who], chosen))


def _filing(lead: str) -> Filing:
    return Filing(
        kind=KIND,
        channel="window",
        subject_name="通化清源水务有限公司",
        subject_code="",
        subject_kind="enterprise",
        record_number="",
        receiving_organisation_id=lead,
        party_role="reporter",
        contact_name="周航",
        contact_phone=PHONE,
        content={"project_said": "柳林开发区污水处理项目", "statement": "两期补助没有支付。"},
    )


def _step(desk: Desk, case_id: str, element: str, actor: Actor, chosen: Mapping[str, Any]) -> Work:
    def work(unit: UnitOfWork) -> Mapping[str, Any] | None:
        own = [
            row.task_id
            for row in list_case_tasks(unit.session, case_id=case_id)
            if (row.element, row.status) == (element, "open")
            and row.organisation_id == actor.organisation_id
        ]
        if not own:
            # Played before: refused, and the command answers with what it did then.
            raise NotFound("error.task_not_found")
        task = unit.session.get_one(Task, own[0])
        case = unit.session.get_one(Case, case_id)
        content = {**read_answers()[task.form]}
        if task.form == "register_event":
            content.update(chosen)
        form = get_form(desk.bundle(unit.session, case.bundle_hash), task.form)
        return complete_task(
            unit,
            desk,
            task_id=task.id,
            content=content,
            variables=variables(parse_form(form), content),
        )

    return work


def _people(sessions: Sessions, office_id: str) -> dict[str, Actor]:
    with read_session(sessions) as session:
        names = {
            login.person_id: login.username for login in list_logins(session, office_id=office_id)
        }
        posts = list_posts(session, office_id=office_id)
    return {
        names[post.person_id]: Actor(
            kind="person",
            person_id=post.person_id,
            post_id=post.id,
            role=post.role,
            organisation_id=post.organisation_id,
            origin="demo",
        )
        for post in reversed(posts)
    }
