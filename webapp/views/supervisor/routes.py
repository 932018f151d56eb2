"""Routes of the supervisor's board: look, reassign, urge, sign."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.current import (
    actor,
    calendar,
    current_post,
    desk,
    note_read,
    now,
    office,
    reads,
    run,
    today,
)
from webapp.errors import status_of, words_of
from webapp.phrases import Phrase, phrase
from webapp.presenters.clocks import Today
from webapp.presenters.dispatch import paper_of
from webapp.presenters.supervision import BoardLinks, board_view, ladder_of
from webapp.texts import current_language, t
from workflows.clock.calendar import WorkingCalendar
from workflows.errors import CaseworkError, InvalidAnswer, NotFound
from workflows.models import Case, Document, Task, new_id
from workflows.services.count_defaults import count_defaults
from workflows.services.find_case import get_visible_case
from workflows.services.list_board import (
    GROUPINGS,
    find_ladder,
    group_loads,
    is_unconfirmed,
    list_colleagues,
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
    by, show = request.args.get("by", ""), request.args.get("show", "")
    by = by if by in GROUPINGS else "person"
    show = show if show in SHOWN else "pressing"
    who, office_id, day = actor(), office().id, today()
    risk_days = int(desk().setting(reads(), office_id, "at_risk_days"))
    until = risk_until(day, risk_days, calendar())
    rows = list_all_open(reads(), actor=who, office_id=office_id)
    view = board_view(
        rows=[row for row in rows if SHOWN[show](row, day, until)][:MOST_ROWS],
        figures=read_figures(
            reads(), rows=rows, actor=who, office_id=office_id, today=day, risk_until=until
        ),
        loads=group_loads(rows, by=by, today=day, risk_until=until),
        today=Today(day, calendar(), risk_days),
        links=_links(),
        by=by,
    )
    ladder = find_ladder(reads(), actor=who, office_id=office_id)
    note_read("board")
    return render_template(
        "supervisor/board.html",
        view=view,
        defaults=count_defaults(reads(), office_id=office_id),
        drafts=list_supervision_drafts(reads(), actor=who, office_id=office_id),
        ladder=ladder,
        rungs=ladder_of(ladder.rungs, label=_label_of(ladder.case_id)) if ladder else (),
        by=by,
        show=show,
        groupings=GROUPINGS,
        at=now(),
        may_sign=_may_sign(),
        risk_days=risk_days,
    )


@pages.route("/board/tasks/<task_id>/reassign", methods=["GET", "POST"])
def reassign(task_id: str) -> str | Response | tuple[str, int]:
    """Hand a task to a colleague of the same post, with the reason."""
    task, case = _task(task_id)
    if request.method == "GET":
        return _reassign_page(task, case)
    person_id = request.form.get("person_id", "")
    reason = request.form.get("reason", "").strip()
    if not (person_id and reason):
        return _reassign_page(task, case, problem=phrase("board.reassign.needs_both")), 422
    try:
        run(
            "reassign_task",
            lambda work: reassign_task(
                work, desk(), task_id=task_id, person_id=person_id, reason=reason
            ),
            case_id=case.id,
            reason=reason,
        )
    except CaseworkError as error:
        return _reassign_page(task, case, problem=words_of(error)), status_of(error)
    flash(t("board.reassigned"), "act")
    return redirect(url_for("supervisor.board"))


@pages.post("/board/tasks/<task_id>/urge")
def urge(task_id: str) -> Response:
    """Urge whoever holds the task."""
    _, case = _task(task_id)
    once = f"{task_id}:{today().isoformat()}"
    try:
        result = run(
            "urge_holder",
            lambda work: urge_holder(work, desk(), task_id=task_id),
            case_id=case.id,
            once=once,
        )
    except CaseworkError as error:
        # Somebody finished it while the board stood open: good news, said on the board.
        flash(t(words_of(error).key, **error.facts), "risk")
        return redirect(url_for("supervisor.board"))
    if result["told"]:
        flash(t("board.urged", count=result["told"]), "act")
    else:
        flash(t("board.urged_nobody"), "risk")
    return redirect(url_for("supervisor.board"))


@pages.get("/board/letters/<document_id>")
def letter(document_id: str) -> str:
    """Show a drafted supervision letter beside what it is about, ready to be signed."""
    document, case = _draft(document_id)
    note_read("supervision_letter", case_id=case.id)
    return _letter_page(document, case)


@pages.post("/board/letters/<document_id>/sign")
def sign_letter(document_id: str) -> Response | tuple[str, int]:
    """Sign the letter: it gets its number and goes out."""
    document, case = _draft(document_id)
    written = request.form.get("paragraphs", "")
    paragraphs = [line.strip() for line in written.splitlines() if line.strip()]
    number = request.form.get("given_number", "").strip()
    try:
        if not paragraphs:
            raise InvalidAnswer("board.letter.empty")
        result = run(
            "sign_supervision_letter",
            lambda work: sign_supervision_letter(
                work, desk(), document_id=document.id, paragraphs=paragraphs, given_number=number
            ),
            case_id=case.id,
        )
    except CaseworkError as error:
        return _letter_page(document, case, problem=words_of(error)), status_of(error)
    flash(t("board.letter.signed", number=result["number"]), "act")
    return redirect(url_for("supervisor.board"))


def risk_until(day: date, days: int, known: WorkingCalendar) -> date:
    """Return the last day that counts as near: so many working days after today."""
    return known.working_day_number(known.rank(day) + days)


def _is_late(row: TaskRow, day: date, until: date) -> bool:
    return row.due_on is not None and row.due_on < day


def _is_near(row: TaskRow, day: date, until: date) -> bool:
    return row.due_on is not None and day <= row.due_on <= until


def _is_pressing(row: TaskRow, day: date, until: date) -> bool:
    return row.due_on is not None and row.due_on <= until


# What each figure of the board leads to.
SHOWN: Mapping[str, Callable[[TaskRow, date, date], bool]] = {
    "pressing": _is_pressing,
    "late": _is_late,
    "near": _is_near,
    "waiting": lambda row, day, until: row.role == "department_officer",
    "unclaimed": lambda row, day, until: row.owner_id is None,
    "provisional": lambda row, day, until: row.is_provisional,
    "unconfirmed": lambda row, day, until: is_unconfirmed(row),
    "open": lambda row, day, until: True,
}


def _links() -> BoardLinks:
    return BoardLinks(
        board=lambda **query: url_for("supervisor.board", _anchor="pressing", **query),
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


def _may_sign() -> bool:
    post = current_post()
    return post is not None and post.role == "supervisor"


def _reassign_page(task: Task, case: Case, *, problem: Phrase | None = None) -> str:
    return render_template(
        "supervisor/reassign.html",
        task=task,
        step=_label_of(case.id)(task.element),
        case=case,
        colleagues=list_colleagues(reads(), task=task, today=today()),
        problem=problem,
        chosen=request.form.get("person_id", ""),
        reason=request.form.get("reason", ""),
        command_id=new_id(),
    )


def _letter_page(document: Document, case: Case, *, problem: Phrase | None = None) -> str:
    drafted = "\n".join(document.letter.get("paragraphs", []))
    return render_template(
        "supervisor/letter.html",
        document=document,
        case=case,
        paper=paper_of(document.letter, kind_is_red=True, revision=document.revision),
        problem=problem,
        paragraphs=request.form.get("paragraphs", drafted),
        given_number=request.form.get("given_number", ""),
        may_sign=_may_sign() and document.status == "draft",
        command_id=new_id(),
    )
