"""Import the standing register of PPP projects: projects, and who answered for which stage (R61).

A line says what a project's page would be told by hand. Nothing that is registered is overwritten:
other values under the same key are reported, and are changed on the project's page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from workflows.models import Organisation, Project, ProjectStage, StageDuty, Tenure
from workflows.services.desk import Desk
from workflows.services.find_case import normal_text
from workflows.services.import_values import Checked, Line, Problem, read_day
from workflows.services.keep_projects import (
    TENURE_ROLES,
    add_duty,
    add_project,
    add_stage,
    add_tenure,
)
from workflows.services.open_case import mask_name
from workflows.services.register_words import TENURE_ROLE_NAMES
from workflows.services.trace_project import FIRST
from workflows.storage.unit_of_work import UnitOfWork

COPIED = ("number", "name", "division_code", "private_party", "private_party_code", "consultants")
"""Columns of a project that are kept as they are written."""
Key = tuple[str, str, str, str, str, str]
"""What tells one tenure from another: project, template, stage, department, role, first day."""


class ProjectImporter:
    """Brings projects into the register; its natural key is the project's number."""

    kind = "projects"
    one_by_one = False
    at_a_time = 200

    def check(self, work: UnitOfWork, desk: Desk, lines: Sequence[Line]) -> list[Checked]:
        """Check each line and compare it with what is registered."""
        bodies = _bodies(work)
        known = _projects(work, (line.text("number") for line in lines))
        return [_check_project(line, bodies, known) for line in lines]

    def apply(self, work: UnitOfWork, desk: Desk, checked: Sequence[Checked]) -> None:
        """Add the new projects."""
        for each in checked:
            add_project(work, entry=each.entry)


@dataclass(frozen=True)
class _TenureEntry:
    """A tenure with the stage and the duty that its line names."""

    project_id: str
    stage: Mapping[str, Any]
    duty: Mapping[str, Any] | None
    tenure: Mapping[str, Any]
    full_name: str


class TenureImporter:
    """Brings stages with their departments' duties and office-holders into projects."""

    kind = "tenures"
    one_by_one = False
    at_a_time = 200

    def check(self, work: UnitOfWork, desk: Desk, lines: Sequence[Line]) -> list[Checked]:
        """Check each line; two first responsible persons of a stage may not overlap."""
        bodies = _bodies(work)
        projects = _projects(work, (line.text("project_number") for line in lines))
        known = _tenures(work, projects.values())
        checked = []
        for line in lines:
            each = _check_tenure(line, bodies, projects, known)
            if not each.problems:
                known.setdefault(_key(line), _row_of(each.entry))
            checked.append(each)
        return checked

    def apply(self, work: UnitOfWork, desk: Desk, checked: Sequence[Checked]) -> None:
        """Add the new tenures, and the stages and duties that are not there yet."""
        for each in checked:
            _add(work, desk, each.entry)


def _bodies(work: UnitOfWork) -> dict[str, str]:
    query = select(Organisation.code, Organisation.id).where(
        Organisation.office_id == work.command.office_id, Organisation.valid_to.is_(None)
    )
    return {code: body_id for code, body_id in work.session.execute(query)}


def _projects(work: UnitOfWork, numbers: Iterable[str]) -> dict[str, Project]:
    wanted = {normal_text(number) for number in numbers}
    query = select(Project).where(
        Project.office_id == work.command.office_id, Project.number.in_(wanted)
    )
    return {row.number: row for row in work.session.scalars(query)}


def _days(
    line: Line, *, needed: Sequence[str], others: Sequence[str]
) -> tuple[dict[str, date | None], list[Problem]]:
    """Return the days of a line by column, with what is wrong with them."""
    days = {name: read_day(line.text(name)) for name in (*needed, *others)}
    wrong = [
        Problem(name, "check.not_a_day")
        for name, day in days.items()
        if day is None and (name in needed or line.text(name))
    ]
    return days, wrong


def _needed(line: Line, *names: str) -> list[Problem]:
    return [Problem(name, "check.required") for name in names if not line.text(name)]


def _check_project(line: Line, bodies: Mapping[str, str], known: Mapping[str, Project]) -> Checked:
    days, wrong = _days(line, needed=("begun_on",), others=("ended_on", "contract_on"))
    problems = [*_needed(line, "number", "name", "division_code"), *wrong]
    code = line.text("coordinator_code")
    if code and code not in bodies:
        problems.append(Problem("coordinator_code", "check.organisation_unknown"))
    begun_on, ended_on = days["begun_on"], days["ended_on"]
    if begun_on and ended_on and ended_on < begun_on:
        problems.append(Problem("ended_on", "check.date_before_start"))
    number = normal_text(line.text("number"))
    entry: dict[str, Any] = {
        **{name: line.text(name) for name in COPIED},
        **days,
        "number": number,
        "contract": line.text("contract"),
        "coordinator_id": bodies.get(code),
    }
    found = known.get(number)
    if found is not None and any(
        getattr(found, name) != entry[name] for name in ("name", "begun_on")
    ):
        problems.append(Problem("number", "import.project_differs"))
    return Checked(
        line=line,
        key=number,
        problems=tuple(problems),
        is_known=found is not None,
        entry=entry,
    )


@dataclass(frozen=True)
class _Row:
    """What is compared of a tenure: the day it ended on, and the name as it is shown."""

    ends_on: date | None
    name: str


def _role(line: Line) -> str:
    text = line.text("role")
    return TENURE_ROLE_NAMES.get(text, text)


def _key(line: Line) -> Key:
    begins = read_day(line.text("valid_from"))
    return (
        normal_text(line.text("project_number")),
        line.text("template"),
        line.text("stage"),
        line.text("department_code"),
        _role(line),
        begins.isoformat() if begins else "",
    )


def _row_of(entry: _TenureEntry) -> _Row:
    return _Row(ends_on=entry.tenure["valid_to"], name=mask_name(entry.full_name))


def _tenures(work: UnitOfWork, projects: Iterable[Project]) -> dict[Key, _Row]:
    numbers = {row.id: row.number for row in projects}
    query = (
        select(Tenure, ProjectStage, Organisation.code)
        .join(ProjectStage, Tenure.stage_id == ProjectStage.id)
        .join(Organisation, Tenure.organisation_id == Organisation.id)
        .where(ProjectStage.project_id.in_(numbers))
    )
    return {
        (
            numbers[stage.project_id],
            stage.template,
            stage.key,
            code,
            row.role,
            row.valid_from.isoformat(),
        ): _Row(ends_on=row.valid_to, name=row.name)
        for row, stage, code in work.session.execute(query)
    }


def _check_tenure(
    line: Line,
    bodies: Mapping[str, str],
    projects: Mapping[str, Project],
    known: Mapping[Key, _Row],
) -> Checked:
    days, wrong = _days(
        line,
        needed=("valid_from",),
        others=("valid_to", "stage_begins_on", "stage_ends_on"),
    )
    problems = [*_needed(line, "template", "stage", "full_name"), *wrong]
    project = projects.get(normal_text(line.text("project_number")))
    if project is None:
        problems.append(Problem("project_number", "check.project_unknown"))
    if line.text("department_code") not in bodies:
        problems.append(Problem("department_code", "check.organisation_unknown"))
    if _role(line) not in TENURE_ROLES:
        problems.append(Problem("role", "check.not_choice"))
    problems += _backwards(days, "valid_from", "valid_to")
    problems += _backwards(days, "stage_begins_on", "stage_ends_on")
    key, found = _key(line), known.get(_key(line))
    if found is not None:
        if found != _Row(ends_on=days["valid_to"], name=mask_name(line.text("full_name"))):
            problems.append(Problem("full_name", "import.tenure_differs"))
    elif not problems and _overlaps(key, days, known):
        problems.append(Problem("valid_from", "check.tenures_overlap"))
    return Checked(
        line=line,
        key="|".join(key),
        problems=tuple(problems),
        is_known=found is not None,
        entry=_entry(line, days, bodies, project) if project is not None else None,
    )


def _backwards(days: Mapping[str, date | None], first: str, last: str) -> list[Problem]:
    one, other = days[first], days[last]
    return [Problem(last, "check.date_before_start")] if one and other and other < one else []


def _overlaps(key: Key, days: Mapping[str, date | None], known: Mapping[Key, _Row]) -> bool:
    """Say whether another first responsible person of the stage held office then."""
    begins, ends = days["valid_from"], days["valid_to"] or date.max
    if key[4] != FIRST or begins is None:
        return False
    return any(
        other[:3] == key[:3]
        and other[4] == FIRST
        and date.fromisoformat(other[5]) <= ends
        and begins <= (row.ends_on or date.max)
        for other, row in known.items()
    )


def _entry(
    line: Line, days: Mapping[str, date | None], bodies: Mapping[str, str], project: Project
) -> _TenureEntry:
    department = bodies.get(line.text("department_code"), "")
    duty = {
        "organisation_id": department,
        "duty": line.text("duty"),
        "standard": line.text("standard"),
    }
    return _TenureEntry(
        project_id=project.id,
        stage={
            "template": line.text("template"),
            "key": line.text("stage"),
            "begins_on": days["stage_begins_on"],
            "ends_on": days["stage_ends_on"],
        },
        duty=duty if line.text("duty") else None,
        tenure={
            "organisation_id": department,
            "role": _role(line),
            "post": line.text("post"),
            "valid_from": days["valid_from"],
            "valid_to": days["valid_to"],
        },
        full_name=line.text("full_name"),
    )


def _add(work: UnitOfWork, desk: Desk, entry: _TenureEntry) -> None:
    stage = select(ProjectStage.id).where(
        ProjectStage.project_id == entry.project_id,
        ProjectStage.template == entry.stage["template"],
        ProjectStage.key == entry.stage["key"],
    )
    stage_id = work.session.scalars(stage).first()
    if stage_id is None:
        added = add_stage(work, project_id=entry.project_id, entry=entry.stage)
        stage_id = str(added["id"])
    if entry.duty is not None and not _has_duty(work, stage_id, entry.duty):
        add_duty(work, stage_id=stage_id, entry=entry.duty)
    add_tenure(work, desk, stage_id=stage_id, full_name=entry.full_name, entry=entry.tenure)


def _has_duty(work: UnitOfWork, stage_id: str, duty: Mapping[str, Any]) -> bool:
    query = select(StageDuty.id).where(
        StageDuty.stage_id == stage_id,
        StageDuty.organisation_id == duty["organisation_id"],
        StageDuty.duty == duty["duty"],
    )
    return work.session.scalars(query).first() is not None
