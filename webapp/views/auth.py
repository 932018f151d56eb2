"""Log in, choose the post to act in, log out."""

from __future__ import annotations

import secrets
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from flask import Blueprint, redirect, render_template, request, session, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from webapp.business_clock import machine_now
from webapp.current import desk, now, office, parts, reads, today
from webapp.limits import GUESSES, limiter
from webapp.phrases import Phrase
from webapp.return_paths import safe_target
from workflows.errors import NotAllowed
from workflows.events import SYSTEM, Command
from workflows.models import Login, Post, new_id
from workflows.storage.unit_of_work import UnitOfWork

pages = Blueprint("auth", __name__)

hasher = PasswordHasher()
# Checked when the name is unknown, so that the answer takes as long either way.
NOBODY = hasher.hash("nobody's password")
TRIES = 5
LOCKED_FOR = timedelta(minutes=15)


@pages.route("/login", methods=["GET", "POST"])
@limiter.limit(GUESSES, methods=["POST"])
def login() -> str | Response | tuple[str, int]:
    """Show the log-in page, or log in and go back to where one was."""
    where = safe_target(request.values.get("next", ""))
    if request.method == "GET":
        expired = request.args.get("expired") == "1"
        return render_template(
            "auth/login.html",
            where=where,
            expired=expired,
            problem=None,
            username="",
            demo_logins=_demo_logins(),
        )
    username = request.form.get("username", "").strip()
    found = check_password(username, request.form.get("password", ""))
    if found is None:
        page = render_template(
            "auth/login.html",
            where=where,
            expired=False,
            username=username,
            problem=Phrase("auth.wrong", {}),
            demo_logins=_demo_logins(),
        )
        return page, 422
    _enter(found)
    return redirect(where or url_for("home"))


@pages.post("/logout")
def logout() -> Response:
    """Leave; drafts stay on the server."""
    session.clear()
    return redirect(url_for("auth.login"))


@pages.get("/posts/<post_id>")
def choose_post(post_id: str) -> Response:
    """Act in another of one's own posts from now on."""
    post = reads().get(Post, post_id)
    if post is None or post.person_id != session.get("person_id") or not post.is_held_on(today()):
        raise NotAllowed("error.not_your_post")
    session["post_id"] = post.id
    return redirect(url_for("home"))


def check_password(username: str, password: str) -> Login | None:
    """Return the log-in if name and password fit and it is neither locked nor switched off."""
    query = select(Login).where(Login.office_id == office().id, Login.username == username)
    found = reads().scalars(query).first()
    is_open = found is not None and found.is_active and not _is_locked(found)
    try:
        hasher.verify(found.password_hash if found else NOBODY, password)
    except Argon2Error:
        if found is not None:
            _count_failure(found.id)
        return None
    return found if is_open else None


def _enter(found: Login) -> None:
    query = select(Post).where(Post.person_id == found.person_id).order_by(Post.valid_from.desc())
    held = [post for post in reads().scalars(query) if post.is_held_on(today())]
    if not held:
        raise NotAllowed("error.no_post")
    visitor = session.get("visitor")
    session.clear()
    session["visitor"] = visitor or secrets.token_hex(16)
    session["person_id"] = found.person_id
    session["post_id"] = held[0].id
    session["stamp"] = found.stamp
    session.permanent = True
    _record(found.id, failed=False)


def _is_locked(found: Login) -> bool:
    return found.locked_until is not None and found.locked_until > machine_now()


def _count_failure(login_id: str) -> None:
    _record(login_id, failed=True)


def _record(login_id: str, *, failed: bool) -> None:
    """Keep that somebody logged in or failed to, in the office's audit stream."""

    def work(unit: UnitOfWork) -> None:
        row = unit.session.get_one(Login, login_id)
        row.failed_count = row.failed_count + 1 if failed else 0
        row.locked_until = machine_now() + LOCKED_FOR if row.failed_count >= TRIES else None
        unit.record("login_failed" if failed else "logged_in", case_id=None, login=login_id)

    command = Command(id=new_id(), name="log_in", actor=SYSTEM, now=now(), office_id=office().id)
    desk().bus.run(command, work)


def _demo_logins() -> list[tuple[str, str, str]]:
    """Return (name, user name, role) of the demo's people; nothing outside the demo."""
    if not parts().settings.is_demo:
        return []
    query = (
        select(Login.username, Post)
        .join(Post, Post.person_id == Login.person_id)
        .where(Login.office_id == office().id)
        .order_by(Login.username)
    )
    return [(post.person.name, username, post.role) for username, post in reads().execute(query)]
