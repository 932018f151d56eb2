"""One step of one case: look at it, finish it, keep a draft of it, note that it was read."""

from __future__ import annotations

from collections.abc import Mapping
from secrets import token_hex
from typing import Any

from flask import Response as FlaskResponse
from flask import flash, jsonify, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.current import actor, desk, holder, office, reads, run
from webapp.errors import status_of, wants_json, words_of
from webapp.forms.definition import FormDefinition
from webapp.forms.validation import Validated, storable, validate, variables
from webapp.phrases import Phrase, phrase
from webapp.texts import say, t
from webapp.views.officer import receipt_decision
from webapp.views.officer.declared_forms import form_context, posted_answers
from webapp.views.officer.door import pages
from webapp.views.officer.page_facts import get_case, looked_at
from webapp.views.officer.task_pages import conflict_page, task_page
from webapp.views.officer.work_form import FormState, task_definition
from workflows.errors import CaseworkError, Conflict, InvalidAnswer
from workflows.models import Case, Task
from workflows.services.change_case import APPROVE_RECEIPT_DATE
from workflows.services.keep_drafts import find_draft, save_draft
from workflows.services.note_task_read import note_task_read
from workflows.services.read_case import get_task
from workflows.services.seal_answers import seal_answers
from workflows.services.work_on_task import complete_task, forget_draft
from workflows.storage.unit_of_work import UnitOfWork

TAKEN = ("error.task_done", "error.task_gone")


@pages.get("/tasks/<task_id>")
def task(task_id: str) -> str:
    """Show a step: its form to who may do it, and to the others who holds it."""
    row, case = seen_task(task_id)
    looked_at(f"task:{row.element}", case)
    return task_page(case, row, state=FormState())


@pages.post("/tasks/<task_id>")
def complete(task_id: str) -> Response | FlaskResponse:
    """Finish a step with what was entered; whatever goes wrong, what was entered is kept."""
    row, case = seen_task(task_id)
    if row.element == APPROVE_RECEIPT_DATE:
        return receipt_decision.decide(case, row)
    definition = task_definition(case, row)
    raw = posted_answers(definition)
    context = form_context(definition, answers=raw, case=case, task=row)
    checked = validate(definition, raw, context=context)
    if not checked.is_valid:
        return _again(case, row, raw, errors=checked.errors)
    try:
        _complete(row, definition, checked)
    except Conflict as problem:
        return _beaten(case, row, raw, checked, problem)
    except InvalidAnswer as problem:
        return _again(case, row, raw, errors=_errors_of(problem, definition), problem=problem)
    except CaseworkError as problem:
        return _again(case, row, raw, problem=problem)
    flash(t("work.done"), "act")
    return redirect(_after(case))


@pages.post("/tasks/<task_id>/draft")
def save_task_draft(task_id: str) -> Response | FlaskResponse:
    """Keep a half-filled form; the script asks for JSON, the button for the page."""
    row, case = seen_task(task_id)
    raw = posted_answers(task_definition(case, row))
    said = say(phrase("form.draft.saved", at=_keep(row, raw)))
    if wants_json():
        return jsonify(saved=said)
    flash(said, "act")
    decide = request.args.get("decide")
    return redirect(url_for("officer.task", task_id=row.id, decide=decide))


@pages.post("/tasks/<task_id>/draft/discard")
def discard_draft(task_id: str) -> Response:
    """Throw away one's own draft of a step."""
    row, case = seen_task(task_id)
    who = holder()

    def work(unit: UnitOfWork) -> None:
        forget_draft(unit, holder=who, place=f"task:{row.id}")

    run("discard_draft", work)
    flash(t("work.draft_discarded"), "act")
    return redirect(url_for("officer.case", case_id=case.id))


@pages.post("/tasks/<task_id>/seen")
def note_seen(task_id: str) -> Response:
    """Note that the task was read; the case does not move (已阅 is not 同意)."""
    row, _ = seen_task(task_id)
    run("note_task_read", lambda work: note_task_read(work, desk(), task_id=row.id))
    flash(t("work.seen"), "act")
    return redirect(url_for("officer.inbox"))


def seen_task(task_id: str) -> tuple[Task, Case]:
    """Return a task with its case if this post may see it."""
    return get_task(reads(), task_id=task_id, actor=actor(), office_id=office().id)


def _complete(row: Task, definition: FormDefinition, checked: Validated) -> None:
    protected = {
        question.key: checked.clean.get(question.key)
        for question in definition.fields
        if question.is_protected
    }

    def work(unit: UnitOfWork) -> Mapping[str, Any]:
        sealed = seal_answers(unit, desk(), case_id=row.case_id, answers=protected)
        return complete_task(
            unit,
            desk(),
            task_id=row.id,
            content={**storable(definition, checked.clean), **sealed},
            variables=variables(definition, checked.clean),
        )

    run("complete_task", work, case_id=row.case_id)


def _keep(row: Task, raw: Mapping[str, Any]) -> Any:
    who = holder()
    run(
        "save_draft",
        lambda work: save_draft(work, desk(), holder=who, place=f"task:{row.id}", content=raw),
        # Every keeping is an act of its own, though the form keeps its command id.
        once=token_hex(12),
    )
    draft = find_draft(reads(), holder=who, place=f"task:{row.id}")
    return draft.saved_at if draft else None


def _again(
    case: Case,
    row: Task,
    raw: Mapping[str, Any],
    *,
    errors: Mapping[str, Any] | None = None,
    problem: CaseworkError | None = None,
) -> FlaskResponse:
    """Show the form again with what was entered and what is wrong; the draft is kept as well."""
    _keep(row, raw)
    # What failed has let go of the rows read before it.
    row, case = seen_task(row.id)
    state = FormState(values=raw, errors=errors or {}, is_kept=True)
    page = task_page(case, row, state=state, problem=words_of(problem) if problem else None)
    return make_response(page, status_of(problem) if problem else 422)


def _beaten(
    case: Case, row: Task, raw: Mapping[str, Any], checked: Validated, problem: Conflict
) -> FlaskResponse:
    """Show both versions when somebody else was first; one's own becomes a private draft."""
    if problem.key not in TAKEN:
        return _again(case, row, raw, problem=problem)
    _keep(row, raw)
    fresh, case = seen_task(row.id)
    page = conflict_page(get_case(case.id), fresh, mine=checked.clean, problem=words_of(problem))
    return make_response(page, 409)


def _errors_of(problem: InvalidAnswer, definition: FormDefinition) -> dict[str, tuple[Phrase, ...]]:
    known = {question.key for question in definition.fields}
    return {
        field: tuple(Phrase(key, problem.facts) for key in keys)
        for field, keys in problem.fields.items()
        if field in known
    }


def _after(case: Case) -> str:
    """Return where to go on: the case shows what followed."""
    return url_for("officer.case", case_id=case.id)
