"""Enter what came by window, post, hotline or another body. Nothing is refused (E)."""

from __future__ import annotations

from collections.abc import Mapping
from secrets import token_hex
from typing import Any

from flask import Response as FlaskResponse
from flask import flash, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.current import actor, desk, holder, note_read, office, reads, run, today
from webapp.errors import status_of, wants_json, words_of
from webapp.forms.definition import FormDefinition
from webapp.forms.rendering import Errors, FormFrame, FormView, form_view
from webapp.forms.validation import Validated, storable, validate
from webapp.phrases import Phrase, Words, phrase
from webapp.presenters.cases import Crumb
from webapp.texts import say, t
from webapp.views.filing_kinds import asked_kind, offered_kinds
from webapp.views.officer.clock_faces import clock_faces
from webapp.views.officer.declared_forms import (
    form_context,
    load_form,
    new_command_id,
    posted_answers,
    upload_frame,
)
from webapp.views.officer.door import pages
from webapp.views.officer.matter import doubt_words
from webapp.views.officer.page_facts import get_case
from webapp.views.officer.work_form import split_effect
from workflows.errors import CaseworkError, InvalidAnswer, NotFound
from workflows.services.find_case import find_record, find_subject
from workflows.services.keep_drafts import find_draft, get_file, read_draft, save_draft
from workflows.services.list_documents import find_notice
from workflows.services.open_case import OBJECTION, Filing, open_case
from workflows.services.read_case import find_case_by_number
from workflows.services.work_on_task import forget_draft
from workflows.storage.unit_of_work import UnitOfWork

PLACE = "filing:window"
GO_ON = "accept_doubts"
CHANNEL = "window"
CONTESTED = "contested_case"
# The service's field -> the form's question.
FIELDS = {"backdate_reason": "received_reason", "received_on": "received_on"}


@pages.get("/filings/new")
def new_filing() -> str:
    """Show the window's form, with what this clerk had begun."""
    return _page(values=None)


@pages.post("/filings/new")
def enter_filing() -> Response | FlaskResponse:
    """Number and clock the filing; what is doubtful about it is asked about once, then accepted."""
    definition = _definition()
    raw = posted_answers(definition)
    context = form_context(definition, answers=raw)
    checked = validate(definition, raw, context=context)
    errors = {**checked.errors, **_backdating(checked)}
    doubts = {**checked.doubts, **_register_doubts(checked)}
    is_told = request.form.get(GO_ON) == "1"
    if errors or (doubts and not is_told):
        _keep(raw)
        return make_response(_page(values=raw, errors=errors, doubts=doubts), 422)
    try:
        result = _open(definition, checked, doubts)
    except InvalidAnswer as problem:
        _keep(raw)
        return make_response(_page(values=raw, errors=_errors(problem), doubts=doubts), 422)
    except CaseworkError as problem:
        _keep(raw)
        page = _page(values=raw, doubts=doubts, problem=words_of(problem))
        return make_response(page, status_of(problem))
    flash(t("filing.done", number=result["number"]), "act")
    return redirect(url_for("officer.filed", case_id=result["case_id"]))


@pages.post("/filings/draft")
def save_filing_draft() -> Response | FlaskResponse:
    """Keep the half-filled form of this clerk."""
    raw = posted_answers(_definition())
    said = say(phrase("form.draft.saved", at=_keep(raw)))
    if wants_json():
        return jsonify(saved=said)
    flash(said, "act")
    return redirect(url_for("officer.new_filing", kind=asked_kind(CHANNEL).key))


@pages.get("/filings/<case_id>")
def filed(case_id: str) -> str:
    """Show what the filer takes along: number, query code, receipt; the code's showing is kept."""
    case = get_case(case_id)
    code = desk().vault.open(reads(), owner_id=case.id, value=case.query_code)
    note_read("query_code", case_id=case.id)
    lead, _ = clock_faces(case, tasks=())
    return render_template(
        "officer/filed.html",
        case=case,
        query_code=code,
        lead=lead,
        doubts=doubt_words(case),
        receipt=find_notice(reads(), case_id=case.id, kind="receipt"),
        crumbs=(
            Crumb(phrase("app.area.inbox"), url_for("officer.inbox")),
            Crumb(case.number, url_for("officer.case", case_id=case.id), is_code=True),
            Crumb(phrase("filing.done.title")),
        ),
    )


def _definition() -> FormDefinition:
    kind = asked_kind(CHANNEL)
    bundle = desk().active_bundle(reads(), office_id=office().id, key=kind.key)
    return load_form(bundle, kind.form)


def _place() -> str:
    return PLACE + asked_kind(CHANNEL).place


def _page(
    *,
    values: Mapping[str, Any] | None,
    errors: Errors | None = None,
    doubts: Errors | None = None,
    problem: Words | None = None,
) -> str:
    form, kind = _form(values, errors or {}, doubts or {}), asked_kind(CHANNEL)
    return render_template(
        "officer/filing.html",
        form=form,
        kind=kind,
        kinds=offered_kinds(CHANNEL),
        is_doubtful=bool(doubts) and not errors,
        problem=problem,
        crumbs=(
            Crumb(phrase("app.area.inbox"), url_for("officer.inbox")),
            Crumb(phrase("filing.title") if kind.key == OBJECTION else form.title),
        ),
    )


def _form(values: Mapping[str, Any] | None, errors: Errors, doubts: Errors) -> FormView:
    definition, effect = split_effect(_definition())
    saved_at, is_kept = None, values is not None
    if values is None:
        values, saved_at = _draft()
    if values is None:
        values = {question.key: question.default for question in definition.fields}
        values.update(channel=CHANNEL, channel_body="office", received_on=today())
    ask_first = bool(doubts) and not errors
    frame = FormFrame(
        action=url_for("officer.enter_filing"),
        command_id=request.form.get("command_id") or new_command_id(),
        submit=phrase("filing.submit_doubtful" if ask_first else "filing.submit"),
        effect=effect or phrase("filing.effect"),
        draft_url=url_for("officer.save_filing_draft"),
        draft_state=phrase("form.draft.saved", at=saved_at) if saved_at else "",
        upload=upload_frame(),
        hidden=(("kind", asked_kind(CHANNEL).key), *(((GO_ON, "1"),) if ask_first else ())),
        is_kept=is_kept,
    )
    context = form_context(definition, answers=values)
    return form_view(
        definition, frame=frame, context=context, values=values, errors=errors, doubts=doubts
    )


def _open(
    definition: FormDefinition, checked: Validated, doubts: Mapping[str, Any]
) -> Mapping[str, Any]:
    filing = _filing(definition, checked, doubts)
    who, place = holder(), _place()

    def work(unit: UnitOfWork) -> Mapping[str, Any]:
        result = open_case(unit, desk(), filing=filing)
        forget_draft(unit, holder=who, place=place)
        return result

    return run("open_case", work)


def _filing(definition: FormDefinition, checked: Validated, doubts: Mapping[str, Any]) -> Filing:
    clean = checked.clean
    evidence = _file_names(clean.get("received_evidence"))
    content = storable(definition, clean)
    content["doubts"] = sorted(doubts)
    return Filing(
        kind=asked_kind(CHANNEL).key,
        channel=str(clean["channel"]),
        party_role=str(clean.get("party_role") or ""),
        subject_name=str(clean.get("subject_name") or ""),
        subject_code=str(clean.get("subject_code") or clean.get("subject_id_number") or ""),
        subject_kind=str(clean["subject_kind"]),
        record_number=str(clean.get("record_reference") or ""),
        receiving_organisation_id=str(actor().organisation_id),
        received_on=clean.get("received_on"),
        backdate_reason=str(clean.get("received_reason") or ""),
        backdate_evidence=evidence,
        contact_name=str(clean.get("applicant_name") or ""),
        contact_phone=str(clean.get("phone") or ""),
        contact_identity=str(clean.get("applicant_id_number") or ""),
        contact_email=str(clean.get("email") or ""),
        postal_address=str(clean.get("postal_address") or ""),
        is_agent=clean.get("applicant_role") == "agent",
        consents_to_electronic_service=bool(clean.get("electronic_consent")),
        reopened_from_id=_case_named(clean, "former_case"),
        contests_case_id=_case_named(clean, CONTESTED),
        content=content,
    )


def _case_named(clean: Mapping[str, Any], field: str) -> str | None:
    number = str(clean.get(field) or "")
    if not number:
        return None
    found = find_case_by_number(reads(), number=number, actor=actor(), office_id=office().id)
    return found.id if found else None


def _file_names(tokens: Any) -> str:
    names: list[str] = []
    for token in tokens or ():
        try:
            names.append(get_file(reads(), file_id=str(token), office_id=office().id).name)
        except NotFound:
            continue
    return "、".join(names)


def _backdating(checked: Validated) -> dict[str, tuple[Phrase, ...]]:
    """Return what a date before today still needs: its reason and its evidence (O-2)."""
    received_on = checked.clean.get("received_on")
    if received_on is None or received_on >= today():
        return {}
    missing: dict[str, tuple[Phrase, ...]] = {}
    for key in ("received_reason", "received_evidence"):
        if not checked.clean.get(key):
            missing[key] = (phrase("check.backdate_needs_reason"),)
    return missing


def _register_doubts(checked: Validated) -> dict[str, tuple[Phrase, ...]]:
    """Return what the registers cannot confirm: a former case, a record, or whose it is."""
    clean = checked.clean
    if clean.get("channel") == "reopened" and _case_named(clean, "former_case") is None:
        return {"former_case": (phrase("filing.doubt.former_unknown"),)}
    if clean.get(CONTESTED) and _case_named(clean, CONTESTED) is None:
        return {CONTESTED: (phrase("filing.doubt.former_unknown"),)}
    number = str(clean.get("record_reference") or "")
    if not number:
        return {}
    record = find_record(reads(), office_id=office().id, number=number)
    if record is None:
        return {"record_reference": (phrase("filing.doubt.record_unknown"),)}
    code = str(clean.get("subject_code") or clean.get("subject_id_number") or "")
    subject = find_subject(reads(), office_id=office().id, code=code, vault=desk().vault)
    if subject is None or subject.id != record.subject_id:
        words = phrase("filing.doubt.not_subject", subject=record.subject.name)
        return {"record_reference": (words,)}
    return {}


def _errors(problem: InvalidAnswer) -> dict[str, tuple[Phrase, ...]]:
    return {
        FIELDS.get(field, field): tuple(Phrase(key, problem.facts) for key in keys)
        for field, keys in problem.fields.items()
    }


def _keep(raw: Mapping[str, Any]) -> Any:
    who, place = holder(), _place()
    run(
        "save_draft",
        lambda work: save_draft(work, desk(), holder=who, place=place, content=raw),
        once=token_hex(12),
    )
    draft = find_draft(reads(), holder=who, place=place)
    return draft.saved_at if draft else None


def _draft() -> tuple[Mapping[str, Any] | None, Any]:
    draft = find_draft(reads(), holder=holder(), place=_place())
    if draft is None:
        return None, None
    return read_draft(reads(), desk(), draft=draft), draft.saved_at
