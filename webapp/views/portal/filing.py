"""File an objection: whatever is doubtful about it, it is numbered and its clock starts (E)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Response, jsonify, make_response, redirect, render_template, request, session
from flask import url_for as url
from werkzeug.wrappers import Response as BaseResponse

from webapp.current import desk, holder, office, parts, reads, run
from webapp.errors import status_of, wants_json, words_of
from webapp.forms import storable, validate
from webapp.phrases import Phrase, phrase
from webapp.texts import moment, say
from webapp.uploading import take_in
from webapp.views.officer.declared_forms import form_context, posted_answers
from webapp.views.portal.door import my_case, open_case_for_visitor, pages
from webapp.views.portal.enter import list_bodies
from webapp.views.portal.forms import draw, keep_draft, portal_form
from workflows.errors import InvalidAnswer
from workflows.models import Organisation
from workflows.services.open_case import Filing, open_objection
from workflows.services.read_case import list_clocks
from workflows.services.work_on_task import forget_draft
from workflows.storage.unit_of_work import UnitOfWork

FORM = "filing_portal"
PLACE = "filing:portal"


@pages.get("/portal/file")
def file() -> str:
    """Show the filing form, with the draft kept in this browser's name."""
    body = _body(request.args.get("body", ""))
    return _page(body)


@pages.post("/portal/file")
def submit() -> str | BaseResponse | tuple[str, int]:
    """Receive the filing. Only an unfinished form comes back; doubts are kept, never refused."""
    body = _body(request.form.get("body", ""))
    definition = portal_form(FORM, None)
    answers = posted_answers(definition)
    checked = validate(definition, answers, context=form_context(definition, answers=answers))
    if not checked.is_valid:
        return _page(body, values=answers, errors=checked.errors), 422
    doubts = [found.key for found in _phrases(checked.doubts)]
    content = {**storable(definition, checked.clean), "doubts": doubts}
    filing = make_filing(checked.clean, content=content, body_id=body.id)
    who = holder()

    def work(unit: UnitOfWork) -> dict[str, Any]:
        forget_draft(unit, holder=who, place=PLACE)
        return open_objection(unit, desk(), filing=filing)

    result = run("file_objection", work)
    session["receipt_code"] = result["query_code"]
    open_case_for_visitor(str(result["case_id"]))
    parts().tick()
    return redirect(url("portal.receipt"))


@pages.post("/portal/file/draft")
def save_draft() -> Response | BaseResponse:
    """Keep the half-filled filing."""
    saved_at = keep_draft(portal_form(FORM, None), PLACE)
    return draft_answer(saved_at, url("portal.file", body=request.form.get("body", "")))


@pages.post("/portal/uploads")
def upload() -> Response:
    """Take a file in while the form is being filled."""
    posted = request.files.get("file")
    if posted is None or not posted.filename:
        return make_response(jsonify(error=say(phrase("check.required_file"))), 422)
    try:
        staged = take_in(posted)
    except InvalidAnswer as problem:
        return make_response(jsonify(error=say(words_of(problem))), status_of(problem))
    return make_response(jsonify(token=staged["token"], name=staged["name"]), 201)


@pages.get("/portal/receipt")
def receipt() -> str:
    """Show case number, query code and the date by which one hears."""
    case = my_case()
    clock = next((row for row in list_clocks(reads(), case_id=case.id) if row.name == "reply"), None)
    return render_template(
        "portal/receipt.html", case=case, code=session.get("receipt_code", ""), clock=clock
    )


def draft_answer(saved_at: str, back: str) -> Response | BaseResponse:
    """Answer the page's script with a sentence, a plain form post with the page again."""
    if wants_json():
        at = moment(datetime.fromisoformat(saved_at))
        return make_response(jsonify(saved=say(phrase("form.draft.saved", at=at))), 200)
    return redirect(back)


def make_filing(clean: Mapping[str, Any], *, content: dict[str, Any], body_id: str) -> Filing:
    """Return the filing that a filled portal form means."""
    return Filing(
        channel="portal",
        subject_name=str(clean.get("subject_name") or ""),
        subject_code=str(clean.get("subject_code") or clean.get("subject_id_number") or ""),
        subject_kind=str(clean.get("subject_kind") or "enterprise"),
        record_number=str(clean.get("record_reference") or ""),
        receiving_organisation_id=body_id,
        contact_name=str(clean.get("applicant_name") or ""),
        contact_phone=str(clean.get("phone") or ""),
        contact_identity=str(clean.get("applicant_id_number") or ""),
        contact_email=str(clean.get("email") or ""),
        postal_address=str(clean.get("postal_address") or ""),
        is_agent=clean.get("applicant_role") == "agent",
        consents_to_electronic_service=bool(clean.get("electronic_consent")),
        content=content,
    )


def _page(
    body: Organisation, *, values: Mapping[str, Any] | None = None, errors: Any = None
) -> str:
    view = draw(
        portal_form(FORM, None),
        place=PLACE,
        action=url("portal.submit"),
        draft_url=url("portal.save_draft"),
        values=values,
        errors=errors,
        hidden=(("body", body.code),),
        submit="portal.file.submit",
    )
    return render_template("portal/file.html", form=view, body=body)


def _body(code: str) -> Organisation:
    bodies = list_bodies()
    if not bodies:
        raise InvalidAnswer("error.office_not_found", office=office().id if office() else "")
    return next((body for body in bodies if body.code == code), bodies[0])


def _phrases(doubts: Any) -> list[Phrase]:
    return [found for several in (doubts or {}).values() for found in several]
