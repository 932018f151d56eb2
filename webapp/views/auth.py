"""Log in, choose the post to act in, log out."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from webapp.business_clock import machine_now
from webapp.current import actor, current_post, desk, now, office, parts, reads, today
from webapp.demo.install_office import PASSWORD
from webapp.limits import GUESSES, limiter
from webapp.phrases import Phrase, phrase
from webapp.return_paths import safe_target
from webapp.texts import current_language
from workflows.errors import NotAllowed
from workflows.events import SYSTEM, Actor, Command
from workflows.models import Login, Post, new_id
from workflows.services.read_people import (
    find_login,
    list_held_posts,
    list_logins,
    list_posts,
)
from workflows.storage.unit_of_work import UnitOfWork

pages = Blueprint("auth", __name__)

hasher = PasswordHasher()
# Checked when the name is unknown, so that the answer takes as long either way.
NOBODY = hasher.hash("nobody's password")
TRIES = 5
LOCKED_FOR = timedelta(minutes=15)
# The demo lists its people in the order in which a case meets them.
ROLE_ORDER = (
    "window_clerk",
    "handler",
    "reviewer",
    "legal_reviewer",
    "approver",
    "platform_operator",
    "supervisor",
    "department_officer",
    "system_admin",
    "security_admin",
    "audit_admin",
)


@pages.route("/login", methods=["GET", "POST"])
@limiter.limit(GUESSES, methods=["POST"])
def login() -> str | Response | tuple[str, int]:
    """Show the log-in page, or log in and go back to where one was."""
    where = safe_target(request.values.get("next", ""))
    if request.method == "GET":
        return _page(where=where, is_expired=request.args.get("expired") == "1")
    username = request.form.get("username", "").strip()
    found = check_password(username, request.form.get("password", ""))
    if found is None:
        return _page(where=where, username=username, problem=phrase("auth.wrong")), 422
    held = list_held_posts(reads(), person_id=found.person_id, on=today())
    if not held:
        return _page(where=where, username=username, problem=phrase("error.no_post")), 422
    _enter(found, held[0])
    return redirect(where or url_for("home"))


@pages.post("/logout")
def logout() -> Response:
    """Leave; drafts stay on the server."""
    post = current_post()
    if post is not None:
        _note("log_out", lambda unit: unit.record("logged_out", case_id=None), actor=actor())
    session.clear()
    return redirect(url_for("auth.login"))


@pages.get("/posts/<post_id>")
def choose_post(post_id: str) -> Response:
    """Act in another of one's own posts from now on."""
    person_id = str(session.get("person_id", ""))
    held = list_held_posts(reads(), person_id=person_id, on=today())
    if post_id not in {post.id for post in held}:
        raise NotAllowed("error.not_your_post")
    session["post_id"] = post_id
    return redirect(url_for("home"))


def check_password(username: str, password: str) -> Login | None:
    """Return the log-in if name and password fit and it is neither locked nor switched off."""
    found = find_login(reads(), office_id=office().id, username=username)
    is_open = found is not None and found.is_active and not _is_locked(found)
    try:
        hasher.verify(found.password_hash if found else NOBODY, password)
    except Argon2Error:
        if found is not None:
            _count_failure(found.id)
        return None
    return found if is_open else None


def _page(
    *, where: str, is_expired: bool = False, username: str = "", problem: Phrase | None = None
) -> str:
    return render_template(
        "auth/login.html",
        where=where,
        expired=is_expired,
        problem=problem,
        username=username,
        demo_logins=_demo_logins(),
        demo_password=PASSWORD if parts().settings.is_demo else "",
    )


def _enter(found: Login, post: Post) -> None:
    visitor = session.get("visitor")
    session.clear()
    session["visitor"] = visitor or secrets.token_hex(16)
    session["person_id"] = found.person_id
    session["post_id"] = post.id
    session["stamp"] = found.stamp
    session["seen"] = int(machine_now().timestamp())
    session.permanent = True
    _note_success(found)


def _is_locked(found: Login) -> bool:
    return found.locked_until is not None and found.locked_until > machine_now()


def _count_failure(login_id: str) -> None:
    """Count a wrong password; the fifth in a row locks, and a lock that is over counts anew."""

    def work(unit: UnitOfWork) -> None:
        row = unit.session.get_one(Login, login_id)
        if not _is_locked(row):
            row.failed_count = 1 if row.locked_until is not None else row.failed_count + 1
            row.locked_until = machine_now() + LOCKED_FOR if row.failed_count >= TRIES else None
        unit.record("login_failed", case_id=None, login=login_id)

    _note("log_in", work, actor=SYSTEM)


def _note_success(found: Login) -> None:
    def work(unit: UnitOfWork) -> None:
        row = unit.session.get_one(Login, found.id)
        row.failed_count, row.locked_until = 0, None
        unit.record("logged_in", case_id=None, login=found.id)

    _note("log_in", work, actor=Actor(kind="person", person_id=found.person_id))


def _note(name: str, work: Callable[[UnitOfWork], None], *, actor: Actor) -> None:
    """Keep in the office's audit stream who came, went, or was refused."""
    by = replace(actor, origin=(request.remote_addr or "")[:60])
    command = Command(id=new_id(), name=name, actor=by, now=now(), office_id=office().id)
    desk().bus.run(command, work)


@dataclass(frozen=True)
class DemoLogin:
    """One of the demo's people, with the posts and the body of the first of them."""

    username: str
    name: str
    roles: tuple[str, ...]
    body: str


def _demo_logins() -> list[DemoLogin]:
    """Return the demo's people in the order of the work; nothing outside the demo."""
    if not parts().settings.is_demo:
        return []
    held: dict[str, list[Post]] = {}
    for post in list_posts(reads(), office_id=office().id):
        if post.is_held_on(today()):
            held.setdefault(post.person_id, []).append(post)
    english = current_language() == "en"
    found: list[tuple[tuple[str, ...], DemoLogin]] = []
    for row in list_logins(reads(), office_id=office().id):
        posts = sorted(held.get(row.person_id, ()), key=lambda post: ROLE_ORDER.index(post.role))
        if not posts:
            continue
        body = posts[0].organisation
        person = row.person
        entry = DemoLogin(
            username=row.username,
            name=person.name_en if english and person.name_en else person.name,
            roles=tuple(post.role for post in posts),
            body=body.name_en if english and body.name_en else body.name,
        )
        found.append((_place_in_line(posts), entry))
    return [entry for _, entry in sorted(found, key=lambda each: (each[0], each[1].username))]


def _place_in_line(posts: Sequence[Post]) -> tuple[str, ...]:
    """Return what sorts a person: the lead department's posts first, in the order of the work."""
    is_lead = posts[0].organisation.kind == "lead"
    return ("0" if is_lead else "1", f"{ROLE_ORDER.index(posts[0].role):02}")
