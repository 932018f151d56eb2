"""Read people, their posts past and present, their log-ins, and the bodies they work for."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from workflows.errors import NotFound
from workflows.models import Login, Organisation, Person, Post

# Asked for by every page, so they are put together once.
_STAMPS = select(Login.stamp).where(Login.person_id == bindparam("person_id"), Login.is_active)
_HELD = (
    select(Post.id, Post.role)
    .where(
        Post.person_id == bindparam("person_id"),
        Post.valid_from <= bindparam("on"),
        or_(Post.valid_to.is_(None), Post.valid_to >= bindparam("on")),
    )
    .order_by(Post.valid_from.desc(), Post.role, Post.id)
)


def find_login(session: Session, *, office_id: str, username: str) -> Login | None:
    """Return the log-in of that user name, or None."""
    query = select(Login).where(Login.office_id == office_id, Login.username == username)
    return session.scalars(query).first()


def list_logins(session: Session, *, office_id: str) -> list[Login]:
    """Return the office's log-ins with their people, by user name."""
    query = select(Login).where(Login.office_id == office_id).order_by(Login.username)
    return list(session.scalars(query))


def list_stamps(session: Session, *, person_id: str) -> frozenset[str]:
    """Return the stamps with which this person's sessions are still good."""
    return frozenset(session.scalars(_STAMPS, {"person_id": person_id}))


def get_person(session: Session, *, person_id: str, office_id: str) -> Person:
    """Return a person of this office, or raise NotFound."""
    person = session.get(Person, person_id)
    if person is None or person.office_id != office_id:
        raise NotFound("error.person_not_found")
    return person


def list_held_posts(session: Session, *, person_id: str, on: date) -> list[Post]:
    """Return the posts a person holds that day, the one held last first."""
    query = select(Post).where(Post.person_id == person_id)
    rows = session.scalars(query.order_by(Post.valid_from.desc(), Post.role, Post.id))
    return [post for post in rows if post.is_held_on(on)]


def list_held_roles(session: Session, *, person_id: str, on: date) -> list[tuple[str, str]]:
    """Return (post, role) of the posts a person holds that day, in the same order."""
    rows = session.execute(_HELD, {"person_id": person_id, "on": on})
    return [(row.id, row.role) for row in rows]


def list_posts(session: Session, *, office_id: str, role: str = "") -> list[Post]:
    """Return the office's posts, past ones too, the oldest first; ``role`` narrows them."""
    query = select(Post).where(Post.office_id == office_id)
    if role:
        query = query.where(Post.role == role)
    return list(session.scalars(query.order_by(Post.valid_from, Post.role, Post.id)))


def list_bodies(session: Session, *, office_id: str, kind: str = "") -> list[Organisation]:
    """Return the bodies this office works with, past ones too, by division and name."""
    query = select(Organisation).where(Organisation.office_id == office_id)
    if kind:
        query = query.where(Organisation.kind == kind)
    return list(session.scalars(query.order_by(Organisation.division_code, Organisation.name)))
