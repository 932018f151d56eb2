"""Draws a step the way it is worked on: a form, a decision, a letter, or what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import render_template, request, url_for

from webapp.current import actor, desk, reads
from webapp.errors import words_of
from webapp.forms.definition import Field
from webapp.forms.validation import storable
from webapp.permissions import SUPERVISORS
from webapp.phrases import Words, phrase
from webapp.presenters.cases import Fact
from webapp.presenters.dispatch import LETTER_TASKS
from webapp.texts import say
from webapp.views.officer import receipt_decision
from webapp.views.officer.answers import Opinion, answer_facts, answers_on_letter
from webapp.views.officer.case_frame import (
    CaseFrame,
    case_frame,
    crumbs_of,
    holdings,
    step_name,
    timeline_of,
)
from webapp.views.officer.letter_desk import letter_desk, letter_of
from webapp.views.officer.matter import answers_on_matter, matter_facts, opinions
from webapp.views.officer.work_form import (
    FormState,
    draft_of,
    first_values,
    task_definition,
    task_form,
    without_fields,
)
from workflows.engine.blueprint import Element
from workflows.models import Case, Task
from workflows.services.change_case import APPROVE_RECEIPT_DATE
from workflows.services.list_tasks import TaskRow
from workflows.services.read_case import find_answer, find_obstacle, list_people

DEPARTMENT = "department_officer"
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
    decision = _decision(case, task) if obstacle is None else None
    if decision is not None:
        return _approve(case, task, decision, state, common)
    if task.element in LETTER_TASKS:
        return _letter(case, task, state, common)
    return render_template(
        "officer/work.html",
        form=None if obstacle else task_form(case, task, state=state),
        matter=matter_facts(case, task, answers_to=_element(frame, task).answers_to),
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


def _decision(case: Case, task: Task) -> Field | None:
    """Return the question that two buttons answer, on a phone as well, or None."""
    questions = task_definition(case, task).fields
    return next((each for each in questions if each.is_by_button), None)


def _approve(
    case: Case, task: Task, decision: Field, state: FormState, common: dict[str, Any]
) -> str:
    """Return the approver's page: the matter, what agreeing does, opinions, three verbs."""
    outcome = decision.key
    agree, other = decision.choices
    sent = (state.values or {}).get(outcome)
    chosen = other if other.value in (request.args.get("decide"), sent) else agree
    definition = without_fields(task_definition(case, task), outcome)
    if state.values is not None:
        state = replace(state, values={**state.values, outcome: chosen.value})
    form = task_form(
        case,
        task,
        state=_with_outcome(case, task, state, outcome, chosen.value),
        definition=definition,
    )
    frame: CaseFrame = common["frame"]
    return render_template(
        "officer/approve.html",
        form=form,
        outcome=outcome,
        chosen=chosen,
        agree=agree,
        other=other,
        matter=matter_facts(case, task, answers_to=_element(frame, task).answers_to),
        opinions=_opinions(case, task, frame),
        letter=letter_desk(case, task),
        other_url=url_for("officer.save_task_draft", task_id=task.id, decide=other.value),
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


def _opinions(case: Case, task: Task, frame: CaseFrame) -> list[Opinion]:
    """Return what was decided before; a department is asked what it knows, not what we think."""
    if task.role == DEPARTMENT:
        return []
    letter = letter_of(task)
    answers = answers_on_letter(letter) if letter is not None else answers_on_matter(case)
    return opinions(case, answers, diagrams=frame.diagrams)


def _element(frame: CaseFrame, task: Task) -> Element:
    return frame.diagrams.element(task.element)


def _line(fact: Fact) -> str:
    return say(phrase("conflict.line", name=fact.name, value=fact.value))


def _is_new(fact: Fact, theirs: list[Fact]) -> bool:
    return _line(fact) not in [_line(other) for other in theirs]
