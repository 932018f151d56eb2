"""Routes of the supervisor's board: look, reassign, urge, sign."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.current import actor, calendar, desk, note_read, now, office, reads, run, today
from webapp.presenters.clocks import Today
from webapp.presenters.supervision import BoardLinks, board_view, ladder_of
from webapp.texts import current_language, t
from workflows.clock.calendar import WorkingCalendar
from workflows.errors import InvalidAnswer, NotFound
from workflows.models import Case, Document, Task, new_id
from workflows.services.find_case import get_visible_case
from workflows.services.list_board import (
    GROUPINGS,
    group_loads,
    is_unconfirmed,
    list_colleagues,
    list_rungs,
    list_supervision_drafts,
    read_figures,
)
from workflows.services.list_tasks import TaskRow, list_all_open
from workflows.services.sign_supervision_letter import sign_supervision_letter
from workflows.services.urge_holder import urge_holder
from workflows.services.work_on_task import reassign_task

pages = Blueprint("supervisor", __name__)
MOST_ROWS = 60


@pages.get("/board")
def board() -> str:
    """Show the figures, who holds what, what is late or near, and the letters to sign."""
    by = request.args.get("by", "person")
    by = by if by in GROUPINGS else "person"
    who, office_id, day = actor(), office().id, today()
    risk_days = int(desk().setting(reads(), office_id, "at_risk_days"))
    until = risk_until(day, risk_days, calendar())
    rows = list_all_open(reads(), actor=who, office_id=office_id)
    view = board_view(
        rows=_pressing(rows, until, request.args.get("show", "")),
        figures=read_figures(
            reads(), rows=rows, actor=who, office_id=office_id, today=day, risk_until=until
        ),
        loads=group_loads(rows, by=by, today=day, risk_until=until),
        today=Today(day, calendar(), risk_days),
        links=_links(),
        by=by,
    )
    drafts = list_supervision_drafts(reads(), actor=who, office_id=office_id)
    focus = next((row for row in rows if row.clock_name == "reply"), None)
    ladder = (
        ladder_of(list_rungs(reads(), case_id=focus.case_id), label=_label_of(focus.case_id))
        if focus
        else ()
    )
    note_read("board")
    return render_template(
        "supervisor/board.html",
        view=view,
        drafts=drafts,
        focus=focus,
        ladder=ladder,
        by=by,
        groupings=GROUPINGS,
        at=now(),
    )


@pages.route("/board/tasks/<task_id>/reassign", methods=["GET", "POST"])
def reassign(task_id: str) -> str | Response | tuple[str, int]:
    """Hand a task to a colleague of the same post, with the reason."""
    task, case = _task(task_id)
    problem = ""
    if request.method == "POST":
        person_id = request.form.get("person_id", "")
        reason = request.form.get("reason", "").strip()
        if person_id and reason:
            run(
                "reassign_task",
                lambda work: reassign_task(
                    work, desk(), task_id=task_id, person_id=person_id, reason=reason
                ),
                case_id=case.id,
                reason=reason,
            )
            flash(t("board.reassigned"), "act")
            return redirect(url_for("supervisor.board"))
        problem = t("board.reassign.needs_both")
    page = render_template(
        "supervisor/reassign.html",
        task=task,
        case=case,
        colleagues=list_colleagues(reads(), task=task, today=today()),
        problem=problem,
        reason=request.form.get("reason", ""),
        command_id=request.form.get("command_id") or new_id(),
    )
    return (page, 422) if problem else page


@pages.post("/board/tasks/<task_id>/urge")
def urge(task_id: str) -> Response:
    """Urge whoever holds the task."""
    _, case = _task(task_id)
    once = f"{task_id}:{today().isoformat()}"
    result = run(
        "urge_holder",
        lambda work: urge_holder(work, desk(), task_id=task_id),
        case_id=case.id,
        once=once,
    )
    flash(t("board.urged", count=result["told"]), "act")
    return redirect(url_for("supervisor.board"))


@pages.get("/board/letters/<document_id>")
def letter(document_id: str) -> str:
    """Show a drafted supervision letter beside what it is about, ready to be signed."""
    document, case = _draft(document_id)
    note_read("supervision_letter", case_id=case.id)
    return render_template(
        "supervisor/letter.html",
        document=document,
        case=case,
        paragraphs="\n".join(document.letter.get("paragraphs", [])),
        command_id=new_id(),
    )


@pages.post("/board/letters/<document_id>/sign")
def sign_letter(document_id: str) -> Response:
    """Sign the letter: it gets its number and goes out."""
    document, case = _draft(document_id)
    written = request.form.get("paragraphs", "")
    paragraphs = [line.strip() for line in written.splitlines() if line.strip()]
    if not paragraphs:
        raise InvalidAnswer("board.letter.empty")
    number = request.form.get("given_number", "").strip()
    result = run(
        "sign_supervision_letter",
        lambda work: sign_supervision_letter(
            work, desk(), document_id=document.id, paragraphs=paragraphs, given_number=number
        ),
        case_id=case.id,
    )
    flash(t("board.letter.signed", number=result["number"]), "act")
    return redirect(url_for("supervisor.board"))


def risk_until(day: date, days: int, known: WorkingCalendar) -> date:
    """Return the last day that counts as near: so many working days after today."""
    return known.working_day_number(known.rank(day) + days)


def _pressing(rows: list[TaskRow], until: date, show: str) -> list[TaskRow]:
    """Return the rows a figure leads to; by default those late or near."""
    tests = {
        "waiting": lambda row: row.role == "department_officer",
        "unclaimed": lambda row: row.owner_id is None,
        "provisional": lambda row: row.is_provisional,
        "unconfirmed": is_unconfirmed,
        "open": lambda row: True,
    }
    is_wanted = tests.get(show, lambda row: row.due_on is not None and row.due_on <= until)
    return [row for row in rows if is_wanted(row)][:MOST_ROWS]


def _links() -> BoardLinks:
    return BoardLinks(
        board=lambda **query: url_for("supervisor.board", **query),
        case=lambda case_id: url_for("officer.case", case_id=case_id),
        explain=lambda case_id, clock_id: url_for(
            "officer.explain_clock", case_id=case_id, clock_id=clock_id
        ),
        step_name=lambda row: _label_of(row.case_id)(row.element),
    )


def _label_of(case_id: str) -> Callable[[str], str]:
    case = reads().get_one(Case, case_id)
    plan = desk().blueprint(reads(), case)
    language = current_language()

    def label(element: str) -> str:
        try:
            return plan.label(element, language)
        except NotFound:
            return t(f"task.{element}")

    return label


def _task(task_id: str) -> tuple[Task, Case]:
    task = reads().get(Task, task_id)
    if task is None:
        raise NotFound("error.task_not_found")
    case = get_visible_case(reads(), case_id=task.case_id, actor=actor(), office_id=office().id)
    return task, case


def _draft(document_id: str) -> tuple[Document, Case]:
    document = reads().get(Document, document_id)
    if document is None or document.kind != "supervision_letter":
        raise NotFound("error.document_not_found")
    case = get_visible_case(reads(), case_id=document.case_id, actor=actor(), office_id=office().id)
    return document, case
