"""Pages for what the office agrees on: rule packs with confirmations, remedies with signatures."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from notifications.letters.remedies import read_remedies
from webapp.current import current_post, desk, office, reads, run
from webapp.presenters.rule_words import value_words
from webapp.texts import t
from webapp.views.admin.base import pages, section_links
from webapp.views.admin.returned import UNTOUCHED, Returned, take_back
from workflows.errors import CaseworkError, InvalidAnswer
from workflows.models import new_id
from workflows.services.agree_rules import confirm_rule as confirm
from workflows.services.agree_rules import propose_pack as propose
from workflows.services.agree_rules import sign_remedy as sign
from workflows.services.agree_rules import withdraw_confirmation as withdraw
from workflows.services.read_agreed import list_confirmations, list_proposals, list_signatures


@pages.get("/admin/packs")
def packs() -> str:
    """Show every parameter with source, rank, validity and whether it is confirmed here."""
    return packs_page(UNTOUCHED)


@pages.post("/admin/packs")
def propose_pack() -> Response | tuple[str, int]:
    """Put a rule pack forward for a second person's approval."""
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise InvalidAnswer("error.file_needed", fields={"file": ["error.file_needed"]})
        content, name = file.read(), file.filename
        run("propose_pack", lambda work: propose(work, desk(), content=content, source=name))
    except CaseworkError as error:
        return _sent_back(error)
    flash(t("admin.proposed"), "act")
    return redirect(url_for("admin.packs"))


@pages.post("/admin/packs/<pack_id>/<parameter_hash>/confirm")
def confirm_rule(pack_id: str, parameter_hash: str) -> Response | tuple[str, int]:
    """Confirm a parameter against the text that was read."""
    text = request.form.get("against_text", "")
    try:
        result = run(
            "confirm_rule",
            lambda work: confirm(
                work, desk(), pack_id=pack_id, parameter_hash=parameter_hash, against_text=text
            ),
        )
    except CaseworkError as error:
        return _sent_back(error)
    flash(t("admin.confirmed", parameter=result["parameter"]), "act")
    return redirect(url_for("admin.packs", _anchor=f"row-{parameter_hash[:12]}"))


@pages.post("/admin/packs/<pack_id>/<parameter_hash>/withdraw")
def withdraw_confirmation(pack_id: str, parameter_hash: str) -> Response | tuple[str, int]:
    """Take a confirmation back."""
    reason = request.form.get("reason", "")
    try:
        result = run(
            "withdraw_confirmation",
            lambda work: withdraw(
                work, desk(), pack_id=pack_id, parameter_hash=parameter_hash, reason=reason
            ),
        )
    except CaseworkError as error:
        return _sent_back(error)
    flash(t("admin.withdrawn", parameter=result["parameter"]), "act")
    return redirect(url_for("admin.packs", _anchor=f"row-{parameter_hash[:12]}"))


@pages.get("/admin/remedies")
def remedies() -> str:
    """Show the remedies table with who signed which row."""
    post = current_post()
    return render_template(
        "admin/remedies.html",
        tabs=section_links("remedies"),
        rows=read_remedies(division=office().division_code).rows,
        signed=list_signatures(reads(), office_id=office().id),
        may_sign=post is not None and post.role == "legal_reviewer",
    )


@pages.post("/admin/remedies/sign")
def sign_remedy() -> Response:
    """Sign a row of the remedies table as it stands."""
    key, row_hash = request.form.get("row_key", ""), request.form.get("row_hash", "")
    rows = read_remedies(division=office().division_code).rows
    if (key, row_hash) not in {(row.id, row.hash) for row in rows}:
        # The words changed while the page was open: what was read is not what would be signed.
        flash(t("admin.remedy_changed"), "risk")
        return redirect(url_for("admin.remedies"))
    run(
        "sign_remedy",
        lambda work: sign(work, desk(), row_key=key, row_hash=row_hash),
        once=f"{key}:{row_hash[:12]}",
    )
    flash(t("admin.remedy_signed"), "act")
    return redirect(url_for("admin.remedies"))


def packs_page(returned: Returned) -> str:
    """Return the page of rule packs, with a form that came back if there is one."""
    post = current_post()
    role = post.role if post else ""
    return render_template(
        "admin/packs.html",
        tabs=section_links("packs"),
        packs=desk().rules(reads(), office().id).packs,
        confirmations=list_confirmations(reads(), office_id=office().id),
        proposals=list_proposals(reads(), office_id=office().id, kind="pack"),
        me=post.person_id if post else "",
        may_confirm=role == "legal_reviewer",
        may_propose=role == "system_admin",
        only=request.args.get("only", ""),
        returned=returned,
        value_words=value_words,
        command_id=new_id(),
    )


def _sent_back(error: CaseworkError) -> tuple[str, int]:
    returned = take_back(error)
    return packs_page(returned), returned.status
