"""Draws a step the way it is worked on: a form, a decision, a letter, or what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import render_template, request, url_for

from webapp.current import actor, desk, reads
from webapp.errors import words_of
from webapp.forms.validation import storable
from webapp.permissions import SUPERVISORS
from webapp.phrases import Words, phrase
from webapp.presenters.cases import Fact
from webapp.presenters.dispatch import LETTER_TASKS
from webapp.texts import say
from webapp.views.officer import receipt_decision
from webapp.views.officer.answers import answer_facts
from webapp.views.officer.case_frame import (
    CaseFrame,
    case_frame,
    crumbs_of,
    holdings,
    step_name,
    timeline_of,
)
from webapp.views.officer.letter_desk import letter_desk
from webapp.views.officer.matter import LETTER_OPINIONS, OPINION_FORMS, matter_facts, opinions
from webapp.views.officer.work_form import (
    FormState,
    draft_of,
    first_values,
    task_definition,
    task_form,
    without_fields,
)
from workflows.models import Case, Task
from workflows.services.change_case import APPROVE_RECEIPT_DATE
from workflows.services.list_tasks import TaskRow
from workflows.services.read_case import find_answer, find_obstacle, list_people

# Decisions of the approver, made on a phone: the question that the two buttons answer.
DECISIONS: Mapping[str, str] = {
    "task_approve_finding": "approval_outcome",
    "task_approve_rejection": "rejection_outcome",
    "task_sign_letter": "sign_outcome",
}
AGREE, RETURN = "agree", "return"
NEWEST = 5


def task_page(case: Case, task: Task, *, state: FormState, problem: Words | None = None) -> str:
    """Return the page of a step."""
    if task.status != "open":
        return done_page(case, task)
    if task.element == APPROVE_RECEIPT_DATE:
        return receipt_decision.page(case, task, problem=problem)
    frame = case_frame(case, tab="work", task=task)
    obstacle = find_obstacle(reads(), desk(), task=task, case=case, actor=actor())
    row = row_of(frame, task)
    common = {
        "frame": frame,
        "task": task,
        "row": row,
        "title": step_name(frame, row),
        "problem": problem or (words_of(obstacle) if obstacle else None),
        "is_blocked": obstacle is not None,
        "is_mine": task.owner_id is not None and task.owner_id == actor().person_id,
        "reassign_url": _reassign_url(task),
        "holdings": holdings(frame),
    }
    if task.element in DECISIONS and obstacle is None:
        return _decision(case, task, state, common)
    if task.element in LETTER_TASKS:
        return _letter(case, task, state, common)
    return render_template(
        "officer/work.html",
        form=None if obstacle else task_form(case, task, state=state),
        matter=matter_facts(case, task),
        opinions=_opinions(case, task, frame),
        timeline=timeline_of(case, frame.diagrams, limit=NEWEST),
        clock=clock_of_task(frame, task),
        **common,
    )


def conflict_page(case: Case, task: Task, *, mine: Mapping[str, Any], problem: Words) -> str:
    """Return both versions of a step that somebody else finished first."""
    answer = find_answer(reads(), answer_id=task.answer_id)
    people = list_people(reads(), ids=[task.done_by_id])
    definition = task_definition(case, task)
    theirs = answer_facts(case, form=task.form, content=answer.content if answer else {})
    own = answer_facts(case, form=task.form, content=storable(definition, mine))
    frame = case_frame(case, tab="work", task=task)
    return render_template(
        "officer/conflict.html",
        frame=frame,
        task=task,
        problem=problem,
        who=people.get(task.done_by_id or "", ""),
        theirs=[_line(fact) for fact in theirs],
        mine=[(_line(fact), _is_new(fact, theirs)) for fact in own],
        title=step_name(frame, row_of(frame, task)),
        crumbs=crumbs_of(case, step_name(frame, row_of(frame, task))),
    )


def done_page(case: Case, task: Task) -> str:
    """Return what became of a step: who did it, when, on whose behalf, and what was entered."""
    frame = case_frame(case, tab="work")
    answer = find_answer(reads(), answer_id=task.answer_id)
    people = list_people(reads(), ids=[task.done_by_id])
    facts = answer_facts(case, form=task.form, content=answer.content) if answer else []
    return render_template(
        "officer/task_done.html",
        frame=frame,
        task=task,
        facts=facts,
        who=people.get(task.done_by_id or "", ""),
        title=step_name(frame, row_of(frame, task)),
        crumbs=crumbs_of(case, step_name(frame, row_of(frame, task))),
    )


def row_of(frame: CaseFrame, task: Task) -> TaskRow:
    """Return the list's row of a task of this case."""
    return next(row for row in frame.tasks if row.task_id == task.id)


def clock_of_task(frame: CaseFrame, task: Task) -> Any:
    """Return the face of the clock that this step carries, or None."""
    views = [view for view in (frame.lead, *frame.minor) if view is not None]
    for view in views:
        if task.clock_id and view.explain_url and task.clock_id in view.explain_url:
            return view
    return None


def _reassign_url(task: Task) -> str:
    """Return where a supervisor hands the task to a colleague (改派); nothing for the others."""
    if actor().role not in SUPERVISORS:
        return ""
    return url_for("supervisor.reassign", task_id=task.id)


def _decision(case: Case, task: Task, state: FormState, common: dict[str, Any]) -> str:
    """Return the approver's page: the matter, what agreeing does, opinions, three verbs."""
    outcome = DECISIONS[task.element]
    sent = (state.values or {}).get(outcome)
    decide = RETURN if RETURN in (request.args.get("decide"), sent) else AGREE
    definition = without_fields(task_definition(case, task), outcome)
    if state.values is not None:
        state = replace(state, values={**state.values, outcome: decide})
    form = task_form(
        case, task, state=_with_outcome(case, task, state, outcome, decide), definition=definition
    )
    frame: CaseFrame = common["frame"]
    return render_template(
        "officer/approve.html",
        form=form,
        outcome=outcome,
        decide=decide,
        matter=matter_facts(case, task),
        opinions=_opinions(case, task, frame),
        letter=letter_desk(case, task) if task.element in LETTER_TASKS else None,
        return_url=url_for("officer.save_task_draft", task_id=task.id, decide=RETURN),
        **common,
    )


def _with_outcome(case: Case, task: Task, state: FormState, outcome: str, decide: str) -> FormState:
    """Return the form's state with the decision that the page stands for, so that fields fit it."""
    if state.values is not None:
        return state
    draft, _ = draft_of(task)
    values = dict(draft or first_values(case, task, task_definition(case, task)))
    return replace(state, values={**values, outcome: decide})


def _letter(case: Case, task: Task, state: FormState, common: dict[str, Any]) -> str:
    """Return the dispatch sheet beside the paper."""
    form = None if common["is_blocked"] else task_form(case, task, state=state)
    return render_template(
        "officer/letter.html",
        form=form,
        letter=letter_desk(case, task),
        clock=clock_of_task(common["frame"], task),
        preview_url=url_for("officer.preview_letter", task_id=task.id),
        crumbs=crumbs_of(case, common["title"]),
        **common,
    )


def _opinions(case: Case, task: Task, frame: CaseFrame) -> list[Any]:
    forms = LETTER_OPINIONS if task.element in LETTER_TASKS else OPINION_FORMS
    return opinions(case, diagrams=frame.diagrams, forms=forms)


def _line(fact: Fact) -> str:
    return say(phrase("conflict.line", name=fact.name, value=fact.value))


def _is_new(fact: Fact, theirs: list[Fact]) -> bool:
    return _line(fact) not in [_line(other) for other in theirs]
