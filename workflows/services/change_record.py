"""Change a credit record the only way it may be changed: by a new version with its reason (R93).

Marks count as versions too, so that a query of any day shows what its reader saw. Each change is
made once per case, however often the step that asks for it runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from workflows.clock.terms import legal_date
from workflows.models import Case, CreditRecord, RecordVersion
from workflows.storage.statements import Insertion, Query
from workflows.storage.unit_of_work import UnitOfWork


class Version(NamedTuple):
    """What a record said from an instant on, and which case made it say so."""

    version: int
    content: Mapping[str, Any]
    case_id: str | None
    recorded_at: datetime


VERSIONS = Query(
    select(*(getattr(RecordVersion, name) for name in Version._fields))
    .where(RecordVersion.record_id == bindparam("record_id"))
    .order_by(RecordVersion.version),
    Version._make,
)
ADD_VERSION = Insertion(RecordVersion)
FLAGS_OF_OTHERS: Query[Mapping[str, Any]] = Query(
    select(Case.flags).where(
        Case.record_id == bindparam("record_id"),
        Case.id != bindparam("other_than"),
        Case.status == "open",
    ),
    lambda values: values[0],
)


def correct_record(
    work: UnitOfWork,
    *,
    case: Case,
    record: CreditRecord,
    changes: Mapping[str, Any],
    reason: str,
    mark: str = "correct",
) -> Version:
    """Add the corrected version; ``mark`` tells apart several correctors of one case (R3)."""
    known = find_change(work, case=case, record=record, mark=mark)
    if known is not None:
        return known
    record.status = "corrected"
    content = {**current_version(work, record).content, **changes}
    if changes.get("title"):
        record.title = str(changes["title"])[:200]
    return _add(work, case=case, record=record, mark=mark, reason=reason, content=content)


def revoke_record(work: UnitOfWork, *, case: Case, record: CreditRecord, reason: str) -> Version:
    """Revoke the record and take it from display; its history stays (R3, N24)."""
    known = find_change(work, case=case, record=record, mark="revoke")
    if known is not None:
        return known
    record.status = "revoked"
    record.is_published = False
    content = dict(current_version(work, record).content)
    return _add(work, case=case, record=record, mark="revoke", reason=reason, content=content)


def mark_disputed(work: UnitOfWork, *, case: Case, record: CreditRecord) -> Version:
    """Mark the record 异议中 and return the version that is contested (R93, N20)."""
    contested = contested_version(work, case=case, record=record)
    if contested is not None:
        return contested
    contested = current_version(work, record)
    case.flags = {**case.flags, "contested_version": contested.version}
    record.is_disputed = True
    _add(work, case=case, record=record, mark="mark", reason="", content=dict(contested.content))
    return contested


def unmark_disputed(work: UnitOfWork, *, case: Case, record: CreditRecord, reason: str) -> bool:
    """Take the mark away with its reason, unless another open case still disputes the record."""
    if find_change(work, case=case, record=record, mark="unmark") is not None:
        return False
    if find_change(work, case=case, record=record, mark="mark") is None:
        return False
    if _disputed_elsewhere(work, case=case, record=record):
        return False
    record.is_disputed = False
    content = dict(current_version(work, record).content)
    _add(work, case=case, record=record, mark="unmark", reason=reason, content=content)
    return True


def suspend_display(work: UnitOfWork, *, case: Case, record: CreditRecord, reason: str) -> bool:
    """Take the disputed item from display, as a named approver decided (C1, step 6b-BT3)."""
    if find_change(work, case=case, record=record, mark="suspend") is not None:
        return False
    record.is_display_suspended = True
    content = dict(current_version(work, record).content)
    _add(work, case=case, record=record, mark="suspend", reason=reason, content=content)
    return True


def resume_display(work: UnitOfWork, *, case: Case, record: CreditRecord, reason: str) -> bool:
    """Show again what this case had taken from display."""
    is_suspended = find_change(work, case=case, record=record, mark="suspend") is not None
    is_resumed = find_change(work, case=case, record=record, mark="resume") is not None
    if not is_suspended or is_resumed:
        return False
    record.is_display_suspended = False
    content = dict(current_version(work, record).content)
    _add(work, case=case, record=record, mark="resume", reason=reason, content=content)
    return True


def current_version(work: UnitOfWork, record: CreditRecord) -> Version:
    """Return the version in force; a record entered without one gets its first now."""
    known = _versions(work, record.id)
    if known:
        return known[-1]
    first = Version(
        version=record.current_version,
        content={"title": record.title, "base_document": record.base_document},
        case_id=None,
        recorded_at=work.command.now,
    )
    _insert(work, record, first)
    return first


def contested_version(work: UnitOfWork, *, case: Case, record: CreditRecord) -> Version | None:
    """Return the version as it stood when this case marked it, or None."""
    number = case.flags.get("contested_version")
    if number is None:
        return None
    return next((each for each in _versions(work, record.id) if each.version == number), None)


def find_change(work: UnitOfWork, *, case: Case, record: CreditRecord, mark: str) -> Version | None:
    """Return the version that this case added for that mark, or None."""
    for version in _versions(work, record.id):
        if version.case_id == case.id and version.content.get("mark") == mark:
            return version
    return None


def content_version(work: UnitOfWork, *, case: Case, record: CreditRecord) -> int:
    """Return how many contents the record had before this case: marks do not count, changes do."""
    changed_by = {
        version.case_id
        for version in _versions(work, record.id)
        if _is_change(version) and version.case_id != case.id
    }
    return 1 + len(changed_by)


def changed_on(work: UnitOfWork, *, case: Case) -> date | None:
    """Return the day on which this case last corrected or revoked its record, or None."""
    days = [
        legal_date(version.recorded_at)
        for version in _versions(work, case.record_id or "")
        if _is_change(version) and version.case_id == case.id
    ]
    return max(days) if days else None


def _versions(work: UnitOfWork, record_id: str) -> list[Version]:
    return work.all(VERSIONS, record_id=record_id)


def _is_change(version: Version) -> bool:
    return str(version.content.get("mark", "")).split(":")[0] in ("correct", "revoke")


def _add(
    work: UnitOfWork,
    *,
    case: Case,
    record: CreditRecord,
    mark: str,
    reason: str,
    content: dict[str, Any],
) -> Version:
    record.current_version = current_version(work, record).version + 1
    version = Version(
        version=record.current_version,
        content={**content, "mark": mark},
        case_id=case.id,
        recorded_at=work.command.now,
    )
    _insert(work, record, version, reason=reason[:400], person_id=work.command.actor.person_id)
    work.record(
        f"record_{mark.split(':')[0]}",
        case_id=case.id,
        is_public=True,
        record=record.number,
        version=version.version,
    )
    return version


def _insert(work: UnitOfWork, record: CreditRecord, version: Version, **made: Any) -> None:
    work.add(
        ADD_VERSION,
        office_id=record.office_id,
        record_id=record.id,
        status=record.status,
        **version._asdict(),
        **made,
    )


def _disputed_elsewhere(work: UnitOfWork, *, case: Case, record: CreditRecord) -> bool:
    flags = work.all(FLAGS_OF_OTHERS, record_id=record.id, other_than=case.id)
    return any("contested_version" in each for each in flags)
