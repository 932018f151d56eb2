"""The portal's front page, and proving that a case is one's own."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from webapp.current import desk, note_read, office, reads
from webapp.limits import GUESSES, limiter
from webapp.phrases import phrase
from webapp.views.portal.door import (
    ProofNeeded,
    close_case_for_visitor,
    open_case_for_visitor,
    pages,
)
from workflows.models import Case, CaseParty, Organisation
from workflows.services.find_case import normal_text
from workflows.services.open_case import proof_index

BODIES = ("lead", "platform")


@pages.get("/portal/")
def home() -> str:
    """Show the two ways in: file an objection, or follow one."""
    return render_template("portal/home.html", bodies=list_bodies(), problem=None, code="")


@pages.route("/portal/enter", methods=["GET", "POST"])
@limiter.limit(GUESSES, methods=["POST"])
def enter() -> str | Response | tuple[str, int]:
    """Open a case by its query code and something that is not public: the phone on file (E)."""
    if request.method == "GET":
        return render_template("portal/enter.html", problem=None, code="")
    code, proof = request.form.get("code", ""), request.form.get("proof", "")
    case_id = find_by_code(code, proof)
    if case_id is None:
        page = render_template(
            "portal/enter.html", problem=phrase("portal.enter.wrong"), code=code
        )
        return page, 422
    open_case_for_visitor(case_id)
    note_read("portal", case_id=case_id)
    return redirect(url_for("portal.case_page"))


@pages.post("/portal/leave")
def leave() -> Response:
    """Close the case on this computer."""
    close_case_for_visitor()
    return redirect(url_for("portal.home"))


@pages.get("/portal/accessibility")
def accessibility() -> str:
    """Say how the pages can be used, and whom to ask."""
    return render_template("portal/accessibility.html")


@pages.app_errorhandler(ProofNeeded)
def ask_for_proof(error: ProofNeeded) -> tuple[str, int]:
    """Ask for code and proof instead of showing a bare refusal."""
    return render_template("portal/enter.html", problem=phrase(error.key), code=""), 403


def list_bodies() -> list[Organisation]:
    """Return the bodies one may object to here: each is competent, and both may be asked (R1)."""
    query = select(Organisation).where(
        Organisation.office_id == office().id,
        Organisation.kind.in_(BODIES),
        Organisation.valid_to.is_(None),
    )
    return sorted(reads().scalars(query), key=lambda body: BODIES.index(body.kind))


def find_by_code(code: str, proof: str) -> str | None:
    """Return the case whose code and proof both fit; neither alone says anything."""
    plain = "".join(normal_text(code).split()).upper()
    index = proof_index(desk(), phone=proof)
    if not plain or not index:
        return None
    query = (
        select(Case.id)
        .join(CaseParty, CaseParty.case_id == Case.id)
        .where(
            Case.office_id == office().id,
            Case.query_code_index == desk().vault.blind_index(plain),
            CaseParty.proof_index == index,
            CaseParty.valid_to.is_(None),
        )
    )
    return reads().scalars(query).first()
