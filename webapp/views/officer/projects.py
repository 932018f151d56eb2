"""The standing register of PPP projects: search, one project over time, and new rows (R61, R81)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from webapp.current import actor, desk, office, reads, run, today
from webapp.presenters.project_picture import draw_time
from webapp.texts import t
from webapp.views.admin.returned import UNTOUCHED, Returned
from webapp.views.officer.door import pages
from webapp.views.officer.register_pages import (
    draw,
    posted,
    posted_day,
    posted_day_or_none,
    submit,
)
from workflows.errors import InvalidAnswer
from workflows.services.keep_projects import (
    PAPER_KINDS,
    TENURE_ROLES,
    add_duty,
    add_handover,
    add_paper,
    add_project,
    add_stage,
    add_tenure,
    end_tenure,
)
from workflows.services.read_people import list_bodies
from workflows.services.read_project import (
    STAGES,
    STEPS,
    get_project,
    list_cases_of,
    list_projects,
    load_register,
)
from workflows.services.trace_project import list_gaps, list_missing_handovers
from workflows.storage.unit_of_work import UnitOfWork

CENTS = 100
Work = Callable[[UnitOfWork], Mapping[str, Any]]


@pages.get("/registers/projects")
def projects() -> str:
    """Show the projects that the search finds, and the form for a new one."""
    return _list(UNTOUCHED)


@pages.post("/registers/projects")
def enter_project() -> Response | tuple[str, int]:
    """Enter a project."""

    def act() -> Mapping[str, Any]:
        names = ("number", "name", "division_code", "private_party", "private_party_code")
        entry = {
            **{name: posted(name) for name in (*names, "consultants", "contract")},
            "coordinator_id": posted("coordinator_id") or None,
            "contract_on": posted_day_or_none("contract_on"),
            "begun_on": posted_day("begun_on"),
            "ended_on": posted_day_or_none("ended_on"),
            "amount": _cents("amount"),
        }
        return run("add_project", lambda work: add_project(work, entry=entry))

    return submit(
        act,
        done="projects.entered",
        where=lambda result: url_for("officer.project", project_id=result["id"]),
        again=_list,
    )


@pages.get("/registers/projects/<project_id>")
def project(project_id: str) -> str:
    """Show a project: its stages over time, who answered for them, and what is missing."""
    return _project(project_id, UNTOUCHED)


@pages.post("/registers/projects/<project_id>")
def enter_project_row(project_id: str) -> Response | tuple[str, int]:
    """Enter a stage, duty, office-holder, paper or handover, or end a tenure."""
    get_project(reads(), office_id=office().id, project_id=project_id)
    what = posted("place")

    def act() -> Mapping[str, Any]:
        maker = ROWS.get(what)
        if maker is None:
            raise InvalidAnswer("error.page_not_found")
        return run(f"add_{what}", maker(project_id))

    return submit(
        act,
        done="projects.row_entered",
        where=lambda _: url_for("officer.project", project_id=project_id),
        again=lambda returned: _project(project_id, returned),
    )


def _list(returned: Returned) -> str:
    text = request.args.get("q", "").strip()
    return draw(
        "projects.html",
        section="projects",
        returned=returned,
        wanted=text,
        rows=list_projects(reads(), office_id=office().id, text=text),
        bodies=_bodies(),
    )


def _project(project_id: str, returned: Returned) -> str:
    register = load_register(reads(), office_id=office().id, project_id=project_id)
    found = register.project
    rules = desk().rules(reads(), office().id)
    templates = rules.list_all(STAGES)
    steps = rules.find(STEPS, division=found.division_code, on=today())
    return draw(
        "project.html",
        section="projects",
        returned=returned,
        register=register,
        project=found,
        picture=draw_time(register, today=today()),
        gaps=[each for row in register.stages for each in list_gaps(register, row, until=today())],
        handovers_missing=[
            (row, one, other)
            for row in register.stages
            for one, other in list_missing_handovers(register, row)
        ],
        names={row.id: row.key for row in register.stages},
        cases=list_cases_of(reads(), office_id=office().id, project_id=found.id, actor=actor()),
        bodies=_bodies(),
        stages=[(row.id, row.key) for row in register.stages],
        template_choices=[(each, each) for each in sorted({rule.pack_id for rule in templates})],
        tenures=[(row.id, f"{row.post} {row.name}") for row in register.tenures],
        step_choices=[("", "—"), *_worded("rule.choice", steps.value if steps else ())],
        role_choices=_worded("projects.role", TENURE_ROLES),
        kind_choices=_worded("projects.kind", PAPER_KINDS),
    )


def _worded(family: str, keys: Iterable[str]) -> list[tuple[str, str]]:
    return [(key, t(f"{family}.{key}")) for key in keys]


def _bodies() -> list[tuple[str, str]]:
    return [(row.id, row.name) for row in list_bodies(reads(), office_id=office().id)]


def _cents(name: str) -> int | None:
    """Return a posted amount of yuan in cents."""
    text = posted(name).replace(",", "")
    if not text:
        return None
    try:
        return int(Decimal(text) * CENTS)
    except (InvalidOperation, ValueError) as problem:
        raise InvalidAnswer(fields={name: ["check.not_a_number"]}) from problem


def _stage(project_id: str) -> Work:
    entry = {
        "key": posted("key"),
        "template": posted("template"),
        "lead_id": posted("lead_id") or None,
        "begins_on": posted_day_or_none("begins_on"),
        "ends_on": posted_day_or_none("ends_on"),
        "is_performed": posted("is_performed") != "no",
        "remark": posted("remark"),
    }
    return lambda work: add_stage(work, project_id=project_id, entry=entry)


def _duty(project_id: str) -> Work:
    entry = {name: posted(name) for name in ("organisation_id", "duty", "standard")}
    stage_id = posted("stage_id")
    return lambda work: add_duty(work, stage_id=stage_id, entry=entry)


def _tenure(project_id: str) -> Work:
    entry = {
        "organisation_id": posted("organisation_id"),
        "role": posted("role"),
        "post": posted("post"),
        "employer_id": posted("organisation_id"),
        "valid_from": posted_day("valid_from"),
        "valid_to": posted_day_or_none("valid_to"),
    }
    stage_id, full_name = posted("stage_id"), posted("full_name")
    return lambda work: add_tenure(
        work, desk(), stage_id=stage_id, full_name=full_name, entry=entry
    )


def _tenure_end(project_id: str) -> Work:
    tenure_id, ended_on = posted("tenure_id"), posted_day("valid_to")
    return lambda work: end_tenure(work, tenure_id=tenure_id, ended_on=ended_on)


def _paper(project_id: str) -> Work:
    entry = {
        "kind": posted("kind"),
        "step": posted("step"),
        "title": posted("title"),
        "issuer_id": posted("issuer_id"),
        "signer_id": posted("signer_id") or None,
        "dated_on": posted_day("dated_on"),
        "file_hash": posted("file_hash"),
    }
    stage_id = posted("stage_id")
    return lambda work: add_paper(work, stage_id=stage_id, entry=entry)


def _handover(project_id: str) -> Work:
    entry = {
        "from_tenure_id": posted("from_tenure_id"),
        "to_tenure_id": posted("to_tenure_id"),
        "handed_on": posted_day("handed_on"),
        "open_commitments": posted("open_commitments"),
        "known_risks": posted("known_risks"),
        "is_signed": posted("is_signed") == "yes",
    }
    stage_id = posted("stage_id")
    return lambda work: add_handover(work, stage_id=stage_id, entry=entry)


ROWS: Mapping[str, Callable[[str], Work]] = {
    "stage": _stage,
    "duty": _duty,
    "tenure": _tenure,
    "tenure_end": _tenure_end,
    "paper": _paper,
    "handover": _handover,
}
