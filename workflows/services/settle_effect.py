"""Show on the case what became of an effect outside: a report that fails is an incident (R4).

Retries go on in the outbox; the incident tells people the real cause meanwhile and is resolved
when the report gets through.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, null, select, update

from workflows.errors import NotFound
from workflows.events import SYSTEM, Command
from workflows.models import Case, Incident, Outbox
from workflows.services.move_case import describe_cause, next_incident_number
from workflows.storage.databases import Sessions
from workflows.storage.outbox_store import Effect, mark_failed, mark_sent
from workflows.storage.statements import Change, Query
from workflows.storage.unit_of_work import CommandBus, UnitOfWork

SHOWN_KINDS = ("province_report",)


class SentEffect(NamedTuple):
    """An effect as whoever notes its delivery needs it."""

    id: str
    case_id: str | None
    status: str
    attempts: int


EFFECT = Query(
    select(Outbox.id, Outbox.case_id, Outbox.status, Outbox.attempts).where(
        Outbox.id == bindparam("effect_id"), Outbox.office_id == bindparam("office_id")
    ),
    SentEffect._make,
)
NOTE_SENT = Change(
    update(Outbox)
    .where(Outbox.id == bindparam("effect_id"))
    .values(
        status="sent",
        sent_at=bindparam("now"),
        claimed_until=null(),
        last_error=bindparam("no_error"),
    )
)
OPEN_INCIDENT = Query(
    select(Incident.id).where(
        Incident.outbox_id == bindparam("outbox_id"), Incident.status == "open"
    ),
    lambda values: str(values[0]),
)


def settle_sent(sessions: Sessions, bus: CommandBus, *, effect: Effect, now: datetime) -> None:
    """Note that the effect arrived; a report's incident is resolved in the same transaction."""
    if effect.kind not in SHOWN_KINDS or not effect.case_id:
        mark_sent(sessions, effect_id=effect.id, now=now)
        return
    command = _command(effect, "note_delivery", now=now)
    bus.run(command, lambda work: note_delivery(work, outbox_id=effect.id))


def settle_failed(
    sessions: Sessions,
    bus: CommandBus,
    *,
    effect: Effect,
    cause: BaseException,
    now: datetime,
    retry_at: datetime | None,
) -> None:
    """Note the failure with its cause and when it is tried again; without ``retry_at`` give up."""
    key, facts = describe_cause(cause)
    error = {"key": key, "facts": facts}
    mark_failed(sessions, effect_id=effect.id, now=now, error=error, retry_at=retry_at)
    if effect.kind in SHOWN_KINDS and effect.case_id:
        command = _command(effect, "note_failed_delivery", now=now)
        bus.run(
            command,
            lambda work: note_failed_delivery(work, outbox_id=effect.id, key=key, facts=facts),
        )


def note_failed_delivery(
    work: UnitOfWork, *, outbox_id: str, key: str, facts: dict[str, Any]
) -> dict[str, Any]:
    """Open an incident for the failed effect, or note on the open one that it failed again."""
    effect = _effect(work, outbox_id)
    incident = _open_incident(work, outbox_id)
    if incident is None:
        incident = _open(work, effect, key, facts)
    else:
        incident.tries += 1
        incident.cause_key = key
        incident.cause_facts = facts
    return {"case_id": incident.case_id, "incident": incident.id}


def note_delivery(work: UnitOfWork, *, outbox_id: str) -> dict[str, Any]:
    """Note that a report left the building and resolve its incident, once."""
    effect = work.one(EFFECT, effect_id=outbox_id, office_id=work.command.office_id)
    if effect is None:
        raise NotFound("error.effect_not_found")
    if effect.status == "sent":
        return {"case_id": effect.case_id}
    work.change(NOTE_SENT, effect_id=effect.id, now=work.command.now, no_error={})
    work.record("report_delivered", case_id=effect.case_id, attempts=effect.attempts)
    incident = _open_incident(work, outbox_id)
    if incident is not None:
        incident.status = "resolved"
        incident.resolved_at = work.command.now
        work.record("incident_resolved", case_id=incident.case_id, number=incident.number)
    return {"case_id": effect.case_id}


def send_again(work: UnitOfWork, *, incident_id: str) -> dict[str, Any]:
    """Have the outbox try a failed effect again at once, given up or not."""
    incident = work.session.get(Incident, incident_id)
    if incident is None or incident.office_id != work.command.office_id:
        raise NotFound("error.incident_not_found")
    effect = _effect(work, incident.outbox_id or "")
    if effect.status != "sent":
        effect.status = "waiting"
        effect.due_at = work.command.now
        effect.claimed_until = None
        work.record("effect_retried", case_id=incident.case_id, number=incident.number)
    return {"case_id": incident.case_id, "resolved": effect.status == "sent"}


def _open(work: UnitOfWork, effect: Outbox, key: str, facts: dict[str, Any]) -> Incident:
    case = work.session.get_one(Case, effect.case_id)
    incident = Incident(
        office_id=case.office_id,
        case_id=case.id,
        number=next_incident_number(work, case.office_id),
        failed_id=f"outbox:{effect.id}",
        element="send_report",
        operation=effect.kind,
        item=None,
        cause_key=key,
        cause_facts=facts,
        outbox_id=effect.id,
        opened_at=work.command.now,
    )
    work.session.add(incident)
    work.session.flush()
    work.record("incident_opened", case_id=case.id, number=incident.number, element="send_report")
    return incident


def _effect(work: UnitOfWork, outbox_id: str) -> Outbox:
    effect = work.session.get(Outbox, outbox_id)
    if effect is None or effect.office_id != work.command.office_id:
        raise NotFound("error.effect_not_found")
    return effect


def _open_incident(work: UnitOfWork, outbox_id: str) -> Incident | None:
    found = work.one(OPEN_INCIDENT, outbox_id=outbox_id)
    return work.session.get_one(Incident, found) if found else None


def _command(effect: Effect, name: str, *, now: datetime) -> Command:
    return Command(
        id=f"{name}:{effect.id}:{effect.attempts}",
        name=name,
        actor=SYSTEM,
        now=now,
        office_id=effect.office_id,
        case_id=effect.case_id,
    )
