"""Pages to keep people, posts, log-ins and bodies."""

from __future__ import annotations

import secrets
from datetime import date

from argon2 import PasswordHasher
from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from webapp.current import desk, office, reads, run, today
from webapp.texts import t
from webapp.views.admin.base import pages, section_links
from workflows.errors import InvalidAnswer
from workflows.models import Login, Organisation, Post, new_id
from workflows.services.keep_people import (
    POST_ROLES,
)
from workflows.services.keep_people import (
    add_organisation as add_body,
)
from workflows.services.keep_people import (
    add_person as enter_person,
)
from workflows.services.keep_people import (
    end_post as end_tenure,
)
from workflows.services.keep_people import (
    give_post as give_tenure,
)
from workflows.services.keep_people import (
    set_login as set_access,
)

ORGANISATION_KINDS = ("lead", "recognition", "platform", "upstream", "other")
SHORTEST_PASSWORD = 12


@pages.get("/admin/people")
def people() -> str:
    """List people with their posts, past ones too."""
    logins = reads().scalars(
        select(Login).where(Login.office_id == office().id).order_by(Login.username)
    )
    posts: dict[str, list[Post]] = {}
    query = select(Post).where(Post.office_id == office().id).order_by(Post.valid_from)
    for post in reads().scalars(query):
        posts.setdefault(post.person_id, []).append(post)
    return render_template(
        "admin/people.html",
        tabs=section_links("people"),
        logins=logins.all(),
        posts=posts,
        roles=sorted(POST_ROLES),
        organisations=list_organisations(),
        today=today(),
        command_id=new_id(),
    )


@pages.post("/admin/people")
def add_person() -> Response:
    """Enter a person with a first password, which is shown once."""
    password = secrets.token_urlsafe(12)
    form = request.form
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
    flash(t("admin.person_added", username=form.get("username", ""), password=password), "act")
    return redirect(url_for("admin.people"))


@pages.post("/admin/people/<person_id>/posts")
def give_post(person_id: str) -> Response:
    """Give a person a post."""
    form = request.form
    run(
        "give_post",
        lambda work: give_tenure(
            work,
            desk(),
            person_id=person_id,
            organisation_id=form.get("organisation_id", ""),
            role=form.get("role", ""),
            since=posted_date("since"),
        ),
    )
    flash(t("admin.post_given"), "act")
    return redirect(url_for("admin.people"))


@pages.post("/admin/posts/<post_id>/end")
def end_post(post_id: str) -> Response:
    """End a tenure."""
    last_day = posted_date("last_day")
    result = run(
        "end_post", lambda work: end_tenure(work, desk(), post_id=post_id, last_day=last_day)
    )
    flash(t("admin.post_ended", count=result["released"]), "act")
    return redirect(url_for("admin.people"))


@pages.post("/admin/people/<person_id>/login")
def set_login(person_id: str) -> Response:
    """Give a new password, or switch the log-in on or off."""
    is_active = request.form.get("is_active") == "1"
    password = secrets.token_urlsafe(12) if request.form.get("reset") == "1" else ""
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
    message = t("admin.password_reset", password=password) if password else t("admin.login_set")
    flash(message, "act")
    return redirect(url_for("admin.people"))


@pages.get("/admin/organisations")
def organisations() -> str:
    """List the bodies this office works with."""
    return render_template(
        "admin/organisations.html",
        tabs=section_links("organisations"),
        organisations=list_organisations(),
        kinds=ORGANISATION_KINDS,
        today=today(),
        command_id=new_id(),
    )


@pages.post("/admin/organisations")
def add_organisation() -> Response:
    """Enter a body."""
    form = request.form
    run(
        "add_organisation",
        lambda work: add_body(
            work,
            desk(),
            name=form.get("name", ""),
            name_en=form.get("name_en", ""),
            code=form.get("code", ""),
            credit_code=form.get("credit_code", ""),
            division_code=form.get("division_code", ""),
            kind=form.get("kind", "other"),
            since=posted_date("since"),
        ),
    )
    flash(t("admin.organisation_added"), "act")
    return redirect(url_for("admin.organisations"))


def list_organisations() -> list[Organisation]:
    """Return the office's bodies by division and name."""
    query = select(Organisation).where(Organisation.office_id == office().id)
    return list(reads().scalars(query.order_by(Organisation.division_code, Organisation.name)))


def posted_date(name: str) -> date:
    """Return a posted ISO date, or raise InvalidAnswer."""
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        raise InvalidAnswer("error.date_needed", fields={name: ["check.not_date"]}) from None
