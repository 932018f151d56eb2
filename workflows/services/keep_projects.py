"""Keep the standing register of PPP projects before anything goes wrong (R61, R65, R72, R81).

A row is added, a tenure is ended; nothing is overwritten but what must be disclosed of a project.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from workflows.errors import Conflict, InvalidAnswer, NotFound
from workflows.models import (
    Artefact,
    Handover,
    Organisation,
    Project,
    ProjectStage,
    StageDuty,
    Tenure,
    new_id,
)
from workflows.services.desk import Desk
from workflows.services.keep_subjects import check_may_enter
from workflows.services.open_case import mask_name
from workflows.services.read_project import get_project
from workflows.services.trace_project import FIRST
from workflows.storage.unit_of_work import UnitOfWork

TENURE_ROLES = (FIRST, "lead", "handler")
PAPER_KINDS = ("plan", "report", "data", "decision")
DISCLOSED = ("consultants", "private_party", "contract", "contract_on")


def add_project(work: UnitOfWork, *, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Enter a project and return its id. Raises InvalidAnswer for what is missing or taken."""
    check_may_enter(work)
    office_id = work.command.office_id
    _need(entry, "number", "name", "division_code", "begun_on")
    _check_order(entry, "begun_on", "ended_on")
    taken = select(Project.id).where(
        Project.office_id == office_id, Project.number == str(entry["number"]).strip()
    )
    if work.session.scalars(taken).first() is not None:
        raise InvalidAnswer(fields={"number": ["check.project_number_taken"]})
    if entry.get("coordinator_id"):
        _get_body(work, str(entry["coordinator_id"]))
    row = Project(id=new_id(), office_id=office_id, **entry)
    return _added(work, row, "project_entered", number=row.number)


def add_stage(work: UnitOfWork, *, project_id: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Enter a stage under the template that named it; one that was skipped is marked so."""
    check_may_enter(work)
    project = get_project(work.session, office_id=work.command.office_id, project_id=project_id)
    _need(entry, "key", "template")
    _check_order(entry, "begins_on", "ends_on")
    known = select(ProjectStage).where(ProjectStage.project_id == project.id)
    rows = work.session.scalars(known).all()
    if any((row.template, row.key) == (entry["template"], entry["key"]) for row in rows):
        raise InvalidAnswer(fields={"key": ["check.stage_taken"]})
    seq = max((row.seq for row in rows), default=0) + 1
    row = ProjectStage(
        id=new_id(), office_id=project.office_id, project_id=project.id, **{"seq": seq, **entry}
    )
    return _added(work, row, "project_stage_entered", number=project.number)


def add_duty(work: UnitOfWork, *, stage_id: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Enter what a department has to do in a stage, and by which standard (R61)."""
    stage = _get_stage(work, stage_id)
    _need(entry, "organisation_id", "duty")
    _get_body(work, str(entry["organisation_id"]))
    row = StageDuty(id=new_id(), office_id=stage.office_id, stage_id=stage.id, **entry)
    return _added(work, row, "project_duty_entered")


def add_tenure(
    work: UnitOfWork, desk: Desk, *, stage_id: str, full_name: str, entry: Mapping[str, Any]
) -> dict[str, Any]:
    """Enter an office-holder: shown masked, the full name sealed (E).

    Raises InvalidAnswer where two first responsible persons would overlap: there is one at a time.
    """
    stage = _get_stage(work, stage_id)
    _need({**entry, "full_name": full_name}, "organisation_id", "role", "valid_from", "full_name")
    _check_order(entry, "valid_from", "valid_to")
    if entry["role"] not in TENURE_ROLES:
        raise InvalidAnswer(fields={"role": ["check.not_choice"]})
    _get_body(work, str(entry["organisation_id"]))
    if entry["role"] == FIRST:
        _check_alone(work, stage, begins=entry["valid_from"], ends=entry.get("valid_to"))
    row = Tenure(
        id=new_id(),
        office_id=stage.office_id,
        stage_id=stage.id,
        name=mask_name(full_name),
        **entry,
    )
    row.full_name = desk.vault.seal(
        work, office_id=stage.office_id, owner_id=row.id, text=full_name.strip()
    )
    return _added(work, row, "project_tenure_entered")


def end_tenure(work: UnitOfWork, *, tenure_id: str, ended_on: date) -> dict[str, Any]:
    """End a tenure on a day; the responsibility for what was done in it goes on (R77)."""
    check_may_enter(work)
    row = work.session.get(Tenure, tenure_id)
    if row is None or row.office_id != work.command.office_id:
        raise NotFound("error.tenure_not_found")
    if row.valid_to is not None and row.valid_to != ended_on:
        raise Conflict("error.tenure_ended")
    if ended_on < row.valid_from:
        raise InvalidAnswer(fields={"valid_to": ["check.date_before_start"]})
    row.valid_to = ended_on
    work.record("project_tenure_ended", case_id=None, tenure=row.id, ended_on=ended_on.isoformat())
    return {"id": row.id}


def add_paper(work: UnitOfWork, *, stage_id: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Enter a plan, report, data set or decision; whoever issued it answers for it (R61)."""
    stage = _get_stage(work, stage_id)
    _need(entry, "kind", "title", "issuer_id", "dated_on")
    if entry["kind"] not in PAPER_KINDS:
        raise InvalidAnswer(fields={"kind": ["check.not_choice"]})
    _get_body(work, str(entry["issuer_id"]))
    if entry.get("signer_id"):
        _get_tenure(work, stage, str(entry["signer_id"]), "signer_id")
    row = Artefact(id=new_id(), office_id=stage.office_id, stage_id=stage.id, **entry)
    return _added(work, row, "project_paper_entered")


def add_handover(work: UnitOfWork, *, stage_id: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Enter what one office-holder handed to the next (R81)."""
    stage = _get_stage(work, stage_id)
    _need(entry, "from_tenure_id", "to_tenure_id", "handed_on")
    one = _get_tenure(work, stage, str(entry["from_tenure_id"]), "from_tenure_id")
    other = _get_tenure(work, stage, str(entry["to_tenure_id"]), "to_tenure_id")
    if one.id == other.id or one.valid_from > other.valid_from:
        raise InvalidAnswer(fields={"to_tenure_id": ["check.handover_backwards"]})
    row = Handover(id=new_id(), office_id=stage.office_id, stage_id=stage.id, **entry)
    return _added(work, row, "project_handover_entered")


def update_disclosure(
    work: UnitOfWork, *, project_id: str, changes: Mapping[str, Any]
) -> dict[str, Any]:
    """Bring up to date what must be disclosed of a project: who advised, won, signed (R72)."""
    project = get_project(work.session, office_id=work.command.office_id, project_id=project_id)
    for name in DISCLOSED:
        if changes.get(name):
            setattr(project, name, changes[name])
    work.record("project_disclosed", case_id=None, number=project.number)
    return {"id": project.id}


def _added(work: UnitOfWork, row: Any, event: str, **facts: Any) -> dict[str, Any]:
    work.session.add(row)
    work.session.flush()
    work.record(event, case_id=None, row=row.id, **facts)
    return {"id": row.id}


def _need(entry: Mapping[str, Any], *names: str) -> None:
    missing = {name: ["check.required"] for name in names if not str(entry.get(name) or "").strip()}
    if missing:
        raise InvalidAnswer(fields=missing)


def _check_order(entry: Mapping[str, Any], first: str, last: str) -> None:
    if entry.get(first) and entry.get(last) and entry[last] < entry[first]:
        raise InvalidAnswer(fields={last: ["check.date_before_start"]})


def _check_alone(work: UnitOfWork, stage: ProjectStage, *, begins: date, ends: date | None) -> None:
    query = select(Tenure).where(Tenure.stage_id == stage.id, Tenure.role == FIRST)
    for row in work.session.scalars(query):
        if row.valid_from <= (ends or date.max) and begins <= (row.valid_to or date.max):
            raise InvalidAnswer(fields={"valid_from": ["check.tenures_overlap"]})


def _get_stage(work: UnitOfWork, stage_id: str) -> ProjectStage:
    check_may_enter(work)
    row = work.session.get(ProjectStage, stage_id)
    if row is None or row.office_id != work.command.office_id:
        raise NotFound("error.stage_not_found")
    return row


def _get_body(work: UnitOfWork, body_id: str) -> Organisation:
    row = work.session.get(Organisation, body_id)
    if row is None or row.office_id != work.command.office_id:
        raise InvalidAnswer(fields={"organisation_id": ["check.organisation_unknown"]})
    return row


def _get_tenure(work: UnitOfWork, stage: ProjectStage, tenure_id: str, field: str) -> Tenure:
    row = work.session.get(Tenure, tenure_id)
    if row is None or row.stage_id != stage.id:
        raise InvalidAnswer(fields={field: ["check.not_choice"]})
    return row
