"""Take in what a process declares may happen to it from outside, and let the case hear of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.engine.process_facts import OutsideEvent, process_facts
from workflows.errors import Conflict, NotAllowed, NotFound
from workflows.models import Case
from workflows.services.deliver import awaits_message, deliver_message
from workflows.services.desk import Desk, OperationContext
from workflows.services.work_on_task import keep_answer
from workflows.storage.unit_of_work import UnitOfWork


def receive_event(
    work: UnitOfWork,
    desk: Desk,
    *,
    case_id: str,
    name: str,
    content: Mapping[str, Any],
    variables: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Keep what was entered and deliver the event's message.

    Raises NotFound for an event that the process does not declare, NotAllowed for a post that may
    not enter it, Conflict when the case does not wait for it now.
    """
    case = work.get_case(case_id)
    event = get_event(work, desk, case=case, name=name)
    role = "subject" if work.command.actor.kind == "subject" else work.command.actor.role
    if role not in event.by and work.command.actor.kind != "system":
        raise NotAllowed("error.not_for_your_post")
    if not awaits_message(work, desk, case=case, name=event.message):
        raise Conflict("error.event_not_awaited", number=case.number)
    keep_answer(work, case=case, form=event.form or name, content=content)
    work.record("event_received", case_id=case.id, event=name)
    given = {**(variables or {}), **_act(work, desk, case=case, form=event.form or name)}
    deliver_message(work, desk, case=case, name=event.message, variables=given)
    return {"case_id": case.id, "event": name}


def _act(work: UnitOfWork, desk: Desk, *, case: Case, form: str) -> Mapping[str, Any]:
    """Let the form take effect at once as a step's does, so that a refusal shows on it."""
    act = desk.answers.get(form)
    if act is None:
        return {}
    return act(
        OperationContext(work=work, desk=desk, case_id=case.id, element="", item=None, variables={})
    )


def get_event(work: UnitOfWork, desk: Desk, *, case: Case, name: str) -> OutsideEvent:
    """Return the event as the case's own process declares it. Raises NotFound."""
    events = process_facts(desk.bundle(work, case.bundle_hash)).events
    if name not in events:
        raise NotFound("error.page_not_found")
    return events[name]
