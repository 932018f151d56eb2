"""Bring a case what it waits for: a message, a due timer, another try of a failed step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Select, literal_column, or_, select, update
from sqlalchemy.orm import Session

from workflows.engine.bundle import Bundle
from workflows.engine.engine import Operations
from workflows.engine.values import Snapshot
from workflows.errors import Conflict, NotFound
from workflows.events import SYSTEM, Command
from workflows.models import Case, Incident, Timer
from workflows.services.desk import Desk
from workflows.services.move_case import move_case
from workflows.services.settle_effect import send_again
from workflows.storage.case_rows import CANCEL_TIMER, FIRE_TIMER, TIMER_AND_CASE, AnyCase
from workflows.storage.reading import Source
from workflows.storage.unit_of_work import UnitOfWork, Work

LATE_AFTER = timedelta(minutes=15)
RETRY_AFTER = timedelta(minutes=5)
# A person's command waits at most for this many timers; a commit for each would cost more.
BATCH = 10
# Spelt out, not handed in as a value: only so does a planner see that the partial index fits.
IS_WAITING = Timer.status == literal_column("'waiting'")


def deliver_message(
    work: UnitOfWork,
    desk: Desk,
    *,
    case: AnyCase,
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


def awaits_message(work: Source, desk: Desk, *, case: Case, name: str) -> bool:
    """Say whether the case waits for that message now."""
    if case.status == "closed":
        return False
    bundle = desk.bundle(work, case.bundle_hash)
    snapshot = desk.engine.look(bundle=bundle, state=case.engine_state)
    return any(wait.name == name for wait in snapshot.messages)


def fire_timer(work: UnitOfWork, desk: Desk, *, timer_id: str) -> dict[str, Any]:
    """Fire one due timer; one that fired, moved or vanished meanwhile does nothing."""
    found = work.one(TIMER_AND_CASE, timer_id=timer_id)
    if found is None:
        raise NotFound("error.timer_not_found")
    timer, case = found
    work.hold(case)
    now = work.command.now
    if timer.status != "waiting" or timer.due_at is None or timer.due_at > now:
        return {"case_id": case.id, "fired": False}
    was_late = now - timer.due_at > LATE_AFTER
    work.change(FIRE_TIMER, timer_id=timer.id, now=now, late=was_late)
    work.record(
        "timer_fired",
        case_id=case.id,
        clock=timer.clock_name,
        point=timer.point,
        item=timer.item,
        was_late=was_late,
    )

    def move(bundle: Bundle, operations: Operations) -> Snapshot:
        return desk.engine.fire_timer(
            bundle=bundle,
            state=case.engine_state,
            timer_id=timer.engine_timer_id,
            operations=operations,
        )

    try:
        move_case(work, desk, case=case, move=move, ended=timer)
    except (Conflict, NotFound):
        work.change(CANCEL_TIMER, timer_id=timer.id)
        return {"case_id": case.id, "fired": False}
    return {"case_id": case.id, "fired": True}


def fire_due_timers(desk: Desk, *, office_id: str, now: datetime, limit: int = 1000) -> int:
    """Fire what is due in due order, each in its own command; return how many fired.

    They are claimed and fired in small batches, so that a person waits for one batch at most. One
    that fails is tried again later and holds up no other; when all are done its error is raised.
    """
    fired = 0
    failures: list[Exception] = []
    for _ in range(0, limit, BATCH):
        claim = partial(_claim_due_timers, desk=desk, office_id=office_id, now=now)
        outcomes = desk.bus.run_claimed(claim)
        if not outcomes:
            break
        fired += sum(bool(outcome.result.get("fired")) for outcome in outcomes)
        failed = [(each.command, each.error) for each in outcomes if each.error is not None]
        if failed:
            _put_off(desk, [command for command, _ in failed])
        failures += [error for _, error in failed if not isinstance(error, Conflict)]
    if failures:
        raise failures[0]
    return fired


def due_timers(*, office_id: str, now: datetime, limit: int) -> Select[*tuple[Any, ...]]:
    """Return the query for due timers, earliest first, whose cases nobody else is firing for.

    On PostgreSQL it locks the cases: another server passes over all timers of a case that has one
    in hand, so within a case they fire in due order. A killed server's locks go with it.
    """
    return (
        select(Timer.id, Timer.case_id, Timer.due_at)
        .join(Case, Case.id == Timer.case_id)
        .where(IS_WAITING, Timer.due_at <= now, Timer.office_id == office_id)
        .where(or_(Timer.retry_at.is_(None), Timer.retry_at <= now))
        .order_by(Timer.due_at, Timer.id)
        .limit(limit)
        .with_for_update(of=Case, skip_locked=True)
    )


def _claim_due_timers(
    session: Session, *, desk: Desk, office_id: str, now: datetime
) -> list[tuple[Command, Work]]:
    query = due_timers(office_id=office_id, now=now, limit=BATCH)
    return [
        (
            Command(
                id=f"timer:{row.id}:{row.due_at.isoformat()}",
                name="fire_timer",
                actor=SYSTEM,
                now=now,
                office_id=office_id,
                case_id=row.case_id,
            ),
            partial(fire_timer, desk=desk, timer_id=row.id),
        )
        for row in session.execute(query)
    ]


def _put_off(desk: Desk, commands: list[Command]) -> None:
    """Leave the timers of these commands alone for a while."""
    now, office_id = commands[0].now, commands[0].office_id
    timer_ids = [command.id.split(":")[1] for command in commands]

    def work(unit: UnitOfWork) -> None:
        waiting = update(Timer).where(Timer.id.in_(timer_ids), Timer.status == "waiting")
        unit.session.execute(waiting.values(retry_at=now + RETRY_AFTER))

    desk.bus.note(work, office_id=office_id, now=now)


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
