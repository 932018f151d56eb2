"""What a subject may do in the own case: add papers or words, withdraw, remind the office."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.current import desk, holder, note_read, parts, reads, run, today
from webapp.forms import FormDefinition, storable, validate
from webapp.forms.rendering import Errors, FormLink
from webapp.forms.validation import Validated
from webapp.phrases import Words, phrase
from webapp.texts import t
from webapp.views.officer.declared_forms import choices_for, form_context
from webapp.views.portal.door import ProofNeeded, my_case, pages
from webapp.views.portal.forms import (
    Place,
    Posted,
    draw,
    keep_draft,
    made_optional,
    portal_form,
    read_posted,
    store_draft,
    without_questions,
)
from workflows.errors import Conflict, NotFound
from workflows.models import Case
from workflows.services.change_case import file_supplement, request_withdrawal
from workflows.services.read_case import list_clocks
from workflows.services.read_portal import waits_for
from workflows.services.read_progress import read_progress
from workflows.services.remind_office import remind_office
from workflows.services.work_on_task import forget_draft
from workflows.storage.unit_of_work import UnitOfWork

FORMS = {"supplement": "supplement_portal", "withdraw": "withdrawal_portal"}
SUBMITS = {"supplement": "portal.submit_supplement", "withdraw": "portal.submit_withdrawal"}
CASE_ID = re.compile(r"[0-9a-f]{32}")


@pages.get("/portal/case/supplement")
def supplement() -> str:
    """Show the form to add papers or words."""
    return _page("supplement", my_case())


@pages.post("/portal/case/supplement")
def submit_supplement() -> Response | tuple[str, int]:
    """Take in what the subject adds."""
    return _submit("supplement", my_case())


@pages.get("/portal/case/withdraw")
def withdraw() -> str:
    """Show the form to withdraw."""
    case = my_case()
    check_may_withdraw(case)
    return _page("withdraw", case)


@pages.post("/portal/case/withdraw")
def submit_withdrawal() -> Response | tuple[str, int]:
    """Record the wish to withdraw; an officer confirms who asks."""
    return _submit("withdraw", my_case())


@pages.post("/portal/case/draft/<what>")
def save_case_draft(what: str) -> Response:
    """Keep a half-filled supplement or withdrawal, even when the proof has run out meanwhile."""
    if what not in FORMS:
        raise NotFound("error.page_not_found")
    try:
        case: Case | None = my_case()
    except ProofNeeded:
        case = None
    place = f"{what}:{case.id if case else _posted_case_id()}"
    back = url_for(f"portal.{what}")
    return keep_draft(_definition(what, case), place, back=back, case=case)


@pages.post("/portal/case/remind")
def remind() -> Response:
    """Remind the office directly; once a day, and it changes none of the subject's other rights."""
    case = my_case()
    run(
        "remind_office",
        lambda work: remind_office(work, case_id=case.id),
        case_id=case.id,
        # The command's id holds the day first: it is cut to a fixed length.
        once=f"{today():%m%d}{case.id}",
    )
    flash(t("portal.reminded"), "act")
    return redirect(url_for("portal.case_page"))


def check_may_withdraw(case: Case) -> None:
    """Raise Conflict when it is too late to withdraw, or somebody is confirming it already."""
    if "task_confirm_withdrawal" in read_progress(reads(), desk(), case=case).open_tasks:
        raise Conflict("portal.withdraw.pending")
    if "withdrawal_requested" not in waits_for(reads(), desk(), case=case):
        raise Conflict("error.too_late_to_withdraw")


def asked_items(case: Case) -> list[str]:
    """Return what the supplement notice asked for, one thing each."""
    return [choice.label for choice in choices_for("supplement_items", case=case, task=None)]


def keep_for_later(what: str) -> None:
    """Keep what was sent with a proof that has run out; it waits as a draft of the same case."""
    posted = read_posted(portal_form(FORMS[what], None))
    store_draft(f"{what}:{_posted_case_id()}", posted.answers)


def show_again(what: str) -> str:
    """Show a form whose page had expired, with everything that was typed. Raises ProofNeeded."""
    case = my_case()
    posted = read_posted(_definition(what, case))
    return _page(what, case, values=posted.answers, problem=phrase("portal.page_expired"))


def _definition(what: str, case: Case | None) -> FormDefinition:
    """Return the form; where nothing was asked, a word or a paper is enough."""
    definition = portal_form(FORMS[what], case)
    if what != "supplement":
        return definition
    definition = made_optional(definition, "materials")
    if case is None or asked_items(case):
        return definition
    return without_questions(definition, "supplied_items", "introduction")


def _page(
    what: str,
    case: Case,
    *,
    values: Mapping[str, Any] | None = None,
    errors: Errors | None = None,
    problem: Words | None = None,
) -> str:
    if case.status == "closed":
        raise Conflict("error.case_is_closed", number=case.number)
    clocks = {row.name: row for row in list_clocks(reads(), case_id=case.id)}
    is_asked = what == "supplement" and "supplement_received" in waits_for(
        reads(), desk(), case=case
    )
    place = Place(
        draft=f"{what}:{case.id}",
        action=url_for(SUBMITS[what]),
        draft_url=url_for("portal.save_case_draft", what=what),
        submit=phrase(f"portal.{what}.submit"),
        case=case,
        hidden=(("case", case.id),),
        link=FormLink(phrase("portal.to_case"), url_for("portal.case_page")),
    )
    note_read(f"portal_{what}", case_id=case.id)
    return render_template(
        "portal/act.html",
        case=case,
        form=draw(_definition(what, case), place, values=values, errors=errors),
        what=what,
        is_asked=is_asked,
        items=asked_items(case) if is_asked else [],
        until=clocks["supplement"].due_on if is_asked and "supplement" in clocks else None,
        problem=problem,
    )


def _submit(what: str, case: Case) -> Response | tuple[str, int]:
    definition = _definition(what, case)
    posted = read_posted(definition)
    context = form_context(definition, answers=posted.answers, case=case)
    checked = validate(definition, posted.answers, context=context)
    errors = _errors(what, checked, posted)
    if errors:
        return _page(what, case, values=posted.answers, errors=errors), 422
    content = storable(definition, checked.clean)
    who = holder()
    act = file_supplement if what == "supplement" else request_withdrawal

    def work(unit: UnitOfWork) -> dict[str, Any]:
        forget_draft(unit, holder=who, place=f"{what}:{case.id}")
        return act(unit, desk(), case_id=case.id, content=content)

    run(f"portal_{what}", work, case_id=case.id)
    parts().tick()
    flash(t(f"portal.{what}.done"), "act")
    return redirect(url_for("portal.case_page"), 303)


def _errors(what: str, checked: Validated, posted: Posted) -> Errors:
    errors = {**checked.errors, **posted.refused}
    is_empty = not checked.clean.get("materials") and not checked.clean.get("statement")
    if what == "supplement" and is_empty and not errors:
        errors["statement"] = (phrase("portal.supplement.nothing"),)
    return errors


def _posted_case_id() -> str:
    """Return whose case the form was drawn for; it opens nothing, it only names a draft."""
    case_id = request.form.get("case", "")
    return case_id if CASE_ID.fullmatch(case_id) else ""
