"""Find cases, records and subjects: every query passes the one visibility filter."""

from __future__ import annotations

import unicodedata

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from workflows.errors import NotFound
from workflows.events import Actor
from workflows.models import Case, CreditRecord, Subject, Task
from workflows.storage.vault import Vault

# Posts that see every unrestricted case of the office; others see the cases they have work in.
SEES_OFFICE = (
    "window_clerk",
    "handler",
    "reviewer",
    "approver",
    "legal_reviewer",
    "platform_operator",
    "supervisor",
    "audit_admin",
)
SEES_RESTRICTED = ("handler", "reviewer", "approver", "legal_reviewer", "audit_admin")

# Under another name, because the query around the filter may itself list tasks.
WORK = aliased(Task)


def visible_cases(actor: Actor, *, office_id: str) -> ColumnElement[bool]:
    """Return the one filter that every query on cases passes.

    A department sees only the cases in which it has had work. Cases of natural persons stand in a
    restricted queue that employer and colleagues do not see (E, "Civil servants").
    """
    own_office: ColumnElement[bool] = Case.office_id == office_id
    works_in_it = exists().where(WORK.case_id == Case.id, is_work_of(actor))
    if actor.role not in SEES_OFFICE:
        return and_(own_office, works_in_it)
    if actor.role in SEES_RESTRICTED:
        return own_office
    return and_(own_office, or_(Case.is_restricted.is_(False), works_in_it))


def is_work_of(actor: Actor) -> ColumnElement[bool]:
    """Return the filter on WORK for what the post or the person has or has had to do."""
    of_post = and_(WORK.organisation_id == actor.organisation_id, WORK.role == actor.role)
    return or_(of_post, WORK.owner_id == actor.person_id)


def get_visible_case(session: Session, *, case_id: str, actor: Actor, office_id: str) -> Case:
    """Return the case if this post may see it, or raise NotFound either way."""
    query = select(Case).where(Case.id == case_id, visible_cases(actor, office_id=office_id))
    case = session.scalars(query).first()
    if case is None:
        raise NotFound("error.case_not_found")
    return case


def search_cases(
    session: Session, *, text: str, actor: Actor, office_id: str, limit: int = 50
) -> list[Case]:
    """Return visible cases whose number, title or subject holds the text, newest first."""
    wanted = f"%{normal_text(text)}%"
    query = (
        select(Case)
        .join(Subject, Subject.id == Case.subject_id)
        .where(
            visible_cases(actor, office_id=office_id),
            or_(
                Case.number.ilike(wanted),
                Case.title.ilike(wanted),
                Subject.name.ilike(wanted),
                Subject.credit_code.ilike(wanted),
            ),
        )
        .order_by(Case.registered_at.desc())
        .limit(limit)
    )
    return list(session.scalars(query))


def find_subject(session: Session, *, office_id: str, code: str, vault: Vault) -> Subject | None:
    """Return the subject with this credit code or identity number, or None."""
    plain = normal_code(code)
    if not plain:
        return None
    query = select(Subject).where(
        Subject.office_id == office_id,
        Subject.valid_to.is_(None),
        or_(Subject.credit_code == plain, Subject.identity_index == vault.blind_index(plain)),
    )
    return session.scalars(query).first()


def find_record(session: Session, *, office_id: str, number: str) -> CreditRecord | None:
    """Return the credit record of that number, or None."""
    plain = normal_text(number)
    query = select(CreditRecord).where(
        CreditRecord.office_id == office_id, CreditRecord.number == plain
    )
    return session.scalars(query).first() if plain else None


def normal_code(text: str) -> str:
    """Return a credit code or identity number as it is compared: in capitals, without blanks."""
    return normal_text(text).upper().replace(" ", "")


def normal_text(text: str) -> str:
    """Return the text in one width and without blanks around it: full-width forms become plain."""
    return unicodedata.normalize("NFKC", text).strip()
