"""File a case: whatever is doubtful about it, it is numbered and its clock starts (E)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response as FlaskResponse
from flask import flash, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.current import desk, holder, office, parts, reads, run
from webapp.errors import status_of, words_of
from webapp.forms import FormDefinition, storable, validate
from webapp.forms.rendering import Errors, FormLink
from webapp.forms.validation import Validated
from webapp.limits import limiter
from webapp.phrases import Words, phrase
from webapp.texts import current_texts, say, t
from webapp.uploading import take_in
from webapp.views.filing_kinds import asked_kind
from webapp.views.officer.declared_forms import form_context, new_command_id
from webapp.views.portal.clock_face import find_reply_clock, reply_face
from webapp.views.portal.door import my_case, open_case_for_visitor, pages
from webapp.views.portal.forms import (
    Place,
    doubt_lines,
    draw,
    keep_draft,
    portal_form,
    read_posted,
)
from workflows.engine.process_facts import process_facts
from workflows.errors import InvalidAnswer
from workflows.models import Case, Organisation
from workflows.services.open_case import OBJECTION, Filing, open_case
from workflows.services.read_portal import list_bodies, list_letters_for_subject
from workflows.services.work_on_task import forget_draft
from workflows.storage.unit_of_work import UnitOfWork

PLACE = "filing:portal"
CHANNEL = "portal"
AS_IT_IS = "as_it_is"
# How many stages a receipt looks ahead.
NEXT_STEPS = 5
INCOMPLETE = "filed_incomplete"
# Without these nothing can be numbered and clocked: whose record it is, and of what kind.
NEEDED = ("subject_kind", "subject_name")
UPLOADS = "60 per minute; 600 per hour"


@pages.get("/portal/file")
def file() -> str:
    """Show the filing form, with the draft kept in this browser's name."""
    return _page(_body(request.args.get("body", "")))


@pages.post("/portal/file")
def submit() -> Response | tuple[str, int]:
    """Receive the filing. An unfinished form comes back once; as it is, it is filed on demand."""
    body = _body(request.form.get("body", ""))
    definition = _form()
    posted = read_posted(definition)
    context = form_context(definition, answers=posted.answers)
    checked = validate(definition, posted.answers, context=context)
    errors = {**checked.errors, **posted.refused}
    is_wanted = AS_IT_IS in request.form and _can_be_numbered(checked)
    if errors and not is_wanted:
        page = _page(
            body, values=posted.answers, errors=errors, may_go_on=_can_be_numbered(checked)
        )
        return page, 422
    case_id = _open(body, definition, checked, answers=posted.answers)
    for doubt in doubt_lines(definition, checked.doubts):
        flash(t("portal.receipt.doubt", doubt=doubt), "risk")
    open_case_for_visitor(case_id)
    parts().tick()
    return redirect(url_for("portal.receipt"), 303)


@pages.post("/portal/file/draft")
def save_draft() -> Response:
    """Keep the half-filled filing."""
    back = _address()
    return keep_draft(_form(), _draft_place(), back=back)


@pages.post("/portal/file/discard")
def discard() -> Response:
    """Throw the draft away: the next one at this computer need not read it."""
    who, place = holder(), _draft_place()
    run(
        "discard_draft",
        lambda work: forget_draft(work, holder=who, place=place),
        once=new_command_id(),
    )
    flash(t("portal.file.discarded"))
    return redirect(_address())


@pages.post("/portal/uploads")
@limiter.limit(UPLOADS)
def upload() -> FlaskResponse:
    """Take a file in while the form is being filled."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return make_response(jsonify(error=t("check.required_file")), 422)
    try:
        staged = take_in(sent)
    except InvalidAnswer as problem:
        return make_response(jsonify(error=say(words_of(problem))), status_of(problem))
    return make_response(jsonify(token=staged["token"], name=staged["name"]), 201)


@pages.get("/portal/receipt")
def receipt() -> str:
    """Show case number, query code and the date by which one hears."""
    case = my_case()
    letters = list_letters_for_subject(reads(), case_id=case.id)
    return render_template(
        "portal/receipt.html",
        case=case,
        code=desk().vault.open(reads(), owner_id=case.id, value=case.query_code),
        clock=reply_face(case, find_reply_clock(case)),
        paper=next((letter for letter in letters if letter.kind == "receipt"), None),
        doubts=_doubts_of(case),
        title=phrase(f"portal.receipt.title{'' if case.kind == OBJECTION else '.other'}"),
        next_steps=_next_steps(case),
    )


def _next_steps(case: Case) -> list[Words]:
    """Return what comes next, as the process itself tells its stages."""
    if case.kind == OBJECTION:
        return [phrase(f"portal.receipt.next.{number}") for number in (1, 2, 3)]
    stages = process_facts(desk().bundle(reads(), case.bundle_hash)).stages[1:]
    keys = [f"portal.stage.{stage['key']}" for stage in stages]
    return [phrase(key) for key in keys[:NEXT_STEPS] if current_texts().has(key)]


def show_again() -> str:
    """Show a filing whose page had expired, with everything that was typed and sent."""
    posted = read_posted(_form())
    return _page(
        _body(request.form.get("body", "")),
        values=posted.answers,
        problem=phrase("portal.page_expired"),
    )


def _open(
    body: Organisation,
    definition: FormDefinition,
    checked: Validated,
    *,
    answers: Mapping[str, Any],
) -> str:
    """Open the case and return its id; the draft is used up with it."""
    content = {**storable(definition, checked.clean), "doubts": _doubt_codes(checked)}
    if checked.errors:
        content["as_typed"] = _as_typed(definition, checked, answers)
    kind = asked_kind(CHANNEL).key
    filing = make_filing(checked.clean, content=content, body_id=body.id, kind=kind)
    who, place = holder(), _draft_place()

    def work(unit: UnitOfWork) -> dict[str, Any]:
        forget_draft(unit, holder=who, place=place)
        opened = open_case(unit, desk(), filing=filing)
        # The query code is the filer's secret: the trail of commands does not keep it.
        return {"case_id": opened["case_id"], "number": opened["number"]}

    return str(run("file_case", work)["case_id"])


def make_filing(
    clean: Mapping[str, Any], *, content: dict[str, Any], body_id: str, kind: str = OBJECTION
) -> Filing:
    """Return the filing that a filled portal form means."""
    return Filing(
        kind=kind,
        channel=CHANNEL,
        party_role=str(clean.get("party_role") or ""),
        subject_name=str(clean.get("subject_name") or ""),
        subject_code=str(clean.get("subject_code") or clean.get("subject_id_number") or ""),
        subject_kind=str(clean.get("subject_kind") or ""),
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


def _can_be_numbered(checked: Validated) -> bool:
    return all(checked.clean.get(key) for key in NEEDED)


def _doubt_codes(checked: Validated) -> list[str]:
    """Return what the examiner should look at: the questions in doubt, and an unfinished form."""
    return sorted(checked.doubts) + ([INCOMPLETE] if checked.errors else [])


def _as_typed(
    definition: FormDefinition, checked: Validated, answers: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what stood in the questions that did not pass, so that nothing is lost."""
    return {
        question.key: answers[question.key]
        for question in definition.fields
        if question.key in checked.errors
        and answers.get(question.key)
        and not question.is_protected
        and question.kind != "filepicker"
    }


def _doubts_of(case: Case) -> list[Words]:
    """Return what the office will look at, in words for the filer."""
    keys = [f"portal.doubt.{code}" for code in case.flags.get("doubts", [])]
    return [phrase(key) for key in keys if current_texts().has(key)]


def _page(
    body: Organisation,
    *,
    values: Mapping[str, Any] | None = None,
    errors: Errors | None = None,
    may_go_on: bool = False,
    problem: Words | None = None,
) -> str:
    kind = asked_kind(CHANNEL)
    place = Place(
        draft=_draft_place(),
        action=url_for("portal.submit"),
        draft_url=url_for("portal.save_draft"),
        submit=phrase("portal.file.submit" if kind.key == OBJECTION else "portal.event.submit"),
        hidden=(("body", body.code), ("kind", kind.key)),
        link=FormLink(phrase("portal.file.back"), url_for("portal.home")),
    )
    view = draw(_form(), place, values=values, errors=errors)
    return render_template(
        "portal/file.html",
        form=view,
        body=body,
        kind=kind,
        bodies=list_bodies(reads(), office_id=office().id),
        may_go_on=may_go_on,
        as_it_is=AS_IT_IS,
        problem=problem,
    )


def _form() -> FormDefinition:
    kind = asked_kind(CHANNEL)
    return portal_form(kind.form, None, kind=kind.key)


def _draft_place() -> str:
    return PLACE + asked_kind(CHANNEL).place


def _address() -> str:
    """Return the form's own address: whom one writes to and about what."""
    kind = asked_kind(CHANNEL).key
    return url_for("portal.file", body=request.form.get("body", ""), kind=kind)


def _body(code: str) -> Organisation:
    bodies = list_bodies(reads(), office_id=office().id)
    if not bodies:
        raise InvalidAnswer("error.office_not_found")
    return next((body for body in bodies if body.code == code), bodies[0])
