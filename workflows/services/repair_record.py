"""What repair does to a credit record: publicity and sharing end, history stays (R30, R31, N1).

Each change is a version of its own with its reason, made once per case (R93).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from workflows.clock.calendar import legal_date
from workflows.models import Case, CreditRecord, RecordVersion, Sanction
from workflows.services.change_record import (
    add_mark,
    current_version,
    find_change,
    resume_display,
    suspend_display,
)
from workflows.services.open_case import OBJECTION
from workflows.storage.unit_of_work import UnitOfWork

SUSPENDED, IN_FORCE = "suspended", "in_force"


def end_publicity(
    work: UnitOfWork,
    *,
    case: Case,
    record: CreditRecord,
    reason: str,
    items: Sequence[str] = (),
) -> bool:
    """Take the record from the public, or only these items of it where part was repaired (R30)."""
    if find_change(work, case=case, record=record, mark="unpublish") is not None:
        return False
    content = dict(current_version(work, record).content)
    if items:
        content["repaired_items"] = sorted({*content.get("repaired_items", []), *items})
    else:
        if record.is_published or record.publicity_ended_on is None:
            record.publicity_ended_on = legal_date(work.command.now)
        record.is_published = False
        record.is_display_suspended = False
    add_mark(work, case=case, record=record, mark="unpublish", reason=reason, content=content)
    return True


def end_sharing(work: UnitOfWork, *, case: Case, record: CreditRecord, reason: str) -> bool:
    """Let nobody use the record any more through sharing (N1)."""
    if find_change(work, case=case, record=record, mark="unshare") is not None:
        return False
    record.sharing_ended_on = legal_date(work.command.now)
    add_mark(work, case=case, record=record, mark="unshare", reason=reason)
    return True


def note_repaired(
    work: UnitOfWork, *, case: Case, record: CreditRecord, reason: str, is_whole: bool
) -> bool:
    """Keep the record as repaired; it is not erased (R31, R93). A part leaves the rest in force."""
    if find_change(work, case=case, record=record, mark="repair") is not None:
        return False
    if is_whole:
        record.repaired_on = legal_date(work.command.now)
    add_mark(work, case=case, record=record, mark="repair", reason=reason)
    return True


def revoke_repair(
    work: UnitOfWork,
    *,
    case: Case,
    record: CreditRecord,
    breach: Mapping[str, Any],
    publish_until: date | None,
    reason: str,
) -> bool:
    """Undo a repair for a breach and enter the breach (R121); publicity lasts what was left (N2).

    A natural person, and what was never public, is not published by this (N18, N23).
    """
    if find_change(work, case=case, record=record, mark="unrepair") is not None:
        return False
    record.repaired_on = None
    record.sharing_ended_on = None
    may_show = record.published_on is not None and not record.subject.is_natural_person
    if may_show and publish_until is not None and publish_until > legal_date(work.command.now):
        record.is_published = True
        record.publicity_ended_on = None
        record.publicity_ends_on = publish_until
    content = {**current_version(work, record).content, "breach": dict(breach)}
    add_mark(work, case=case, record=record, mark="unrepair", reason=reason, content=content)
    return True


def shield(work: UnitOfWork, *, case: Case, record: CreditRecord, reason: str) -> bool:
    """Hide the record while a reorganisation plan is performed (N9)."""
    return suspend_display(work, case=case, record=record, reason=reason)


def unshield(work: UnitOfWork, *, case: Case, record: CreditRecord, reason: str) -> bool:
    """Show the record again when the plan failed (N9)."""
    return resume_display(work, case=case, record=record, reason=reason)


def is_contested(work: UnitOfWork, *, record: CreditRecord) -> bool:
    """Say whether an objection to the record is undecided; its repair waits for that."""
    query = select(Case.id).where(
        Case.office_id == record.office_id,
        Case.record_id == record.id,
        Case.kind == OBJECTION,
        Case.status == "open",
    )
    return record.is_disputed or work.session.scalars(query).first() is not None


def list_sanctions_not_lifted(work: UnitOfWork, *, record: CreditRecord) -> list[Sanction]:
    """Return every measure in force or suspended on the record, at every level (R30)."""
    return _sanctions(work, record, (IN_FORCE, SUSPENDED))


def list_sanctions_suspended(work: UnitOfWork, *, record: CreditRecord) -> list[Sanction]:
    """Return the measures that rest while a plan is performed (N9)."""
    return _sanctions(work, record, (SUSPENDED,))


def list_sanctions_lifted(work: UnitOfWork, *, record: CreditRecord) -> list[Sanction]:
    """Return the measures that were lifted since the record was first repaired (R121)."""
    found = _sanctions(work, record, ("lifted",))
    since = _repaired_since(work, record)
    return [each for each in found if since and each.lifted_on and each.lifted_on >= since]


def _repaired_since(work: UnitOfWork, record: CreditRecord) -> date | None:
    query = select(RecordVersion).where(RecordVersion.record_id == record.id)
    days = [
        legal_date(version.recorded_at)
        for version in work.session.scalars(query)
        if version.content.get("mark") == "unpublish"
    ]
    return min(days) if days else None


def _sanctions(work: UnitOfWork, record: CreditRecord, states: Sequence[str]) -> list[Sanction]:
    query = select(Sanction).where(Sanction.record_id == record.id, Sanction.status.in_(states))
    return list(work.session.scalars(query.order_by(Sanction.imposed_on, Sanction.id)))
