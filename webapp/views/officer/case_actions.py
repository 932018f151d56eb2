"""What is done to a case beside its steps: papers that come in, parties that change, receipts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from secrets import token_hex
from typing import Any

from flask import Response as FlaskResponse
from flask import flash, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.current import actor, desk, holder, reads, run, today
from webapp.errors import status_of, wants_json, words_of
from webapp.forms.rendering import Errors, FormFrame, FormView, form_view
from webapp.forms.validation import storable, validate, variables
from webapp.phrases import Phrase, Words, phrase
from webapp.schemas.receipt_date import ReceiptProposal, read_schema
from webapp.texts import say, t
from webapp.views.officer.case_actions_offered import (
    ACTIONS,
    action_title,
    events_of,
    form_of_action,
    is_offered,
)
from webapp.views.officer.case_frame import case_frame, crumbs_of
from webapp.views.officer.declared_forms import (
    form_context,
    form_of_case,
    new_command_id,
    posted_answers,
    upload_frame,
)
from webapp.views.officer.door import pages
from webapp.views.officer.page_facts import get_case, looked_at
from webapp.views.officer.work_form import split_effect
from workflows.errors import CaseworkError, InvalidAnswer, NotAllowed, NotFound
from workflows.models import Case
from workflows.services.change_case import (
    change_party,
    file_supplement,
    note_litigation,
    propose_receipt_date,
    register_base_change,
    request_withdrawal,
)
from workflows.services.keep_drafts import find_draft, read_draft, save_draft
from workflows.services.receive_event import receive_event
from workflows.services.receive_exchange import record_receipt_by_hand
from workflows.services.work_on_task import forget_draft
from workflows.storage.unit_of_work import UnitOfWork

# What is said of an event that only the case's own process knows.
EVENT = "event"
Service = Callable[[UnitOfWork, Case, Mapping[str, Any], Mapping[str, Any]], Mapping[str, Any]]


@pages.get("/cases/<case_id>/actions/<action>")
def case_action(case_id: str, action: str) -> str:
    """Show the form of one thing that may be done to the case."""
    case = _case_for(case_id, action)
    looked_at(f"action:{action}", case)
    return _page(case, action)


@pages.post("/cases/<case_id>/actions/<action>")
def do_case_action(case_id: str, action: str) -> Response | FlaskResponse:
    """Do it; what was entered stays if it cannot be done."""
    case = _case_for(case_id, action)
    if action == "receipt_date":
        return _propose_receipt_date(case)
    definition = form_of_case(case, form_of_action(action, case))
    raw = posted_answers(definition)
    checked = validate(definition, raw, context=form_context(definition, answers=raw, case=case))
    if not checked.is_valid:
        return _again(case, action, raw, errors=checked.errors)
    content = storable(definition, checked.clean)
    who = holder()

    def work(unit: UnitOfWork) -> Mapping[str, Any]:
        result = _do(unit, case, action, content, checked.clean)
        forget_draft(unit, holder=who, place=_place(case, action))
        return result

    try:
        run(f"case_{action}", work, case_id=case.id)
    except InvalidAnswer as problem:
        return _again(case, action, raw, errors=_errors(problem), problem=problem)
    except CaseworkError as problem:
        return _again(case, action, raw, problem=problem)
    flash(t(f"action.{action if action in ACTIONS else EVENT}.done"), "act")
    return redirect(url_for("officer.case", case_id=case.id))


@pages.post("/cases/<case_id>/actions/<action>/draft")
def save_action_draft(case_id: str, action: str) -> Response | FlaskResponse:
    """Keep the half-filled form of this action."""
    case = _case_for(case_id, action)
    raw = posted_answers(form_of_case(case, form_of_action(action, case)))
    said = say(phrase("form.draft.saved", at=_keep(case, action, raw)))
    if wants_json():
        return jsonify(saved=said)
    flash(said, "act")
    return redirect(url_for("officer.case_action", case_id=case.id, action=action))


def _case_for(case_id: str, action: str) -> Case:
    case = get_case(case_id)
    if action not in ACTIONS and action not in events_of(case):
        raise NotFound("error.page_not_found")
    if not is_offered(action, case, actor()):
        raise NotAllowed("error.not_for_your_post")
    return case


def _page(
    case: Case,
    action: str,
    *,
    values: Mapping[str, Any] | None = None,
    errors: Errors | None = None,
    problem: Words | None = None,
    bad: Mapping[str, Words] | None = None,
) -> str:
    template = (
        "officer/receipt_proposal.html" if action == "receipt_date" else "officer/action.html"
    )
    form = None if action == "receipt_date" else _form(case, action, values, errors or {})
    return render_template(
        template,
        frame=case_frame(case, tab="work"),
        action=action,
        form=form,
        problem=problem,
        bad=bad or {},
        values=request.form,
        command_id=new_command_id(),
        title=action_title(action, case),
        action_note=phrase(f"action.{action if action in ACTIONS else EVENT}.note"),
        crumbs=crumbs_of(case, action_title(action, case)),
    )


def _form(case: Case, action: str, values: Mapping[str, Any] | None, errors: Errors) -> FormView:
    definition, effect = split_effect(form_of_case(case, form_of_action(action, case)))
    saved_at, is_kept = None, values is not None
    if values is None:
        draft = find_draft(reads(), holder=holder(), place=_place(case, action))
        if draft is not None:
            values, saved_at = read_draft(reads(), desk(), draft=draft), draft.saved_at
    frame = FormFrame(
        action=url_for("officer.do_case_action", case_id=case.id, action=action),
        command_id=new_command_id(),
        effect=effect,
        draft_url=url_for("officer.save_action_draft", case_id=case.id, action=action),
        draft_state=phrase("form.draft.saved", at=saved_at) if saved_at else "",
        upload=upload_frame(),
        is_kept=is_kept,
    )
    context = form_context(definition, answers=values, case=case)
    return form_view(definition, frame=frame, context=context, values=values, errors=errors)


def _again(
    case: Case,
    action: str,
    raw: Mapping[str, Any],
    *,
    errors: Errors | None = None,
    problem: CaseworkError | None = None,
) -> FlaskResponse:
    _keep(case, action, raw)
    words = words_of(problem) if problem else None
    page = _page(case, action, values=raw, errors=errors, problem=words)
    return make_response(page, status_of(problem) if problem else 422)


def _keep(case: Case, action: str, raw: Mapping[str, Any]) -> Any:
    who, place = holder(), _place(case, action)
    run(
        "save_draft",
        lambda work: save_draft(work, desk(), holder=who, place=place, content=raw),
        once=token_hex(12),
    )
    draft = find_draft(reads(), holder=who, place=place)
    return draft.saved_at if draft else None


def _place(case: Case, action: str) -> str:
    return f"action:{case.id}:{action}"


def _propose_receipt_date(case: Case) -> Response | FlaskResponse:
    answer, bad = read_schema(ReceiptProposal(), request.form, today=today())
    if bad:
        return make_response(_page(case, "receipt_date", bad=bad), 422)
    received_on: date = answer["received_on"]
    try:
        run(
            "propose_receipt_date",
            lambda work: propose_receipt_date(
                work, desk(), case_id=case.id, received_on=received_on, reason=answer["reason"]
            ),
            case_id=case.id,
        )
    except CaseworkError as problem:
        page = _page(case, "receipt_date", problem=words_of(problem))
        return make_response(page, status_of(problem))
    flash(t("action.receipt_date.done"), "act")
    return redirect(url_for("officer.case", case_id=case.id))


def _errors(problem: InvalidAnswer) -> dict[str, tuple[Phrase, ...]]:
    names = {
        "accepted_on": "answered_on",
        "rejected_on": "answered_on",
        "receipt": "receipt_number",
        "reason": "rejection_reason",
    }
    return {
        names.get(field, field): tuple(Phrase(key, problem.facts) for key in keys)
        for field, keys in problem.fields.items()
    }


def _do(
    work: UnitOfWork,
    case: Case,
    action: str,
    content: Mapping[str, Any],
    clean: Mapping[str, Any],
) -> Mapping[str, Any]:
    if action in SERVICES:
        return SERVICES[action](work, case, content, clean)
    definition = form_of_case(case, form_of_action(action, case))
    given = variables(definition, clean)
    return receive_event(
        work, desk(), case_id=case.id, name=action, content=content, variables=given
    )


def _supplement(
    work: UnitOfWork, case: Case, content: Mapping[str, Any], _: Mapping[str, Any]
) -> Mapping[str, Any]:
    return file_supplement(work, desk(), case_id=case.id, content=content)


def _withdrawal(
    work: UnitOfWork, case: Case, content: Mapping[str, Any], _: Mapping[str, Any]
) -> Mapping[str, Any]:
    return request_withdrawal(work, desk(), case_id=case.id, content=content)


def _base_change(
    work: UnitOfWork, case: Case, content: Mapping[str, Any], _: Mapping[str, Any]
) -> Mapping[str, Any]:
    return register_base_change(work, desk(), case_id=case.id, content=content)


def _litigation(
    work: UnitOfWork, case: Case, content: Mapping[str, Any], _: Mapping[str, Any]
) -> Mapping[str, Any]:
    return note_litigation(work, desk(), case_id=case.id, content=content)


def _party(
    work: UnitOfWork, case: Case, content: Mapping[str, Any], clean: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Hand the protected answers over by the names the service keeps them under, and no further."""
    name, phone = clean.get("successor_name"), clean.get("successor_phone")
    people = {"contact_name": name, "contact_phone": phone, "successor_name": name}
    given = {key: value for key, value in people.items() if value}
    return change_party(work, desk(), case_id=case.id, content={**content, **given})


def _report_receipt(
    work: UnitOfWork, case: Case, content: Mapping[str, Any], clean: Mapping[str, Any]
) -> Mapping[str, Any]:
    is_accepted = clean["receipt_result"] == "acknowledged"
    answered_on: date = clean["answered_on"]
    scans = content.get("receipt_scan") or [""]
    return record_receipt_by_hand(
        work,
        desk(),
        case_id=case.id,
        sent_on=clean["sent_on"],
        accepted_on=answered_on if is_accepted else None,
        rejected_on=None if is_accepted else answered_on,
        receipt=str(clean.get("receipt_number") or ""),
        reason=str(clean.get("rejection_reason") or ""),
        scan=str(scans[0]),
    )


SERVICES: Mapping[str, Service] = {
    "supplement": _supplement,
    "withdrawal": _withdrawal,
    "base_change": _base_change,
    "litigation": _litigation,
    "party": _party,
    "report_receipt": _report_receipt,
}
