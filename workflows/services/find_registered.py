"""Find subjects and records in the registers; every query passes the visibility filters here.

Records of natural persons and protected ones stand in the restricted queue, and nobody of the
employer sees them (E, "Civil servants"; R22). A department sees what it recognised or sanctions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select
from sqlalchemy.orm import Session, aliased

from workflows.errors import NotFound
from workflows.events import Actor
from workflows.models import CreditRecord, Sanction, Subject
from workflows.services.check_identifier import clean_code
from workflows.services.find_case import SEES_OFFICE, SEES_RESTRICTED, normal_text
from workflows.services.keep_subjects import PEOPLE
from workflows.storage.vault import Vault

MOST = 50
# Under another name, because the query around the filter may itself list records.
RECOGNISED = aliased(CreditRecord)


def visible_subjects(actor: Actor, *, office_id: str) -> ColumnElement[bool]:
    """Return the filter on subjects: a body's name and code are public, a person's are not."""
    return and_(Subject.office_id == office_id, or_(~_is_person(), _may_see_person(actor)))


def visible_records(actor: Actor, *, office_id: str) -> ColumnElement[bool]:
    """Return the filter on records, for queries that join their subject."""
    is_open = and_(~_is_person(), CreditRecord.is_protected.is_(False))
    own = CreditRecord.office_id == office_id
    return and_(own, _is_in_reach(actor), or_(is_open, _may_see_person(actor)))


def get_visible_subject(
    session: Session, *, subject_id: str, actor: Actor, office_id: str
) -> Subject:
    """Return the subject if this post may see it, or raise NotFound either way."""
    query = select(Subject).where(
        Subject.id == subject_id, visible_subjects(actor, office_id=office_id)
    )
    found = session.scalars(query).first()
    if found is None:
        raise NotFound("error.subject_not_found")
    return found


def get_visible_record(
    session: Session, *, record_id: str, actor: Actor, office_id: str
) -> CreditRecord:
    """Return the record if this post may see it, or raise NotFound either way."""
    query = _records(actor, office_id).where(CreditRecord.id == record_id)
    found = session.scalars(query).first()
    if found is None:
        raise NotFound("error.record_not_found")
    return found


def search_subjects(
    session: Session, *, text: str, actor: Actor, office_id: str, vault: Vault, limit: int = MOST
) -> list[Subject]:
    """Return visible subjects by part of a name, by code, or by a person's whole name or number.

    A natural person is found by the blind index of the whole name or number, never by a part.
    """
    words = normal_text(text)
    if not words:
        return []
    query = (
        select(Subject)
        .where(visible_subjects(actor, office_id=office_id), _names(text, vault))
        .order_by(Subject.valid_to.is_not(None), Subject.name, Subject.id)
    )
    return list(session.scalars(query.limit(limit)))


def search_records(
    session: Session,
    *,
    text: str,
    actor: Actor,
    office_id: str,
    vault: Vault,
    only: Sequence[ColumnElement[bool]] = (),
    limit: int = MOST,
) -> list[CreditRecord]:
    """Return visible records by number, title or document, or by whose they are; newest first."""
    query = _records(actor, office_id).where(*only)
    words = normal_text(text)
    if words:
        columns = (CreditRecord.number, CreditRecord.title, CreditRecord.base_document)
        held = [_holds(column, text) for column in columns]
        query = query.where(or_(*held, _names(text, vault)))
    newest = query.order_by(CreditRecord.base_document_on.desc(), CreditRecord.id)
    return list(session.scalars(newest.limit(limit)))


def list_records_of(
    session: Session, *, subject_id: str, actor: Actor, office_id: str
) -> list[CreditRecord]:
    """Return the visible records of a subject, newest first."""
    query = _records(actor, office_id).where(CreditRecord.subject_id == subject_id)
    return list(session.scalars(query.order_by(CreditRecord.base_document_on.desc()).limit(200)))


def _records(actor: Actor, office_id: str) -> Select[CreditRecord]:
    return (
        select(CreditRecord)
        .join(Subject, Subject.id == CreditRecord.subject_id)
        .where(visible_records(actor, office_id=office_id))
    )


def _is_person() -> ColumnElement[bool]:
    return Subject.kind.in_(PEOPLE)


def _may_see_person(actor: Actor) -> ColumnElement[bool]:
    """Return who may see a person: few posts, and nobody of the employer."""
    is_department = actor.role == "department_officer"
    if actor.kind == "person" and actor.role not in SEES_RESTRICTED and not is_department:
        return false()
    works_elsewhere = or_(
        Subject.employer_id.is_(None), Subject.employer_id != (actor.organisation_id or "")
    )
    if not is_department:
        return works_elsewhere
    recognised = exists().where(
        RECOGNISED.subject_id == Subject.id,
        RECOGNISED.recogniser_id == (actor.organisation_id or ""),
    )
    return and_(works_elsewhere, recognised)


def _is_in_reach(actor: Actor) -> ColumnElement[bool]:
    if actor.kind != "person" or actor.role in SEES_OFFICE:
        return CreditRecord.id.is_not(None)
    own = actor.organisation_id or ""
    sanctions = exists().where(Sanction.record_id == CreditRecord.id, Sanction.department_id == own)
    return or_(CreditRecord.recogniser_id == own, CreditRecord.source_unit_id == own, sanctions)


def _names(text: str, vault: Vault) -> ColumnElement[bool]:
    """Return the filter on a subject by its name or identifier."""
    code = clean_code(text)
    return or_(
        and_(~_is_person(), _holds(Subject.name, text)),
        Subject.credit_code == code,
        Subject.identity_index == vault.blind_index(code),
        Subject.name_index == vault.blind_index(normal_text(text)),
    )


def _holds(column: Any, text: str) -> ColumnElement[bool]:
    """Return whether the column holds the text, its brackets in full width or in half."""
    written = dict.fromkeys((text.strip(), normal_text(text)))
    return or_(*(column.icontains(words, autoescape=True) for words in written))
