"""The subject's own case: when one hears, whether one must act, what has been done."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, flash, redirect, render_template, request
from flask import url_for as url
from werkzeug.wrappers import Response as BaseResponse

from webapp.current import calendar, desk, holder, note_read, now, parts, reads, run, today
from webapp.forms import storable, validate
from webapp.presenters.case_clocks import ClockOfCase, case_clock_view
from webapp.presenters.clocks import ClockView
from webapp.presenters.portal_case import Asked, asked_of, explain_rows, public_line, stages_of
from webapp.texts import current_language, current_texts, t
from webapp.views.officer.declared_forms import form_context, posted_answers
from webapp.views.officer.page_facts import kept_words, office_day
from webapp.views.portal.door import my_case, pages
from webapp.views.portal.filing import draft_answer
from webapp.views.portal.forms import draw, keep_draft, portal_form
from workflows.clock.explain import explain as explain_days
from workflows.models import Case, CaseClock
from workflows.services.change_case import file_supplement, request_withdrawal
from workflows.services.inform_people import inform_people, owners_of
from workflows.services.read_case import list_clocks
from workflows.services.read_portal import (
    list_letters_for_subject,
    list_public_events,
    list_recent_queries,
    waits_for,
)
from workflows.services.read_progress import read_progress
from workflows.services.run_clock import ledger_of, term_of
from workflows.services.work_on_task import forget_draft
from workflows.storage.unit_of_work import UnitOfWork

FORMS = {"supplement": "supplement_portal", "withdraw": "withdrawal_portal"}


@pages.get("/portal/case")
def case_page() -> str:
    """Show stage, clock, what one must do and what one may do."""
    case = my_case()
    clocks = list_clocks(reads(), case_id=case.id)
    waiting = waits_for(reads(), desk(), case=case)
    progress = read_progress(reads(), desk(), case=case)
    texts, language = current_texts(), current_language()
    names = {row.name: row for row in clocks}
    return render_template(
        "portal/case.html",
        case=case,
        clock=_face(case, names["reply"]) if "reply" in names else None,
        asked=asked_of(waiting=waiting, supplement=names.get("supplement")),
        stages=stages_of(_stages(case), progress=progress, case=case, language=language),
        events=[
            line
            for event in list_public_events(reads(), case_id=case.id)
            if (line := public_line(event, has_text=texts.has)) is not None
        ],
        letters=list_letters_for_subject(reads(), case_id=case.id),
        queries=list_recent_queries(reads(), case=case),
        may_withdraw="withdrawal_requested" in waiting,
        is_open=case.status == "open",
    )


@pages.get("/portal/case/date")
def explain() -> str:
    """Explain the date of the reply, day by day."""
    case = my_case()
    clock = next(row for row in list_clocks(reads(), case_id=case.id) if row.name == "reply")
    found = explain_days(
        entries=ledger_of(clock), term=term_of(clock), calendar=calendar(), today=today()
    )
    return render_template(
        "portal/explain.html",
        case=case,
        clock=_face(case, clock),
        rows=explain_rows(found, today=today()),
        rule=clock.rule,
    )


@pages.get("/portal/case/supplement")
def supplement() -> str:
    """Show the form to add papers or words."""
    return _form_page("supplement")


@pages.post("/portal/case/supplement")
def submit_supplement() -> BaseResponse | tuple[str, int]:
    """Take in what the subject adds."""
    return _submit("supplement")


@pages.get("/portal/case/withdraw")
def withdraw() -> str:
    """Show the form to withdraw."""
    return _form_page("withdraw")


@pages.post("/portal/case/withdraw")
def submit_withdrawal() -> BaseResponse | tuple[str, int]:
    """Record the wish to withdraw; an officer confirms who asks."""
    return _submit("withdraw")


@pages.post("/portal/case/draft/<what>")
def save_case_draft(what: str) -> Response | BaseResponse:
    """Keep a half-filled supplement or withdrawal."""
    case = my_case()
    saved_at = keep_draft(portal_form(FORMS[what], case), f"{what}:{case.id}")
    return draft_answer(saved_at, request.referrer or url("portal.case_page"))


@pages.post("/portal/case/remind")
def remind() -> Response | BaseResponse:
    """Remind the office directly; once a day, and it changes none of the subject's other rights."""
    case = my_case()
    day = today().isoformat()

    def work(unit: UnitOfWork) -> dict[str, Any]:
        own = unit.get_case(case.id)
        people = [person for task in open_tasks(unit, own) for person in owners_of(unit, task=task)]
        told = inform_people(
            unit,
            case=own,
            kind="subject_reminds",
            key=f"subject:{case.id}:{day}",
            people=people,
            facts={},
        )
        unit.record("subject_reminded", case_id=case.id, is_public=True)
        return {"case_id": case.id, "told": len(told)}

    run("remind_office", work, case_id=case.id, once=f"{case.id}:{day}")
    flash(t("portal.reminded"), "act")
    return redirect(url("portal.case_page"))


def open_tasks(unit: UnitOfWork, case: Case) -> list[Any]:
    """Return the open tasks of the case."""
    from sqlalchemy import select

    from workflows.models import Task

    query = select(Task).where(Task.case_id == case.id, Task.status == "open")
    return list(unit.session.scalars(query))


def _face(case: Case, row: CaseClock) -> ClockView:
    found = explain_days(
        entries=ledger_of(row), term=term_of(row), calendar=calendar(), today=today()
    )
    clock = ClockOfCase(
        name=row.name,
        rule=row.rule,
        amount=row.amount,
        unit=row.unit,
        explanation=found,
        url=url("portal.explain"),
        moved_from=row.moved_from,
        moved_reason=kept_words(row.moved_reason),
    )
    return case_clock_view(clock, today=office_day(), size="lead")


def _stages(case: Case) -> list[dict[str, Any]]:
    """Return the stages that the case's own definition declares for the subject's view."""
    bundle = desk().bundle(reads(), case.bundle_hash)
    declared: list[dict[str, Any]] = json.loads(bundle.files["process.json"])["stages"]
    return declared


def _form_page(what: str, *, values: Any = None, errors: Any = None) -> str:
    case = my_case()
    asked: Asked | None = None
    if what == "supplement":
        names = {row.name: row for row in list_clocks(reads(), case_id=case.id)}
        waiting = waits_for(reads(), desk(), case=case)
        asked = asked_of(waiting=waiting, supplement=names.get("supplement"))
    definition = portal_form(FORMS[what], case)
    endpoint = {"supplement": "portal.submit_supplement", "withdraw": "portal.submit_withdrawal"}
    view = draw(
        definition,
        place=f"{what}:{case.id}",
        action=url(endpoint[what]),
        draft_url=url("portal.save_case_draft", what=what),
        case=case,
        values=values,
        errors=errors,
        submit=f"portal.{what}.submit",
    )
    note_read(f"portal_{what}", case_id=case.id)
    return render_template("portal/act.html", case=case, form=view, what=what, asked=asked, at=now())


def _submit(what: str) -> BaseResponse | tuple[str, int]:
    case = my_case()
    definition = portal_form(FORMS[what], case)
    answers = posted_answers(definition)
    context = form_context(definition, answers=answers, case=case)
    checked = validate(definition, answers, context=context)
    if not checked.is_valid:
        return _form_page(what, values=answers, errors=checked.errors), 422
    content = storable(definition, checked.clean)
    who = holder()
    act = file_supplement if what == "supplement" else request_withdrawal

    def work(unit: UnitOfWork) -> dict[str, Any]:
        forget_draft(unit, holder=who, place=f"{what}:{case.id}")
        return act(unit, desk(), case_id=case.id, content=content)

    run(f"portal_{what}", work, case_id=case.id)
    parts().tick()
    flash(t(f"portal.{what}.done"), "act")
    return redirect(url("portal.case_page"))
