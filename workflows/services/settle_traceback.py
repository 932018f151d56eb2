"""Keep what a traceback found and determined: the frozen matrix, the roles, the rows (R66, N29)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, select

from workflows.errors import NotFound
from workflows.models import Case, Tenure, TracebackFinding
from workflows.services.desk import Desk
from workflows.storage.unit_of_work import UnitOfWork

MATRIX, ANALYSIS, TOLERATED, PROJECT = "matrix", "analysis", "tolerated", "project_id"
DEPARTMENT, PERSON = "org", "person"
ROLES = ("main", "secondary", "leading", "direct", "oversight")
DETERMINED, DROPPED = "determined", "dropped"


def keep_in_case(case: Case, **facts: Any) -> None:
    """Note facts of the traceback in its case; the mapping is replaced so that it is saved."""
    case.flags = {**case.flags, **facts}


def list_parties(matrix: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return every party of the matrix: ``org:<stage>:<body>`` and ``person:<tenure>``."""
    found: dict[str, dict[str, Any]] = {}
    for stage in matrix.get("stages", ()):
        for body in stage["departments"]:
            facts = {"kind": DEPARTMENT, "stage": stage, "organisation_id": body["id"]}
            found[f"{DEPARTMENT}:{stage['id']}:{body['id']}"] = facts
        for person in stage["persons"]:
            facts = {
                "kind": PERSON,
                "stage": stage,
                "organisation_id": person["organisation_id"],
                "person": person,
            }
            found[f"{PERSON}:{person['id']}"] = facts
    return found


def list_determined(case: Case) -> list[dict[str, Any]]:
    """Return the parties of the analysis that tolerance has not taken out (R27)."""
    spared = set(case.flags.get(TOLERATED) or ())
    return [row for row in case.flags.get(ANALYSIS) or () if row["party"] not in spared]


def bodies_of(case: Case, rows: Iterable[Mapping[str, Any]], *, only_own: bool) -> list[str]:
    """Return the departments of the rows, each once; of persons too unless ``only_own``."""
    parties = list_parties(case.flags.get(MATRIX) or {})
    found = (parties[row["party"]] for row in rows if row["party"] in parties)
    wanted = (each for each in found if each["kind"] == DEPARTMENT or not only_own)
    return list(dict.fromkeys(str(each["organisation_id"]) for each in wanted))


def write_findings(work: UnitOfWork, *, case: Case, status: str) -> list[TracebackFinding]:
    """Write what was determined, or dropped, as rows of the register; writing again replaces."""
    work.session.execute(delete(TracebackFinding).where(TracebackFinding.case_id == case.id))
    parties = list_parties(case.flags.get(MATRIX) or {})
    acted_on = (case.flags.get(MATRIX) or {}).get("acted_from") or None
    rows = []
    for row in list_determined(case):
        party = parties[row["party"]]
        person = party.get("person")
        rows.append(
            TracebackFinding(
                office_id=case.office_id,
                case_id=case.id,
                stage_id=party["stage"]["id"],
                organisation_id=party["organisation_id"],
                tenure_id=person["id"] if person else None,
                role=row["role"],
                rank=row["rank"],
                act=row["evidence"],
                acted_on=_day(acted_on),
                evidence={"words": row["evidence"]},
                status=status,
            )
        )
    work.session.add_all(rows)
    work.session.flush()
    return rows


def names_in_office(work: UnitOfWork, desk: Desk, *, tenure_ids: Sequence[str]) -> set[str]:
    """Return the full names of office-holders, to keep them out of the meeting (E, 回避)."""
    query = select(Tenure).where(Tenure.id.in_(tenure_ids))
    found = (
        desk.vault.open(work.session, owner_id=row.id, value=row.full_name)
        for row in work.session.scalars(query)
        if row.full_name is not None
    )
    return {name.strip() for name in found if name.strip()}


def get_matrix(case: Case) -> Mapping[str, Any]:
    """Return the frozen matrix. Raises NotFound before it is made."""
    matrix: Mapping[str, Any] | None = case.flags.get(MATRIX)
    if matrix is None:
        raise NotFound("error.matrix_missing")
    return matrix


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
