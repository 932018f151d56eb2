"""Keep watch lists and sanction lists: valid with five things named, entered after a warning.

R17 names basis, standard, procedure, objection route and exit rule; R51 the base document of an
entry in the sanction list; R52 the lower tier; R53 that the warning goes before the sanction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflows.clock.calendar import legal_date
from workflows.errors import Conflict, InvalidAnswer, NotAllowed, NotFound
from workflows.models import CreditList, CreditListEntry, Organisation, Subject
from workflows.models.lists import LIST_NEEDS as NEEDS
from workflows.rules.catalogue import read_words
from workflows.services.desk import Desk
from workflows.services.keep_subjects import (
    check_may_enter,
    check_own_body,
    get_subject,
    was_minor_on,
)
from workflows.storage.unit_of_work import UnitOfWork

KINDS = ("watch", "sanction")


@dataclass(frozen=True)
class NewList:
    """A list as somebody puts it forward."""

    kind: str
    name: str
    keeper_id: str
    basis: str
    standard: str
    procedure: str
    objection_route: str
    exit_rule: str
    valid_from: date


@dataclass(frozen=True)
class NewEntry:
    """A subject to be put on a list."""

    list_id: str
    subject_id: str
    base_kind: str
    base_document: str
    severity: str
    entered_on: date
    warned_on: date | None = None
    record_id: str | None = None


def define_list(work: UnitOfWork, *, entry: NewList) -> dict[str, Any]:
    """Put a list forward; it is active once a second person has approved it.

    Raises InvalidAnswer naming which of the five things is missing (R17).
    """
    check_may_enter(work)
    check_own_body(work, entry.keeper_id)
    wrong = {name: ["check.list_needs"] for name in NEEDS if not str(getattr(entry, name)).strip()}
    if not entry.name.strip():
        wrong["name"] = ["check.required"]
    if entry.kind not in KINDS:
        wrong["kind"] = ["check.not_choice"]
    body = work.session.get(Organisation, entry.keeper_id)
    if body is None or body.office_id != work.command.office_id:
        wrong["keeper_id"] = ["check.organisation_unknown"]
    if wrong:
        raise InvalidAnswer(fields=wrong, rule="R17")
    known = _find_list(work, entry)
    if known is not None:
        return {"list_id": known.id}
    row = CreditList(
        office_id=work.command.office_id,
        kind=entry.kind,
        name=entry.name.strip()[:200],
        keeper_id=entry.keeper_id,
        status="proposed",
        valid_from=entry.valid_from,
        proposed_at=work.command.now,
        proposed_by_id=work.command.actor.person_id,
        **{name: str(getattr(entry, name)).strip()[:1000] for name in NEEDS},
    )
    work.session.add(row)
    work.session.flush()
    work.record("list_proposed", case_id=None, name=row.name, list_kind=row.kind)
    return {"list_id": row.id}


def decide_list(work: UnitOfWork, *, list_id: str, agrees: bool) -> dict[str, Any]:
    """Approve or refuse a list. Raises NotAllowed for whoever put it forward."""
    row = get_list(work, list_id)
    actor = work.command.actor
    if actor.role != "approver" or actor.person_id == row.proposed_by_id:
        raise NotAllowed("error.four_eyes")
    if row.status != "proposed":
        raise Conflict("error.already_decided")
    if agrees and row.missing:
        raise InvalidAnswer(fields=dict.fromkeys(row.missing, ["check.list_needs"]), rule="R17")
    row.status = "active" if agrees else "refused"
    row.decided_at = work.command.now
    row.decided_by_id = actor.person_id
    work.record("list_decided", case_id=None, name=row.name, agrees=agrees)
    return {"list_id": row.id, "status": row.status}


def enter_on_list(work: UnitOfWork, desk: Desk, *, entry: NewEntry) -> dict[str, Any]:
    """Put a subject on an active list; one that stands there already is left as it is.

    Raises NotAllowed for a list that is not active and for a minor (R22), InvalidAnswer without
    base document and severity (R51) or, for a sanction list, without an earlier warning (R53).
    """
    check_may_enter(work)
    row = get_list(work, entry.list_id)
    check_own_body(work, row.keeper_id)
    subject = get_subject(work, entry.subject_id)
    if row.status != "active" or row.missing:
        raise NotAllowed("error.list_not_active", name=row.name, rule="R17")
    if was_minor_on(work.session, desk, subject=subject, on=entry.entered_on):
        raise NotAllowed("error.minor_not_sanctioned", rule="R22")
    wrong = _wrong_fields(entry, kind=row.kind, today=legal_date(work.command.now))
    if wrong:
        raise InvalidAnswer(fields=wrong)
    known = find_entry(work.session, list_id=row.id, subject_id=subject.id)
    if known is not None:
        return {"entry_id": known.id, "is_new": False}
    found = CreditListEntry(
        office_id=work.command.office_id,
        list_id=row.id,
        subject_id=subject.id,
        record_id=entry.record_id,
        base_kind=entry.base_kind,
        base_document=entry.base_document.strip()[:200],
        severity=entry.severity.strip()[:400],
        warned_on=entry.warned_on,
        entered_on=entry.entered_on,
    )
    work.session.add(found)
    work.session.flush()
    work.record("listed", case_id=None, name=row.name, subject=subject.id)
    return {"entry_id": found.id, "is_new": True}


def leave_list(
    work: UnitOfWork, *, entry_id: str, left_on: date, reason: str, document: str
) -> dict[str, Any]:
    """Take a subject off a list by its exit rule; once it is off, this changes nothing.

    Raises InvalidAnswer without reason and document, or for a day ahead or before it was entered.
    """
    found = work.session.get(CreditListEntry, entry_id)
    if found is None or found.office_id != work.command.office_id:
        raise NotFound("error.list_entry_not_found")
    check_may_enter(work)
    check_own_body(work, found.credit_list.keeper_id)
    if found.left_on is not None:
        return {"entry_id": found.id}
    wrong: dict[str, list[str]] = {}
    if not reason.strip():
        wrong["left_reason"] = ["check.reason_needed"]
    if not document.strip():
        wrong["left_document"] = ["check.required"]
    if left_on > legal_date(work.command.now):
        wrong["left_on"] = ["check.date_in_future"]
    elif left_on < found.entered_on:
        wrong["left_on"] = ["check.ends_before_it_begins"]
    if wrong:
        raise InvalidAnswer(fields=wrong)
    found.left_on = left_on
    found.left_reason = reason.strip()[:400]
    found.left_document = document.strip()[:200]
    work.record("left_list", case_id=None, name=found.credit_list.name, reason=found.left_reason)
    return {"entry_id": found.id}


def get_list(work: UnitOfWork, list_id: str) -> CreditList:
    """Return a list of this office, or raise NotFound."""
    row = work.session.get(CreditList, list_id)
    if row is None or row.office_id != work.command.office_id:
        raise NotFound("error.list_not_found")
    return row


def find_entry(session: Session, *, list_id: str, subject_id: str) -> CreditListEntry | None:
    """Return the standing entry of a subject in a list, or None."""
    query = select(CreditListEntry).where(
        CreditListEntry.list_id == list_id,
        CreditListEntry.subject_id == subject_id,
        CreditListEntry.left_on.is_(None),
    )
    return session.scalars(query).first()


def list_lists(session: Session, *, office_id: str) -> list[tuple[CreditList, int]]:
    """Return the lists with how many subjects stand on each."""
    count = (
        select(func.count())
        .select_from(CreditListEntry)
        .where(CreditListEntry.list_id == CreditList.id, CreditListEntry.left_on.is_(None))
        .scalar_subquery()
    )
    query = select(CreditList, count).where(CreditList.office_id == office_id)
    rows = session.execute(query.order_by(CreditList.status, CreditList.name)).all()
    return [(row[0], int(row[1])) for row in rows]


def list_entries(
    session: Session, *, list_id: str = "", subject_id: str = "", limit: int = 200
) -> list[CreditListEntry]:
    """Return the entries of a list or of a subject, standing ones first."""
    query = select(CreditListEntry).join(Subject, Subject.id == CreditListEntry.subject_id)
    if list_id:
        query = query.where(CreditListEntry.list_id == list_id)
    if subject_id:
        query = query.where(CreditListEntry.subject_id == subject_id)
    order = (CreditListEntry.left_on.is_not(None), CreditListEntry.entered_on.desc())
    return list(session.scalars(query.order_by(*order, CreditListEntry.id).limit(limit)))


def _find_list(work: UnitOfWork, entry: NewList) -> CreditList | None:
    query = select(CreditList).where(
        CreditList.office_id == work.command.office_id,
        CreditList.name == entry.name.strip()[:200],
        CreditList.valid_from == entry.valid_from,
    )
    return work.session.scalars(query).first()


def _wrong_fields(entry: NewEntry, *, kind: str, today: date) -> dict[str, list[str]]:
    given = {"base_document": entry.base_document, "severity": entry.severity}
    wrong = {name: ["check.required"] for name, text in given.items() if not text.strip()}
    if entry.base_kind not in read_words("listing_bases"):
        wrong["base_kind"] = ["check.not_choice"]
    if entry.entered_on > today:
        wrong["entered_on"] = ["check.date_in_future"]
    is_warned = entry.warned_on is not None and entry.warned_on <= entry.entered_on
    if kind == "sanction" and not is_warned:
        wrong["warned_on"] = ["check.warning_first"]
    return wrong
