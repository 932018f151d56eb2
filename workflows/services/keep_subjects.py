"""Keep the subjects: found by valid identifiers, ended with a successor, never overwritten (R94).

A filing may bring a doubtful code and is taken all the same; what an officer or an import enters
into the register has a valid one. Natural persons stand there masked (N23).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.clock.terms import add_months, legal_date
from workflows.errors import Conflict, InvalidAnswer, NotAllowed, NotFound
from workflows.models import Organisation, Subject, new_id
from workflows.rules.packs import SUBJECT_KINDS
from workflows.services.check_identifier import (
    Problem,
    birthday_in,
    clean_code,
    problem_of_division,
    problem_of_id_number,
    problem_of_uscc,
)
from workflows.services.desk import Desk
from workflows.services.find_case import find_subject, normal_text
from workflows.services.open_case import mask_name
from workflows.storage.unit_of_work import UnitOfWork

PEOPLE = ("civil_servant", "natural_person")
# Who enters into the registers; a department's officer only what its own body recognised.
ENTERS = ("window_clerk", "handler", "platform_operator", "department_officer")
COMES_OF_AGE_IN_MONTHS = 18 * 12


@dataclass(frozen=True)
class NewSubject:
    """A subject as somebody entered it; ``code`` is a credit code or an identity number."""

    kind: str
    name: str
    code: str
    division_code: str
    employer_code: str = ""
    is_minor: bool = False
    valid_from: date | None = None


def enter_subject(work: UnitOfWork, desk: Desk, *, entry: NewSubject) -> dict[str, Any]:
    """Enter a subject and return its id; the same one again is left as it is.

    Raises InvalidAnswer for a code that cannot exist, Conflict when the code is another's.
    """
    check_may_enter(work)
    problems = list_problems(entry)
    if problems:
        facts = {name: value for each in problems.values() for name, value in each.facts.items()}
        fields = {field: [each.key] for field, each in problems.items()}
        raise InvalidAnswer(fields=fields, **facts)
    known = find_subject(
        work.session, office_id=work.command.office_id, code=entry.code, vault=desk.vault
    )
    if known is not None:
        if not is_same(work.session, desk, subject=known, entry=entry):
            raise Conflict("error.subject_code_taken")
        return {"subject_id": known.id, "is_new": False}
    subject = add_subject(work, desk, entry=entry)
    work.record("subject_entered", case_id=None, subject=subject.id, subject_kind=subject.kind)
    return {"subject_id": subject.id, "is_new": True}


def list_problems(entry: NewSubject) -> dict[str, Problem]:
    """Return what is wrong with each field of an entry; nothing of it is looked up."""
    found: dict[str, Problem | None] = {}
    if entry.kind not in SUBJECT_KINDS:
        found["kind"] = Problem("check.not_choice")
    if not normal_text(entry.name):
        found["name"] = Problem("check.required")
    code = clean_code(entry.code)
    if not code:
        found["code"] = Problem("check.required")
    elif entry.kind in PEOPLE:
        found["code"] = problem_of_id_number(code)
    else:
        found["code"] = problem_of_uscc(code)
    found["division_code"] = problem_of_division(entry.division_code)
    return {field: problem for field, problem in found.items() if problem is not None}


def add_subject(work: UnitOfWork, desk: Desk, *, entry: NewSubject) -> Subject:
    """Add the row of a checked entry: a natural person masked, sealed and indexed."""
    office_id = work.command.office_id
    code, name = clean_code(entry.code), entry.name.strip()
    subject = Subject(
        id=new_id(),
        office_id=office_id,
        kind=entry.kind,
        name=name[:200],
        division_code=entry.division_code,
        employer_id=_find_employer(work, entry.employer_code),
        is_minor=entry.is_minor,
        valid_from=entry.valid_from or legal_date(work.command.now),
    )
    if entry.kind in PEOPLE:
        seal_person(work, desk, subject=subject, name=name, number=code)
    else:
        subject.credit_code = code
    work.session.add(subject)
    work.session.flush()
    return subject


def seal_person(work: UnitOfWork, desk: Desk, *, subject: Subject, name: str, number: str) -> None:
    """Mask a natural person's name; name and number go into the vault with their indexes."""
    owner = {"office_id": subject.office_id, "owner_id": subject.id}
    subject.name = mask_name(name)
    subject.full_name = desk.vault.seal(work.session, text=name, **owner)
    subject.name_index = desk.vault.blind_index(normal_text(name))
    subject.identity_number = desk.vault.seal(work.session, text=number, **owner)
    subject.identity_index = desk.vault.blind_index(number)


def is_same(session: Session, desk: Desk, *, subject: Subject, entry: NewSubject) -> bool:
    """Say whether an entry tells what the register holds."""
    name = normal_text(entry.name)
    if subject.full_name is not None:
        held = desk.vault.open(session, owner_id=subject.id, value=subject.full_name)
        return normal_text(held) == name and subject.kind == entry.kind
    return (normal_text(subject.name), subject.kind) == (name[:200], entry.kind)


def succeed_subject(
    work: UnitOfWork, desk: Desk, *, subject_id: str, successor_id: str, on: date, reason: str
) -> dict[str, Any]:
    """End a subject that merged, was renamed or abolished; its records stay, its successor answers.

    Raises Conflict when it has ended before, InvalidAnswer for a day ahead or a missing reason.
    """
    check_may_enter(work)
    subject, successor = get_subject(work, subject_id), get_subject(work, successor_id)
    if subject.id == successor.id or successor.valid_to is not None:
        raise InvalidAnswer(fields={"successor": ["check.successor_not_valid"]})
    if subject.succeeded_by_id == successor.id:
        return {"subject_id": subject.id}
    if subject.valid_to is not None:
        raise Conflict("error.subject_has_ended")
    if on > legal_date(work.command.now):
        raise InvalidAnswer(fields={"on": ["check.date_in_future"]})
    if not reason.strip():
        raise InvalidAnswer(fields={"reason": ["check.reason_needed"]})
    subject.valid_to = on
    subject.succeeded_by_id = successor.id
    work.record(
        "subject_succeeded",
        case_id=None,
        subject=subject.id,
        successor=successor.id,
        on=on.isoformat(),
        reason=reason.strip(),
    )
    return {"subject_id": subject.id}


def was_minor_on(session: Session, desk: Desk, *, subject: Subject, on: date) -> bool:
    """Say whether the person was under eighteen that day, by identity number or as stated (R22)."""
    if not subject.is_natural_person:
        return False
    number = desk.vault.open(session, owner_id=subject.id, value=subject.identity_number)
    born_on = birthday_in(number) if number else None
    if born_on is None:
        return subject.is_minor
    return on < add_months(born_on, COMES_OF_AGE_IN_MONTHS)


def get_subject(work: UnitOfWork, subject_id: str) -> Subject:
    """Return a subject of this office, or raise NotFound."""
    subject = work.session.get(Subject, subject_id)
    if subject is None or subject.office_id != work.command.office_id:
        raise NotFound("error.subject_not_found")
    return subject


def check_may_enter(work: UnitOfWork) -> None:
    """Raise NotAllowed for a post that does not enter into the registers; the system may."""
    actor = work.command.actor
    if actor.kind == "person" and actor.role not in ENTERS:
        raise NotAllowed("error.not_for_your_post")


def check_own_body(work: UnitOfWork, organisation_id: str) -> None:
    """Raise NotAllowed when a department's officer acts for another body."""
    actor = work.command.actor
    if actor.role == "department_officer" and actor.organisation_id != organisation_id:
        raise NotAllowed("error.only_own_body")


def _find_employer(work: UnitOfWork, code: str) -> str | None:
    if not code.strip():
        return None
    query = select(Organisation.id).where(
        Organisation.office_id == work.command.office_id,
        Organisation.code == code.strip(),
        Organisation.valid_to.is_(None),
    )
    return work.session.scalar(query)
