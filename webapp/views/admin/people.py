"""Pages to keep people, posts and log-ins."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import date

from argon2 import PasswordHasher
from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.current import COMMAND_FIELD, desk, office, reads, run, today
from webapp.texts import t
from webapp.views.admin.base import pages, section_links
from webapp.views.admin.returned import UNTOUCHED, Returned, take_back
from workflows.errors import CaseworkError, InvalidAnswer
from workflows.models import Post, new_id
from workflows.services.keep_people import POST_ROLES
from workflows.services.keep_people import add_person as enter_person
from workflows.services.keep_people import end_post as end_tenure
from workflows.services.keep_people import give_post as give_tenure
from workflows.services.keep_people import set_login as set_access
from workflows.services.read_people import list_bodies, list_logins, list_posts


@pages.get("/admin/people")
def people() -> str:
    """List people with their posts, past ones too."""
    return _page(UNTOUCHED)


@pages.post("/admin/people")
def add_person() -> Response | tuple[str, int]:
    """Enter a person with a first password, which is shown once."""
    password = make_password()
    form = request.form
    try:
        run(
            "add_person",
            lambda work: enter_person(
                work,
                desk(),
                name=form.get("name", ""),
                name_en=form.get("name_en", ""),
                email=form.get("email", ""),
                username=form.get("username", ""),
                password_hash=PasswordHasher().hash(password),
            ),
        )
    except CaseworkError as error:
        return _sent_back(error)
    flash(t("admin.person_added", username=form.get("username", ""), password=password), "act")
    return redirect(url_for("admin.people"))


@pages.post("/admin/people/<person_id>/posts")
def give_post(person_id: str) -> Response | tuple[str, int]:
    """Give a person a post."""
    form = request.form
    try:
        since = posted_date("since")
        run(
            "give_post",
            lambda work: give_tenure(
                work,
                desk(),
                person_id=person_id,
                organisation_id=form.get("organisation_id", ""),
                role=form.get("role", ""),
                since=since,
            ),
        )
    except CaseworkError as error:
        return _sent_back(error)
    flash(t("admin.post_given"), "act")
    return redirect(url_for("admin.people"))


@pages.post("/admin/posts/<post_id>/end")
def end_post(post_id: str) -> Response | tuple[str, int]:
    """End a tenure."""
    try:
        last_day = posted_date("last_day")
        result = run(
            "end_post", lambda work: end_tenure(work, desk(), post_id=post_id, last_day=last_day)
        )
    except CaseworkError as error:
        return _sent_back(error)
    flash(t("admin.post_ended", count=result["released"]), "act")
    return redirect(url_for("admin.people"))


@pages.post("/admin/people/<person_id>/login")
def set_login(person_id: str) -> Response | tuple[str, int]:
    """Give a new password, or switch the log-in on or off."""
    is_active = request.form.get("is_active") == "1"
    password = make_password() if request.form.get("reset") == "1" else ""
    try:
        run(
            "set_login",
            lambda work: set_access(
                work,
                desk(),
                person_id=person_id,
                password_hash=PasswordHasher().hash(password) if password else "",
                is_active=is_active,
            ),
        )
    except CaseworkError as error:
        return _sent_back(error)
    message = t("admin.password_reset", password=password) if password else t("admin.login_set")
    flash(message, "act")
    return redirect(url_for("admin.people"))


def make_password() -> str:
    """Return a password of this form's own: a double click shows the same one, and it works."""
    given = request.form.get(COMMAND_FIELD) or new_id()
    key = str(current_app.config["SECRET_KEY"]).encode()
    digest = hmac.new(key, f"password:{given}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:12]).decode()


def posted_date(name: str) -> date:
    """Return a posted ISO date, or raise InvalidAnswer."""
    try:
        return date.fromisoformat(request.form.get(name, "").strip())
    except ValueError:
        raise InvalidAnswer("error.date_needed", fields={name: ["error.date_needed"]}) from None


def _page(returned: Returned) -> str:
    office_id = office().id
    posts: dict[str, list[Post]] = {}
    for post in list_posts(reads(), office_id=office_id):
        posts.setdefault(post.person_id, []).append(post)
    return render_template(
        "admin/people.html",
        tabs=section_links("people"),
        logins=list_logins(reads(), office_id=office_id),
        posts=posts,
        role_choices=[(role, t(f"role.{role}")) for role in sorted(POST_ROLES)],
        body_choices=[
            (body.id, body.name)
            for body in list_bodies(reads(), office_id=office_id)
            if body.valid_to is None
        ],
        today=today(),
        returned=returned,
        command_id=new_id(),
    )


def _sent_back(error: CaseworkError) -> tuple[str, int]:
    returned = take_back(error)
    return _page(returned), returned.status
