"""Read cases for the command line: where they stand and nothing that names a person (N23)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.models import Case, CaseClock, Incident, Task


@dataclass(frozen=True)
class CaseLine:
    """One case in a list: its number, where it stands, when its reply is due."""

    number: str
    status: str
    stage: str
    due_on: date | None


@dataclass(frozen=True)
class CaseOverview:
    """One case with its clocks, open work and open incidents."""

    case: Case
    clocks: tuple[CaseClock, ...]
    tasks: tuple[Task, ...]
    incidents: tuple[Incident, ...]


def list_case_lines(session: Session, *, only_open: bool) -> list[CaseLine]:
    """Return the cases of this installation, the nearest reply date first."""
    query = (
        select(Case.number, Case.status, Case.stage, CaseClock.due_on)
        .outerjoin(CaseClock, (CaseClock.case_id == Case.id) & (CaseClock.name == "reply"))
        .order_by(CaseClock.due_on, Case.number)
    )
    if only_open:
        query = query.where(Case.status == "open")
    return [CaseLine(**row._mapping) for row in session.execute(query)]


def find_overview(session: Session, *, number: str) -> CaseOverview | None:
    """Return the case of that number with what runs in it, or None."""
    case = session.scalars(select(Case).where(Case.number == number.strip())).first()
    if case is None:
        return None
    clocks = select(CaseClock).where(CaseClock.case_id == case.id).order_by(CaseClock.started_at)
    tasks = select(Task).where(Task.case_id == case.id, Task.status == "open")
    incidents = select(Incident).where(Incident.case_id == case.id, Incident.status == "open")
    return CaseOverview(
        case=case,
        clocks=tuple(session.scalars(clocks)),
        tasks=tuple(session.scalars(tasks.order_by(Task.due_on, Task.opened_at))),
        incidents=tuple(session.scalars(incidents.order_by(Incident.opened_at))),
    )
