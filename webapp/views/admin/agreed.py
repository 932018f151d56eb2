"""Pages for what the office agrees on: rule packs with confirmations, remedies with signatures."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from notifications.letters.remedies import read_remedies
from webapp.current import current_post, desk, office, reads, run
from webapp.texts import t
from webapp.views.admin.base import pages, section_links
from workflows.errors import InvalidAnswer
from workflows.models import Deployment, Person, RemedySignature, RuleConfirmation, new_id
from workflows.services.agree_rules import confirm_rule as confirm
from workflows.services.agree_rules import propose_pack as propose
from workflows.services.agree_rules import sign_remedy as sign
from workflows.services.agree_rules import withdraw_confirmation as withdraw


@pages.get("/admin/packs")
def packs() -> str:
    """Show every parameter with source, rank, validity and whether it is confirmed here."""
    book = desk().rules(reads(), office().id)
    confirmations = {
        (row.pack_id, row.parameter_hash): (row, name)
        for row, name in reads().execute(
            select(RuleConfirmation, Person.name)
            .join(Person, Person.id == RuleConfirmation.confirmed_by_id)
            .where(
                RuleConfirmation.office_id == office().id,
                RuleConfirmation.withdrawn_at.is_(None),
            )
        )
    }
    post = current_post()
    return render_template(
        "admin/packs.html",
        tabs=section_links("packs"),
        packs=book.packs,
        confirmations=confirmations,
        proposals=list_proposals("pack"),
        may_confirm=post is not None and post.role == "legal_reviewer",
        may_propose=post is not None and post.role == "system_admin",
        only=request.args.get("only", ""),
        command_id=new_id(),
    )


@pages.post("/admin/packs")
def propose_pack() -> Response:
    """Put a rule pack forward for a second person's approval."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise InvalidAnswer("error.file_needed")
    content, name = file.read(), file.filename
    run("propose_pack", lambda work: propose(work, desk(), content=content, source=name))
    flash(t("admin.proposed"), "act")
    return redirect(url_for("admin.packs"))


@pages.post("/admin/packs/<pack_id>/<parameter_hash>/confirm")
def confirm_rule(pack_id: str, parameter_hash: str) -> Response:
    """Confirm a parameter against the text that was read."""
    text = request.form.get("against_text", "")
    result = run(
        "confirm_rule",
        lambda work: confirm(
            work, desk(), pack_id=pack_id, parameter_hash=parameter_hash, against_text=text
        ),
    )
    flash(t("admin.confirmed", parameter=result["parameter"]), "act")
    return redirect(url_for("admin.packs", _anchor=parameter_hash[:12]))


@pages.post("/admin/packs/<pack_id>/<parameter_hash>/withdraw")
def withdraw_confirmation(pack_id: str, parameter_hash: str) -> Response:
    """Take a confirmation back."""
    reason = request.form.get("reason", "")
    run(
        "withdraw_confirmation",
        lambda work: withdraw(
            work, desk(), pack_id=pack_id, parameter_hash=parameter_hash, reason=reason
        ),
    )
    return redirect(url_for("admin.packs", _anchor=parameter_hash[:12]))


@pages.get("/admin/remedies")
def remedies() -> str:
    """Show the remedies table with who signed which row."""
    signed = {
        (row.row_key, row.row_hash): row
        for row in reads().scalars(
            select(RemedySignature).where(RemedySignature.office_id == office().id)
        )
    }
    post = current_post()
    return render_template(
        "admin/remedies.html",
        tabs=section_links("remedies"),
        rows=read_remedies(division=office().division_code).rows,
        signed=signed,
        may_sign=post is not None and post.role == "legal_reviewer",
        command_id=new_id(),
    )


@pages.post("/admin/remedies/sign")
def sign_remedy() -> Response:
    """Sign a row of the remedies table as it stands."""
    key, row_hash = request.form.get("row_key", ""), request.form.get("row_hash", "")
    run(
        "sign_remedy",
        lambda work: sign(work, desk(), row_key=key, row_hash=row_hash),
        once=f"{key}:{row_hash[:12]}",
    )
    flash(t("admin.remedy_signed"), "act")
    return redirect(url_for("admin.remedies"))


def list_proposals(kind: str) -> list[Deployment]:
    """Return what was put forward or decided, newest first."""
    query = select(Deployment).where(Deployment.office_id == office().id, Deployment.kind == kind)
    return list(reads().scalars(query.order_by(Deployment.proposed_at.desc()).limit(30)))
