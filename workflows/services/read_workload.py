"""What is open in an office, to whom it falls, and how its cases ended: few, narrow queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select

from workflows.errors import NotFound
from workflows.events import Actor
from workflows.models import Answer, Case, CaseClock, Organisation, Person, Post, Subject, Task
from workflows.services.list_tasks import IS_OPEN
from workflows.storage.databases import ReadSession
from workflows.storage.reading import read_all, read_one
from workflows.storage.statements import Query

VERIFYING_FORMS = ("verify", "self_check")


@dataclass(frozen=True)
class OpenTask:
    """One open task, with what is needed to hand it to somebody."""

    id: str
    case_id: str
    case_number: str
    element: str
    form: str
    role: str
    organisation_id: str
    organisation_code: str
    owner_id: str | None
    opened_at: datetime


@dataclass(frozen=True)
class CaseFacts:
    """What people look up in a case before they fill a form in it."""

    record_id: str | None
    subject: str
    bundle_hash: str
    found: str


def list_open_tasks(session: ReadSession, *, office_id: str) -> list[OpenTask]:
    """Return all open tasks that the engine waits for, nearest deadline first."""
    query = (
        select(
            Task.id,
            Task.case_id,
            Case.number.label("case_number"),
            Task.element,
            Task.form,
            Task.role,
            Task.organisation_id,
            Organisation.code.label("organisation_code"),
            Task.owner_id,
            Task.opened_at,
        )
        .join(Case, Case.id == Task.case_id)
        .join(Organisation, Organisation.id == Task.organisation_id)
        .where(Task.office_id == office_id, IS_OPEN, Task.step_id.is_not(None))
        .order_by(Task.due_on.is_(None), Task.due_on, Case.number, Task.element, Organisation.code)
    )
    return [OpenTask(**row._mapping) for row in session.execute(query)]


CONCLUSIONS = Query(
    select(Answer.form, Answer.content)
    .where(
        Answer.case_id == bindparam("case_id"),
        or_(*(Answer.form == form for form in VERIFYING_FORMS)),
    )
    .order_by(Answer.answered_at.desc()),
    tuple,
)
CASE_FACTS = Query(
    select(Case.record_id, Subject.name, Case.bundle_hash)
    .join(Subject, Subject.id == Case.subject_id)
    .where(Case.id == bindparam("case_id")),
    tuple,
)


def get_case_facts(session: ReadSession, *, case_id: str, form: str) -> CaseFacts:
    """Return what a form of the case needs; the conclusion only where a finding is proposed."""
    found = _conclusion(session, case_id) if form == "propose_finding" else ""
    facts = read_one(session, CASE_FACTS, case_id=case_id)
    if facts is None:
        raise NotFound("error.case_not_found")
    record_id, subject, bundle_hash = facts
    return CaseFacts(record_id, subject, bundle_hash, found)


def _conclusion(session: ReadSession, case_id: str) -> str:
    said = [
        str(content.get("conclusion" if form == "verify" else "self_check") or "")
        for form, content in read_all(session, CONCLUSIONS, case_id=case_id)
    ]
    wrong = [each for each in said if each not in ("right", "matches_source", "cannot_verify")]
    return wrong[0] if wrong else "right"


def list_actors(session: ReadSession, *, office_id: str) -> list[Actor]:
    """Return the holder of every post, as somebody who acts."""
    query = (
        select(Post)
        .join(Person, Person.id == Post.person_id)
        .where(Post.office_id == office_id)
        .order_by(Person.name, Post.role)
    )
    return [
        Actor(
            kind="person",
            person_id=post.person_id,
            post_id=post.id,
            role=post.role,
            organisation_id=post.organisation_id,
            origin="simulation",
        )
        for post in session.scalars(query)
    ]


def list_bodies_by_code(session: ReadSession, *, office_id: str) -> Mapping[str, str]:
    """Return the ids of the office's organisations by code."""
    query = (
        select(Organisation.code, Organisation.id)
        .where(Organisation.office_id == office_id)
        .order_by(Organisation.code)
    )
    return {row.code: row.id for row in session.execute(query)}


def count_outcomes(session: ReadSession, *, office_id: str) -> dict[str, int]:
    """Return how many cases ended in each way; open ones under ``open``."""
    outcome = func.coalesce(func.nullif(Case.outcome, ""), "open")
    query = (
        select(Case.status, outcome, func.count())
        .where(Case.office_id == office_id)
        .group_by(Case.status, outcome)
    )
    counts: dict[str, int] = {}
    for status, name, count in session.execute(query):
        key = name if status == "closed" else "open"
        counts[key] = counts.get(key, 0) + count
    return counts


def count_reply_lateness(session: ReadSession, *, office_id: str) -> tuple[int, int]:
    """Return how many reply clocks have stopped, and how many of those too late."""
    query = select(func.count(), func.count().filter(CaseClock.late_by > 0)).where(
        CaseClock.office_id == office_id,
        CaseClock.name == "reply",
        CaseClock.status == "stopped",
    )
    stopped, late = session.execute(query).one()
    return int(stopped), int(late)
