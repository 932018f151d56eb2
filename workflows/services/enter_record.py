"""Enter a credit record: a catalogue item with its lawful basis, free of what is forbidden.

R18, R19, R20, R22, R85, R90, R91, N26. A record is entered unpublished; publicity is a decision
apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflows.clock.calendar import legal_date
from workflows.errors import InvalidAnswer
from workflows.models import CreditRecord, Organisation, RecordVersion, Subject, new_id
from workflows.rules.catalogue import Word, read_words
from workflows.services.desk import Desk
from workflows.services.find_case import find_record, normal_text
from workflows.services.keep_catalogue import find_item
from workflows.services.keep_subjects import (
    check_may_enter,
    check_own_body,
    get_subject,
    was_minor_on,
)
from workflows.services.register_words import FIRST_RECORDED
from workflows.services.screen_content import refuse_forbidden
from workflows.storage.unit_of_work import UnitOfWork

ORIGINS = ("platform", "department", "upstream")
TIERS = ("", "minor", "general", "serious")


@dataclass(frozen=True)
class NewRecord:
    """A record as somebody entered it; ``items`` are names with values."""

    number: str
    subject_id: str
    recogniser_id: str
    catalogue_item: str
    area: str
    title: str
    source_kind: str
    base_document: str
    base_document_on: date
    lawful_basis: str
    items: Sequence[Mapping[str, str]] = ()
    origin: str = "department"
    source_unit_id: str | None = None
    default_type: str = ""
    tier: str = ""
    misconduct_ended_on: date | None = None


def enter_record(work: UnitOfWork, desk: Desk, *, entry: NewRecord) -> dict[str, Any]:
    """Enter the record with its first version and return its id; the same again changes nothing.

    Raises InvalidAnswer naming each field that is wrong and, for what may not be collected, the
    rule; NotAllowed for a department that enters for another.
    """
    check_may_enter(work)
    check_own_body(work, entry.source_unit_id or entry.recogniser_id)
    subject = get_subject(work, entry.subject_id)
    known = find_record(work.session, office_id=work.command.office_id, number=entry.number)
    if known is not None:
        if not is_same_record(known, entry):
            raise InvalidAnswer(fields={"number": ["check.record_number_taken"]})
        return {"record_id": known.id, "is_new": False}
    wrong = list_wrong_fields(work, entry=entry, subject=subject)
    if wrong:
        raise InvalidAnswer(fields=wrong)
    refuse_forbidden(texts=texts_of(entry), items=entry.items, is_person=subject.is_natural_person)
    record = add_record(work, desk, entry=entry, subject=subject)
    work.record("record_entered", case_id=None, record=record.number, item=record.catalogue_item)
    return {"record_id": record.id, "is_new": True}


def list_wrong_fields(
    work: UnitOfWork, *, entry: NewRecord, subject: Subject, knows_bodies: bool = False
) -> dict[str, list[str]]:
    """Return what is wrong with each field of an entry; its bodies may be known to be there."""
    return {
        **_missing(entry),
        **_wrong_catalogue(work, entry, subject),
        **_wrong_words(entry, subject),
        **_wrong_days(entry, today=legal_date(work.command.now)),
        **({} if knows_bodies else _wrong_bodies(work, entry)),
    }


def texts_of(entry: NewRecord) -> tuple[str, ...]:
    """Return the texts of an entry that are searched for what may not be collected."""
    return (entry.title, entry.base_document, entry.lawful_basis)


def is_same_record(record: CreditRecord, entry: NewRecord) -> bool:
    """Say whether an entry tells what the register holds: that is no second record."""
    return (
        record.subject_id,
        record.recogniser_id,
        record.catalogue_item,
        record.title,
        record.base_document,
        record.base_document_on,
    ) == (
        entry.subject_id,
        entry.recogniser_id,
        entry.catalogue_item,
        entry.title.strip()[:200],
        entry.base_document.strip()[:120],
        entry.base_document_on,
    )


def add_record(work: UnitOfWork, desk: Desk, *, entry: NewRecord, subject: Subject) -> CreditRecord:
    """Add the rows of a checked entry: the record, unpublished, and its first version."""
    record, first = make_record(work, desk, entry=entry, subject=subject)
    work.session.add(record)
    work.session.flush()
    work.session.add(first)
    return record


def make_record(
    work: UnitOfWork, desk: Desk, *, entry: NewRecord, subject: Subject
) -> tuple[CreditRecord, RecordVersion]:
    """Return the rows of a checked entry, to be written in this order."""
    now = work.command.now
    acted_on = entry.misconduct_ended_on or entry.base_document_on
    record = CreditRecord(
        id=new_id(),
        office_id=work.command.office_id,
        number=normal_text(entry.number)[:40],
        subject_id=subject.id,
        recogniser_id=entry.recogniser_id,
        source_unit_id=entry.source_unit_id or entry.recogniser_id,
        catalogue_item=entry.catalogue_item,
        area=entry.area,
        title=entry.title.strip()[:200],
        source_kind=entry.source_kind,
        base_document=entry.base_document.strip()[:120],
        base_document_on=entry.base_document_on,
        lawful_basis=entry.lawful_basis.strip()[:400],
        origin=entry.origin,
        default_type=entry.default_type,
        tier=entry.tier,
        misconduct_ended_on=entry.misconduct_ended_on,
        is_protected=was_minor_on(work.session, desk, subject=subject, on=acted_on),
        is_published=False,
        entered_at=now,
        entered_by_id=work.command.actor.person_id,
    )
    content = {"title": record.title, "items": [dict(item) for item in entry.items]}
    first = RecordVersion(
        office_id=record.office_id,
        record_id=record.id,
        version=1,
        content=content,
        status="active",
        recorded_at=now,
        reason=FIRST_RECORDED,
        person_id=work.command.actor.person_id,
    )
    return record, first


def _missing(entry: NewRecord) -> dict[str, list[str]]:
    given = {
        "number": entry.number,
        "title": entry.title,
        "base_document": entry.base_document,
        "lawful_basis": entry.lawful_basis,
    }
    return {name: ["check.required"] for name, text in given.items() if not text.strip()}


def _wrong_catalogue(work: UnitOfWork, entry: NewRecord, subject: Subject) -> dict[str, list[str]]:
    """Return what speaks against the catalogue item (R19, N26)."""
    today = legal_date(work.command.now)
    item = find_item(
        work.session, office_id=work.command.office_id, key=entry.catalogue_item, on=today
    )
    if item is None:
        return {"catalogue_item": ["check.not_in_catalogue"]}
    if not item.is_confirmed:
        return {"catalogue_item": ["check.catalogue_unconfirmed"]}
    if not item.fits(subject_kind=subject.kind, division=subject.division_code):
        return {"catalogue_item": ["check.catalogue_other_subject"]}
    return {}


def _wrong_words(entry: NewRecord, subject: Subject) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    for field in ("area", "source_kind", "default_type"):
        key = str(getattr(entry, field))
        if key and not _holds(read_words(f"{field}s").get(key), subject):
            wrong[field] = ["check.not_choice"]
    if not entry.area or not entry.source_kind:
        wrong["area" if not entry.area else "source_kind"] = ["check.required"]
    default = read_words("default_types").get(entry.default_type)
    if default is not None and default.area != entry.area:
        wrong["default_type"] = ["check.default_type_other_area"]
    if entry.tier not in TIERS:
        wrong["tier"] = ["check.not_choice"]
    if entry.origin not in ORIGINS:
        wrong["origin"] = ["check.not_choice"]
    return wrong


def _holds(word: Word | None, subject: Subject) -> bool:
    return word is not None and subject.division_code.startswith(word.division)


def _wrong_days(entry: NewRecord, *, today: date) -> dict[str, list[str]]:
    days = {
        "base_document_on": entry.base_document_on,
        "misconduct_ended_on": entry.misconduct_ended_on,
    }
    return {name: ["check.date_in_future"] for name, on in days.items() if on and on > today}


def _wrong_bodies(work: UnitOfWork, entry: NewRecord) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    for field in ("recogniser_id", "source_unit_id"):
        body_id = getattr(entry, field)
        if body_id is None:
            continue
        body = work.session.get(Organisation, body_id)
        if body is None or body.office_id != work.command.office_id:
            wrong[field] = ["check.organisation_unknown"]
    return wrong
