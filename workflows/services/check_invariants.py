"""What must hold in every office at every instant, asked of the rows themselves.

A simulation, a crash test and an operator ask the same questions; each names the cases that break.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from workflows.engine.blueprint import blueprint
from workflows.models import (
    Case,
    CaseClock,
    CommandRecord,
    CreditRecord,
    InboundMessage,
    Incident,
    Outbox,
    Sanction,
    Task,
    Timer,
)
from workflows.services.desk import Desk
from workflows.storage.audit import broken_entries

ERRORS = ("correct", "revoke", "partly")


@dataclass(frozen=True)
class Invariant:
    """One thing that must hold, and the ids of whatever breaks it."""

    name: str
    broken: tuple[str, ...]


def check_invariants(session: Session, desk: Desk, *, office_id: str) -> list[Invariant]:
    """Return every invariant with what breaks it; all of them empty is a sound office."""
    queries: dict[str, Callable[[str], Select[str]]] = {
        "closed_case_has_open_work": _closed_with_open_work,
        "task_done_twice": _tasks_done_twice,
        "timer_waits_in_closed_case": _timers_of_closed,
        "error_closed_without_receipt": _closed_without_receipt,
        "error_closed_with_sanction": _closed_with_sanction,
    }
    checks = [
        Invariant(name, tuple(session.scalars(query(office_id)))) for name, query in queries.items()
    ]
    stuck = _stuck_cases(session, desk, office_id=office_id)
    broken = [f"{stream}#{seq}" for stream, seq in broken_entries(session, office_id=office_id)]
    return [
        *checks,
        Invariant("open_case_waits_for_nothing", tuple(stuck)),
        Invariant("audit_chain_broken", tuple(broken)),
    ]


def _closed_with_open_work(office_id: str) -> Select[str]:
    has_task = exists().where(Task.case_id == Case.id, Task.status == "open")
    has_clock = exists().where(CaseClock.case_id == Case.id, CaseClock.status != "stopped")
    return select(Case.id).where(
        Case.office_id == office_id, Case.status == "closed", or_(has_task, has_clock)
    )


def _tasks_done_twice(office_id: str) -> Select[str]:
    """Count the commands that say they completed a task; their results name it."""
    task_id = CommandRecord.result["task_id"].as_string()
    return (
        select(task_id)
        .where(CommandRecord.office_id == office_id, CommandRecord.name == "complete_task")
        .group_by(task_id)
        .having(func.count() > 1)
    )


def _timers_of_closed(office_id: str) -> Select[str]:
    return (
        select(Timer.id)
        .join(Case, Case.id == Timer.case_id)
        .where(Case.office_id == office_id, Case.status == "closed", Timer.status == "waiting")
    )


def _closed_without_receipt(office_id: str) -> Select[str]:
    """Find cases that closed on an error the province has not acknowledged (R4)."""
    reported = exists().where(Outbox.case_id == Case.id, Outbox.kind == "province_report")
    acknowledged = exists().where(
        InboundMessage.case_id == Case.id,
        InboundMessage.kind == "report_acknowledged",
        InboundMessage.result == "delivered",
    )
    return select(Case.id).where(
        Case.office_id == office_id,
        Case.status == "closed",
        Case.finding.in_(ERRORS),
        reported,
        ~acknowledged,
    )


def _closed_with_sanction(office_id: str) -> Select[str]:
    """Find cases that closed on a revoked record of which a sanction is still in force (R5)."""
    in_force = exists().where(Sanction.record_id == Case.record_id, Sanction.status == "in_force")
    return (
        select(Case.id)
        .join(CreditRecord, CreditRecord.id == Case.record_id)
        .where(
            Case.office_id == office_id,
            Case.status == "closed",
            Case.finding.in_(ERRORS),
            in_force,
        )
    )


def _stuck_cases(session: Session, desk: Desk, *, office_id: str) -> list[str]:
    """Find open cases that no task, timer, message or incident will ever move."""
    has_task = exists().where(Task.case_id == Case.id, Task.status == "open")
    has_timer = exists().where(
        Timer.case_id == Case.id, Timer.status == "waiting", Timer.due_at.is_not(None)
    )
    has_incident = exists().where(Incident.case_id == Case.id, Incident.status == "open")
    suspects = select(Case.id, Case.bundle_hash, Case.engine_state).where(
        Case.office_id == office_id,
        Case.status == "open",
        and_(~has_task, ~has_timer, ~has_incident),
    )
    return [row.id for row in session.execute(suspects) if not _awaits_message(session, desk, row)]


def _awaits_message(session: Session, desk: Desk, row: Any) -> bool:
    """Say whether the case stands at a message; one that may only interrupt it does not count."""
    bundle = desk.bundle(session, row.bundle_hash)
    elements = blueprint(bundle).elements
    waits = desk.engine.look(bundle=bundle, state=row.engine_state).messages
    return any(elements[wait.element].kind != "boundaryEvent" for wait in waits)
