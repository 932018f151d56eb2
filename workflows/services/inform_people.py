"""Tell people inside the product what they should know, and by mail where they have an address."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import bindparam, or_, select

from workflows.clock.terms import legal_date
from workflows.models import Case, Notice, Organisation, Person, Post, Task
from workflows.storage.statements import Insertion, Query
from workflows.storage.unit_of_work import UnitOfWork

NOTICE_OF_KEY: Query[str] = Query(
    select(Notice.id).where(Notice.key == bindparam("key")), lambda values: values[0]
)


class Addressee(NamedTuple):
    """Somebody who can be told something."""

    id: str
    office_id: str
    email: str


class PressedTask(NamedTuple):
    """An open task as far as it tells whom to turn to."""

    id: str
    office_id: str
    role: str
    organisation_id: str
    owner_id: str | None
    clock_id: str | None


_ADDRESSEE = select(Person.id, Person.office_id, Person.email)
_HOLDERS = _ADDRESSEE.join(Post, Post.person_id == Person.id).where(
    Post.office_id == bindparam("office_id"),
    Post.role == bindparam("role"),
    Post.valid_from <= bindparam("today"),
    or_(Post.valid_to.is_(None), Post.valid_to >= bindparam("today")),
)
HOLDERS = Query(_HOLDERS, Addressee._make)
HOLDERS_IN_BODY = Query(
    _HOLDERS.where(Post.organisation_id == bindparam("organisation_id")), Addressee._make
)
PERSON = Query(_ADDRESSEE.where(Person.id == bindparam("person_id")), Addressee._make)
ADD_NOTICE = Insertion(Notice)


def inform_people(
    work: UnitOfWork,
    *,
    case: Case | None,
    kind: str,
    key: str,
    people: Iterable[Addressee],
    facts: Mapping[str, Any] | None = None,
    task: Task | PressedTask | None = None,
) -> list[str]:
    """Tell each person once per ``key``; return the ids of those who heard something new.

    The text is ``notice.<kind>`` filled with the facts, which hold no personal data.
    """
    told: list[str] = []
    case_facts = {"case_number": case.number} if case else {}
    for person in people:
        notice_key = short_key(kind, key, person.id)
        if _is_told(work, notice_key):
            continue
        notice = work.add(
            ADD_NOTICE,
            office_id=person.office_id,
            person_id=person.id,
            case_id=case.id if case else None,
            task_id=task.id if task else None,
            kind=kind,
            facts={**case_facts, **(facts or {})},
            key=notice_key,
            told_at=work.command.now,
        )
        _mail(work, person, notice)
        told.append(person.id)
    return told


def holders_of(
    work: UnitOfWork, *, office_id: str, role: str, organisation_id: str | None = None
) -> list[Addressee]:
    """Return who holds the post today, in one organisation or in the whole office."""
    of_office: dict[str, Any] = {
        "office_id": office_id,
        "role": role,
        "today": legal_date(work.command.now),
    }
    if organisation_id is None:
        holders = work.all(HOLDERS, **of_office)
    else:
        holders = work.all(HOLDERS_IN_BODY, organisation_id=organisation_id, **of_office)
    # One person may hold the post twice.
    return list(dict.fromkeys(holders))


def owners_of(work: UnitOfWork, *, task: Task | PressedTask) -> list[Addressee]:
    """Return who holds the task, or everybody whose post may claim it."""
    if task.owner_id is not None:
        owner = work.one(PERSON, person_id=task.owner_id)
        return [owner] if owner else []
    return holders_of(
        work, office_id=task.office_id, role=task.role, organisation_id=task.organisation_id
    )


def supervisors_of(work: UnitOfWork, *, case: Case) -> list[Addressee]:
    """Return the supervisors of the office (督办岗)."""
    return holders_of(work, office_id=case.office_id, role="supervisor")


def mail_organisation(
    work: UnitOfWork,
    *,
    case: Case,
    organisation: Organisation,
    kind: str,
    key: str,
    facts: Mapping[str, Any],
) -> bool:
    """Send a body a mail at its address, if it has one; say whether it has."""
    if not organisation.email:
        return False
    payload = mail_payload(to=organisation.email, kind=kind, case=case, facts=facts)
    mail_key = f"mail:{short_key(kind, key, organisation.id)}"
    work.send(kind="mail", key=mail_key, payload=payload, case_id=case.id)
    return True


def mail_payload(
    *, to: str, kind: str, case: Case | None, facts: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the outbox keeps of a mail: the address, the text's key and its facts."""
    number = {"case_number": case.number} if case else {}
    return {"to": to, "kind": kind, "facts": {**number, **facts}}


def short_key(*parts: str) -> str:
    """Return a key of steady length for these parts: the same parts, the same key."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
    return f"{parts[0][:40]}:{digest[:48]}"


def _is_told(work: UnitOfWork, key: str) -> bool:
    return work.one(NOTICE_OF_KEY, key=key) is not None


def _mail(work: UnitOfWork, person: Addressee, notice: Mapping[str, Any]) -> None:
    if not person.email:
        return
    payload = {"to": person.email, "kind": notice["kind"], "facts": notice["facts"]}
    key = f"mail:{notice['key']}"
    work.send(kind="mail", key=key, payload=payload, case_id=notice["case_id"])
