"""Bring a case what it waits for: a message, a due timer, another try of a failed step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from workflows.engine.bundle import Bundle
from workflows.engine.engine import Operations
from workflows.engine.values import Snapshot
from workflows.errors import Conflict, NotFound
from workflows.events import SYSTEM, Command
from workflows.models import Case, Incident, Timer
from workflows.services.desk import Desk
from workflows.services.move_case import move_case
from workflows.services.settle_effect import send_again
from workflows.storage.databases import Sessions
from workflows.storage.unit_of_work import UnitOfWork, read_session

LATE_AFTER = timedelta(minutes=15)


def deliver_message(
    work: UnitOfWork,
    desk: Desk,
    *,
    case: Case,
    name: str,
    item: str | None = None,
    variables: Mapping[str, Any] | None = None,
) -> Snapshot:
    """Deliver a message to the one place that waits for it.

    Raises Conflict when nothing waits for it.
    """

    def move(bundle: Bundle, operations: Operations) -> Snapshot:
        return desk.engine.deliver_message(
            bundle=bundle,
            state=case.engine_state,
            name=name,
            item=item,
            variables=variables or {},
            operations=operations,
        )

    return move_case(work, desk, case=case, move=move)


def awaits_message(work: UnitOfWork, desk: Desk, *, case: Case, name: str) -> bool:
    """Say whether the case waits for that message now."""
    if case.status == "closed":
        return False
    bundle = desk.bundle(work.session, case.bundle_hash)
    snapshot = desk.engine.look(bundle=bundle, state=case.engine_state)
    return any(wait.name == name for wait in snapshot.messages)


def fire_timer(work: UnitOfWork, desk: Desk, *, timer_id: str) -> dict[str, Any]:
    """Fire one due timer; one that fired, moved or vanished meanwhile does nothing."""
    timer = work.session.get(Timer, timer_id)
    if timer is None:
        raise NotFound("error.timer_not_found")
    case = work.get_case(timer.case_id)
    now = work.command.now
    if timer.status != "waiting" or timer.due_at is None or timer.due_at > now:
        return {"case_id": case.id, "fired": False}
    timer.status = "fired"
    timer.fired_at = now
    timer.was_late = now - timer.due_at > LATE_AFTER
    work.record(
        "timer_fired",
        case_id=case.id,
        clock=timer.clock_name,
        point=timer.point,
        item=timer.item,
        was_late=timer.was_late,
    )
    engine_timer_id = timer.engine_timer_id

    def move(bundle: Bundle, operations: Operations) -> Snapshot:
        return desk.engine.fire_timer(
            bundle=bundle,
            state=case.engine_state,
            timer_id=engine_timer_id,
            operations=operations,
        )

    try:
        move_case(work, desk, case=case, move=move)
    except (Conflict, NotFound):
        timer.status = "cancelled"
        return {"case_id": case.id, "fired": False}
    return {"case_id": case.id, "fired": True}


def fire_due_timers(
    sessions: Sessions, desk: Desk, *, office_id: str, now: datetime, limit: int = 200
) -> int:
    """Fire what is due in due order, each in its own command; return how many fired.

    A timer that fails is left for the next sweep and does not hold up the others.
    """
    fired = 0
    for timer_id, due_at in list_due_timers(sessions, office_id=office_id, now=now, limit=limit):
        command = Command(
            id=f"timer:{timer_id}:{due_at.isoformat()}",
            name="fire_timer",
            actor=SYSTEM,
            now=now,
            office_id=office_id,
        )
        try:
            result = desk.bus.run(command, partial(fire_timer, desk=desk, timer_id=timer_id))
        except Conflict:
            continue
        fired += bool(result.get("fired"))
    return fired


def list_due_timers(
    sessions: Sessions, *, office_id: str, now: datetime, limit: int
) -> list[tuple[str, datetime]]:
    """Return the ids and instants of due timers, earliest first."""
    query = (
        select(Timer.id, Timer.due_at)
        .where(Timer.status == "waiting", Timer.due_at <= now, Timer.office_id == office_id)
        .order_by(Timer.due_at, Timer.id)
        .limit(limit)
    )
    with read_session(sessions) as session:
        return [(row.id, row.due_at) for row in session.execute(query)]


def retry_incident(work: UnitOfWork, desk: Desk, *, incident_id: str) -> dict[str, Any]:
    """Try a failed step of a case again; the incident says whether it still fails."""
    incident = work.session.get(Incident, incident_id)
    if incident is None or incident.office_id != work.command.office_id:
        raise NotFound("error.incident_not_found")
    case = work.get_case(incident.case_id)
    if incident.status != "open":
        return {"case_id": case.id, "resolved": True}
    if incident.outbox_id is not None:
        return send_again(work, incident_id=incident.id)

    def move(bundle: Bundle, operations: Operations) -> Snapshot:
        return desk.engine.retry(
            bundle=bundle,
            state=case.engine_state,
            failed_id=incident.failed_id,
            operations=operations,
        )

    snapshot = move_case(work, desk, case=case, move=move)
    still_fails = any(failure.id == incident.failed_id for failure in snapshot.failed)
    return {"case_id": case.id, "resolved": not still_fails}
