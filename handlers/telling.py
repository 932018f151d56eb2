"""Tell the subject and the officers of a case; whom and what, in registered messages only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from handlers.words import told
from notifications.messages.registry import check_facts
from workflows.models import Organisation, Task
from workflows.services.desk import OperationContext
from workflows.services.dispatch_document import present_parties
from workflows.services.inform_people import (
    Addressee,
    PressedTask,
    holders_of,
    inform_people,
    mail_organisation,
    short_key,
)


def matter(clock: str) -> Mapping[str, str]:
    """Return what a clock is about, in both languages."""
    return told(f"matter.{clock}")


def tell_people(
    context: OperationContext,
    kind: str,
    people: Iterable[Addressee],
    *,
    key: str,
    facts: Mapping[str, Any],
    task: Task | PressedTask | None = None,
) -> int:
    """Tell each person once per key, and return how many heard something new."""
    check_facts(kind=kind, facts={"case_number": context.case.number, **facts})
    notices = inform_people(
        context.work,
        case=context.case,
        kind=kind,
        key=key,
        people=people,
        facts=facts,
        task=task,
    )
    return len(notices)


def tell_post(
    context: OperationContext,
    kind: str,
    *,
    role: str,
    key: str,
    facts: Mapping[str, Any],
    body: Organisation | None = None,
) -> int:
    """Tell who holds a post in a body, by default the one that handles the case."""
    organisation_id = body.id if body else context.case.receiving_organisation_id
    people = holders_of(
        context.work,
        office_id=context.case.office_id,
        role=role,
        organisation_id=organisation_id,
    )
    return tell_people(context, kind, people, key=key, facts=facts)


def tell_body(
    context: OperationContext,
    kind: str,
    *,
    body: Organisation,
    key: str,
    facts: Mapping[str, Any],
    role: str = "department_officer",
) -> None:
    """Tell a body: its people in the product, and the body at its own address."""
    tell_post(context, kind, role=role, key=key, facts=facts, body=body)
    mail_organisation(
        context.work, case=context.case, organisation=body, kind=kind, key=key, facts=facts
    )


def tell_subject(context: OperationContext, kind: str, *, key: str = "", **facts: Any) -> None:
    """Mail the present party, if an address was left; the address itself stays in the vault."""
    all_facts = {"case_number": context.case.number, **facts}
    check_facts(kind=kind, facts=all_facts)
    party = next(iter(present_parties(context.work, context.case)), None)
    if party is None or not party.has_email:
        return
    context.work.send(
        kind="mail",
        key=f"mail:{short_key(kind, context.case_id, key)}",
        payload={"to_party": party.id, "kind": kind, "facts": all_facts},
        case_id=context.case_id,
    )
