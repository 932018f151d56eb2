"""What a process lets its party enter from outside its steps: a review, an extension."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from webapp.current import desk, note_read, parts, reads, run
from webapp.errors import words_of
from webapp.forms import FormDefinition, storable, validate
from webapp.forms.rendering import Errors, FormLink
from webapp.forms.validation import variables
from webapp.phrases import Phrase, Words, phrase
from webapp.texts import current_language, t
from webapp.views.officer.declared_forms import form_context
from webapp.views.portal.door import my_case, pages
from webapp.views.portal.forms import Place, draw, portal_form, read_posted
from workflows.engine.process_facts import OutsideEvent, process_facts
from workflows.errors import InvalidAnswer, NotFound
from workflows.models import Case
from workflows.services.read_portal import waits_for
from workflows.services.receive_event import receive_event
from workflows.storage.unit_of_work import UnitOfWork

SUBJECT = "subject"


def offered_events(case: Case) -> list[tuple[str, str]]:
    """Return the names and labels of what the party may enter now."""
    waiting = waits_for(reads(), desk(), case=case)
    return [
        (name, _label(event)) for name, event in _events(case).items() if event.message in waiting
    ]


@pages.get("/portal/case/events/<name>")
def event(name: str) -> str:
    """Show the form of something that the party may enter."""
    case = my_case()
    return _page(case, name, _event(case, name))


@pages.post("/portal/case/events/<name>")
def submit_event(name: str) -> Response | tuple[str, int]:
    """Take in what the party enters, and let the case hear of it."""
    case = my_case()
    declared = _event(case, name)
    definition = portal_form(declared.form, case)
    posted = read_posted(definition)
    context = form_context(definition, answers=posted.answers, case=case)
    checked = validate(definition, posted.answers, context=context)
    errors = {**checked.errors, **posted.refused}
    if errors:
        return _page(case, name, declared, values=posted.answers, errors=errors), 422
    content = storable(definition, checked.clean)

    def work(unit: UnitOfWork) -> dict[str, Any]:
        given = variables(definition, checked.clean)
        return receive_event(
            unit, desk(), case_id=case.id, name=name, content=content, variables=given
        )

    try:
        run("portal_event", work, case_id=case.id)
    except InvalidAnswer as problem:
        return _page(my_case(), name, declared, values=posted.answers, problem=problem), 422
    parts().tick()
    flash(t("portal.event.done"), "act")
    return redirect(url_for("portal.case_page"), 303)


def _events(case: Case) -> Mapping[str, OutsideEvent]:
    declared = process_facts(desk().bundle(reads(), case.bundle_hash)).events
    return {
        name: each
        for name, each in declared.items()
        if SUBJECT in each.by and each.label and each.form
    }


def _event(case: Case, name: str) -> OutsideEvent:
    """Return the event if the party may enter it now. Raises NotFound."""
    events = _events(case)
    if name not in dict(offered_events(case)):
        raise NotFound("error.page_not_found")
    return events[name]


def _label(declared: OutsideEvent) -> str:
    return declared.label.get(current_language()) or declared.label["zh"]


def _page(
    case: Case,
    name: str,
    declared: OutsideEvent,
    *,
    values: Mapping[str, Any] | None = None,
    errors: Errors | None = None,
    problem: InvalidAnswer | None = None,
) -> str:
    definition: FormDefinition = portal_form(declared.form, case)
    words: Words | None = words_of(problem) if problem else None
    wrong = _errors_of(problem) if problem else {}
    place = Place(
        draft=f"event:{case.id}:{name}",
        action=url_for("portal.submit_event", name=name),
        draft_url="",
        submit=phrase("portal.event.submit"),
        case=case,
        link=FormLink(phrase("portal.to_case"), url_for("portal.case_page")),
    )
    note_read(f"portal_event_{name}", case_id=case.id)
    return render_template(
        "portal/event.html",
        case=case,
        title=_label(declared),
        form=draw(definition, place, values=values, errors=errors or wrong or None),
        problem=words,
    )


def _errors_of(problem: InvalidAnswer) -> dict[str, tuple[Phrase, ...]]:
    return {
        key: tuple(Phrase(each, problem.facts) for each in keys)
        for key, keys in problem.fields.items()
    }
