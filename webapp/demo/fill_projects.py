"""Show a PPP project in the register: six stages, changes of office-holders, one gap among them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from workflows.services.desk import Desk
from workflows.services.keep_projects import (
    add_duty,
    add_handover,
    add_paper,
    add_project,
    add_stage,
    add_tenure,
)
from workflows.services.read_people import list_bodies
from workflows.storage.unit_of_work import UnitOfWork

DATA = Path(__file__).with_name("projects.json")
PLAIN = ("number", "name", "division_code", "private_party", "private_party_code", "consultants")


def add_demo_projects(
    work: UnitOfWork, desk: Desk, *, data: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """Enter the projects of the demo, or those given, as an officer would; return their ids."""
    rows = data if data is not None else json.loads(DATA.read_text(encoding="utf-8"))
    found = list_bodies(work.session, office_id=work.command.office_id)
    bodies = {body.code: body.id for body in found}
    return {row["number"]: _add(work, desk, row, bodies) for row in rows}


def _add(work: UnitOfWork, desk: Desk, row: Mapping[str, Any], bodies: Mapping[str, str]) -> str:
    entry = {
        **{name: row[name] for name in PLAIN},
        "contract": row["contract"],
        "contract_on": _day(row["contract_on"]),
        "amount": row["amount"],
        "begun_on": _day(row["begun_on"]),
        "coordinator_id": bodies[row["coordinator"]],
    }
    project_id = str(add_project(work, entry=entry)["id"])
    for stage in row["stages"]:
        _add_stage(work, desk, project_id, stage, bodies)
    return project_id


def _add_stage(
    work: UnitOfWork,
    desk: Desk,
    project_id: str,
    stage: Mapping[str, Any],
    bodies: Mapping[str, str],
) -> None:
    entry = {
        "template": stage["template"],
        "key": stage["key"],
        "lead_id": bodies[stage["lead"]],
        "begins_on": _day(stage["begins_on"]),
        "ends_on": _day(stage.get("ends_on")),
        "is_performed": stage.get("is_performed", True),
    }
    stage_id = str(add_stage(work, project_id=project_id, entry=entry)["id"])
    for body, duty, standard in stage["duties"]:
        entry = {"organisation_id": bodies[body], "duty": duty, "standard": standard}
        add_duty(work, stage_id=stage_id, entry=entry)
    people = [_add_tenure(work, desk, stage_id, row, bodies) for row in stage["tenures"]]
    for kind, step, title, issuer, signer, on in stage["papers"]:
        paper = {
            "kind": kind,
            "step": step,
            "title": title,
            "issuer_id": bodies[issuer],
            "signer_id": None if signer is None else people[signer],
            "dated_on": _day(on),
            "file_hash": "" if signer is None else hashlib.sha256(title.encode()).hexdigest(),
        }
        add_paper(work, stage_id=stage_id, entry=paper)
    for one, other, on, open_commitments, known_risks, is_signed in stage.get("handovers", ()):
        handed = {
            "from_tenure_id": people[one],
            "to_tenure_id": people[other],
            "handed_on": _day(on),
            "open_commitments": open_commitments,
            "known_risks": known_risks,
            "is_signed": is_signed,
        }
        add_handover(work, stage_id=stage_id, entry=handed)


def _add_tenure(
    work: UnitOfWork, desk: Desk, stage_id: str, row: list[Any], bodies: Mapping[str, str]
) -> str:
    role, body, post, name, begins, ends = row
    entry = {
        "organisation_id": bodies[body],
        "role": role,
        "post": post,
        "employer_id": bodies[body],
        "valid_from": _day(begins),
        "valid_to": _day(ends),
    }
    return str(add_tenure(work, desk, stage_id=stage_id, full_name=name, entry=entry)["id"])


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
