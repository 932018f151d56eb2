"""Which bodies play a part in a case beside the one that handles it: who rectifies, who verifies.

A step says with ``jiannuo:body`` whose post does it. A part that nobody of the office plays (a
company rectifies) falls to the office that holds the case, which enters what comes in on paper (E).
"""

from __future__ import annotations

from sqlalchemy import select

from workflows.models import Case, Organisation, Task
from workflows.storage.unit_of_work import UnitOfWork

BODIES = "bodies"


def body_of_part(case: Case, part: str) -> str:
    """Return the id of the body that plays this part, or an empty text."""
    return str(case.flags.get(BODIES, {}).get(part) or "")


def name_body(case: Case, part: str, body_id: str) -> None:
    """Let a body play this part from now on."""
    case.flags = {**case.flags, BODIES: {**case.flags.get(BODIES, {}), part: body_id}}


def find_body_of_subject(work: UnitOfWork, case: Case) -> Organisation | None:
    """Return the body of the office that is the subject of the case, or None."""
    code = case.subject.credit_code
    if not code:
        return None
    query = select(Organisation).where(
        Organisation.office_id == case.office_id,
        Organisation.credit_code == code,
        Organisation.valid_to.is_(None),
    )
    return work.session.scalars(query).first()


def hand_over_tasks(work: UnitOfWork, *, case: Case, from_id: str, to_id: str) -> int:
    """Move a body's open work to its successor and return how many tasks moved."""
    query = select(Task).where(
        Task.case_id == case.id,
        Task.status == "open",
        Task.role == "department_officer",
        Task.organisation_id == from_id,
    )
    tasks = list(work.session.scalars(query))
    for task in tasks:
        task.organisation_id = to_id
        task.owner_id = None
        task.claimed_at = None
    return len(tasks)
