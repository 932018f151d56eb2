"""Change a value of a record, as its source unit alone may: one datum, one source (R95).

Everybody else files an objection. The former version stays (R93).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workflows.errors import InvalidAnswer, NotAllowed, NotFound
from workflows.models import CreditRecord, RecordVersion
from workflows.services.change_record import current_version
from workflows.services.screen_content import refuse_forbidden
from workflows.storage.unit_of_work import UnitOfWork

SOURCE_CHANGE = "source"


def change_value(
    work: UnitOfWork,
    *,
    record_id: str,
    title: str,
    items: Sequence[Mapping[str, str]],
    reason: str,
) -> dict[str, Any]:
    """Add a version with the values its source unit gives; what is so already changes nothing.

    Raises NotAllowed for another unit, InvalidAnswer without a reason or for forbidden content.
    """
    record = get_record(work, record_id)
    actor = work.command.actor
    if actor.organisation_id != record.changing_unit_id:
        raise NotAllowed("error.only_source_unit", number=record.number)
    if not reason.strip():
        raise InvalidAnswer(fields={"reason": ["check.reason_needed"]})
    if not title.strip():
        raise InvalidAnswer(fields={"title": ["check.required"]})
    refuse_forbidden(texts=(title,), items=items, is_person=record.subject.is_natural_person)
    former = current_version(work, record)
    content = {**former.content, "title": title.strip()[:200]}
    content["items"] = [dict(item) for item in items]
    if _said(content) == _said(former.content):
        return {"record_id": record.id, "version": former.version}
    version = add_version(work, record=record, content=content, mark=SOURCE_CHANGE, reason=reason)
    record.title = str(content["title"])
    work.record("record_value_changed", case_id=None, record=record.number, version=version.version)
    return {"record_id": record.id, "version": version.version}


def add_version(
    work: UnitOfWork, *, record: CreditRecord, content: Mapping[str, Any], mark: str, reason: str
) -> RecordVersion:
    """Add the next version of a record outside any case, with what it says and why."""
    record.current_version = current_version(work, record).version + 1
    version = RecordVersion(
        office_id=record.office_id,
        record_id=record.id,
        version=record.current_version,
        content={**content, "mark": mark},
        status=record.status,
        recorded_at=work.command.now,
        reason=reason.strip()[:400],
        person_id=work.command.actor.person_id,
    )
    work.session.add(version)
    work.session.flush()
    return version


def get_record(work: UnitOfWork, record_id: str) -> CreditRecord:
    """Return a record of this office, or raise NotFound."""
    record = work.session.get(CreditRecord, record_id)
    if record is None or record.office_id != work.command.office_id:
        raise NotFound("error.record_not_found")
    return record


def _said(content: Mapping[str, Any]) -> tuple[Any, Any]:
    return content.get("title"), content.get("items", [])
