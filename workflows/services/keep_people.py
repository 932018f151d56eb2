"""Keep bodies, people, posts and log-ins: superseded with validity, never overwritten (R140)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from workflows.clock.terms import legal_date
from workflows.errors import Conflict, InvalidAnswer, NotFound
from workflows.models import Login, Organisation, Person, Post, Task, new_id
from workflows.services.agree_rules import ROLES
from workflows.services.desk import Desk
from workflows.services.list_tasks import IS_OPEN
from workflows.storage.unit_of_work import UnitOfWork

ADMIN_ROLES = frozenset({"system_admin", "security_admin", "audit_admin"})
ORGANISATION_KINDS = ("lead", "recognition", "platform", "upstream", "other")
POST_ROLES = (ROLES - {"system"}) | ADMIN_ROLES


def add_person(
    work: UnitOfWork,
    desk: Desk,
    *,
    name: str,
    name_en: str,
    email: str,
    username: str,
    password_hash: str,
) -> dict[str, Any]:
    """Enter a person with a log-in; posts are added one by one. A taken user name is a Conflict."""
    office_id = work.command.office_id
    given = {"name": name, "username": username}
    missing = {field: ["check.required"] for field, text in given.items() if not text.strip()}
    if missing:
        raise InvalidAnswer(fields=missing)
    query = select(Login).where(Login.office_id == office_id, Login.username == username.strip())
    if work.session.scalars(query).first() is not None:
        raise InvalidAnswer(
            "error.username_taken",
            fields={"username": ["error.username_taken"]},
            username=username.strip(),
        )
    person = Person(
        id=new_id(), office_id=office_id, name=name.strip(), name_en=name_en.strip(), email=email
    )
    work.session.add(person)
    work.session.flush()
    work.session.add(
        Login(
            office_id=office_id,
            person_id=person.id,
            username=username.strip(),
            password_hash=password_hash,
        )
    )
    work.record("person_added", case_id=None, person=person.id)
    return {"person_id": person.id}


def give_post(
    work: UnitOfWork, desk: Desk, *, person_id: str, organisation_id: str, role: str, since: date
) -> dict[str, Any]:
    """Give a person a post from a day on.

    The three administrators are kept apart (三员分立): nobody holds two of their posts, or one of
    them beside casework.
    """
    person = _person(work, person_id)
    if role not in POST_ROLES:
        raise InvalidAnswer(fields={"role": ["check.not_choice"]})
    _check_separation(work, person, role, since)
    body = work.session.get(Organisation, organisation_id)
    if body is None or body.office_id != work.command.office_id:
        raise NotFound("error.organisation_not_found")
    post = Post(
        id=new_id(),
        office_id=work.command.office_id,
        person_id=person.id,
        organisation_id=organisation_id,
        role=role,
        valid_from=since,
    )
    work.session.add(post)
    work.record("post_given", case_id=None, person=person.id, role=role, since=since.isoformat())
    return {"post_id": post.id}


def end_post(work: UnitOfWork, desk: Desk, *, post_id: str, last_day: date) -> dict[str, Any]:
    """End a tenure on its last day; open tasks of the holder go back to the pool of the post."""
    post = work.session.get(Post, post_id)
    if post is None or post.office_id != work.command.office_id:
        raise NotFound("error.post_not_found")
    if post.valid_to is not None and post.valid_to < legal_date(work.command.now):
        raise Conflict("error.post_ended_before", day=post.valid_to.isoformat())
    if last_day < post.valid_from:
        raise InvalidAnswer(
            "error.post_ends_before_it_begins",
            fields={"last_day": ["error.post_ends_before_it_begins"]},
            since=post.valid_from.isoformat(),
        )
    post.valid_to = last_day
    released = 0
    if last_day < legal_date(work.command.now):
        query = select(Task).where(
            Task.owner_key == post.person_id,
            Task.role == post.role,
            Task.organisation_id == post.organisation_id,
            IS_OPEN,
        )
        for task in work.session.scalars(query):
            task.owner_id = None
            task.claimed_at = None
            released += 1
    work.record(
        "post_ended",
        case_id=None,
        person=post.person_id,
        role=post.role,
        last_day=last_day.isoformat(),
        released=released,
    )
    return {"post_id": post.id, "released": released}


def set_login(
    work: UnitOfWork, desk: Desk, *, person_id: str, password_hash: str, is_active: bool
) -> dict[str, Any]:
    """Set a new password or switch a log-in off; every open session of it ends."""
    query = select(Login).where(
        Login.person_id == person_id, Login.office_id == work.command.office_id
    )
    login = work.session.scalars(query).first()
    if login is None:
        raise NotFound("error.person_not_found")
    if password_hash:
        login.password_hash = password_hash
    login.is_active = is_active
    login.stamp = new_id()
    login.failed_count = 0
    login.locked_until = None
    work.record("login_set", case_id=None, person=person_id, is_active=is_active)
    return {"person_id": person_id}


def add_organisation(
    work: UnitOfWork,
    desk: Desk,
    *,
    name: str,
    name_en: str,
    code: str,
    credit_code: str,
    division_code: str,
    kind: str,
    since: date,
) -> dict[str, Any]:
    """Enter a body with its division code and the day from which it exists here."""
    _check_body(name=name, code=code, division_code=division_code, kind=kind)
    office_id = work.command.office_id
    query = select(Organisation).where(
        Organisation.office_id == office_id,
        Organisation.code == code.strip(),
        Organisation.valid_to.is_(None),
    )
    if work.session.scalars(query).first() is not None:
        raise InvalidAnswer(
            "error.organisation_code_taken",
            fields={"code": ["error.organisation_code_taken"]},
            code=code.strip(),
        )
    body = Organisation(
        id=new_id(),
        office_id=office_id,
        name=name.strip(),
        name_en=name_en.strip(),
        code=code.strip(),
        credit_code=credit_code.strip().upper(),
        division_code=division_code,
        kind=kind,
        valid_from=since,
    )
    work.session.add(body)
    work.record("organisation_added", case_id=None, organisation=body.name)
    return {"organisation_id": body.id}


def _check_body(*, name: str, code: str, division_code: str, kind: str) -> None:
    """Refuse a body whose name, code or division (N39) cannot be."""
    wrong: dict[str, list[str]] = {}
    if not name.strip():
        wrong["name"] = ["check.required"]
    if not code.strip():
        wrong["code"] = ["check.required"]
    if not (len(division_code) == 6 and division_code.isascii() and division_code.isdigit()):
        wrong["division_code"] = ["check.division_code"]
    if kind not in ORGANISATION_KINDS:
        wrong["kind"] = ["check.not_choice"]
    if wrong:
        raise InvalidAnswer(fields=wrong)


def _person(work: UnitOfWork, person_id: str) -> Person:
    person = work.session.get(Person, person_id)
    if person is None or person.office_id != work.command.office_id:
        raise NotFound("error.person_not_found")
    return person


def _check_separation(work: UnitOfWork, person: Person, role: str, since: date) -> None:
    query = select(Post).where(Post.person_id == person.id)
    held = {post.role for post in work.session.scalars(query) if post.is_held_on(since)}
    if not held or held == {role}:
        return
    if role in ADMIN_ROLES or held & ADMIN_ROLES:
        raise Conflict("error.three_administrators", person=person.name)
