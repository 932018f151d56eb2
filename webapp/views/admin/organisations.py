"""Pages to keep the bodies that recognise, sanction, receive and report."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.current import desk, office, reads, run, today
from webapp.forms.checks import CheckContext, check_uscc
from webapp.texts import t
from webapp.views.admin.base import pages, section_links
from webapp.views.admin.people import posted_date
from webapp.views.admin.returned import UNTOUCHED, Returned, take_back
from workflows.errors import CaseworkError, InvalidAnswer
from workflows.models import new_id
from workflows.services.check_identifier import clean_code
from workflows.services.keep_people import ORGANISATION_KINDS
from workflows.services.keep_people import add_organisation as add_body
from workflows.services.read_people import list_bodies


@pages.get("/admin/organisations")
def organisations() -> str:
    """List the bodies this office works with."""
    return _page(UNTOUCHED)


@pages.post("/admin/organisations")
def add_organisation() -> Response | tuple[str, int]:
    """Enter a body."""
    form = request.form
    try:
        since, credit_code = posted_date("since"), posted_code("credit_code")
        run(
            "add_organisation",
            lambda work: add_body(
                work,
                desk(),
                name=form.get("name", ""),
                name_en=form.get("name_en", ""),
                code=form.get("code", ""),
                credit_code=credit_code,
                division_code=form.get("division_code", "").strip(),
                kind=form.get("kind", ""),
                since=since,
            ),
        )
    except CaseworkError as error:
        returned = take_back(error)
        return _page(returned), returned.status
    flash(t("admin.organisation_added"), "act")
    return redirect(url_for("admin.organisations"))


def posted_code(name: str) -> str:
    """Return a posted unified social credit code, or nothing; raises InvalidAnswer for a wrong one.

    A body's own code is entered once, by us, from its certificate: here a slip can be refused.
    """
    code = clean_code(request.form.get(name, ""))
    complaint = check_uscc(code, CheckContext(today=today())) if code else None
    if complaint is not None:
        raise InvalidAnswer(complaint.key, fields={name: [complaint.key]}, **complaint.facts)
    return code


def _page(returned: Returned) -> str:
    return render_template(
        "admin/organisations.html",
        tabs=section_links("organisations"),
        organisations=list_bodies(reads(), office_id=office().id),
        kind_choices=[(kind, t(f"admin.kind.{kind}")) for kind in ORGANISATION_KINDS],
        today=today(),
        returned=returned,
        command_id=new_id(),
    )
