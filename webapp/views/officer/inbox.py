"""The inbox: what first, claim and give back, and the same rows as a table to take along."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.addresses import addresses_of
from webapp.current import actor, desk, note_read, office, reads, run, task_counts, today
from webapp.phrases import Words, phrase
from webapp.presenters.inbox_rows import InboxLinks, inbox_row
from webapp.presenters.lists import BulkAction, FilterField, Row, group_of, group_rows
from webapp.return_paths import safe_target
from webapp.texts import say, t
from webapp.views.officer.door import pages
from webapp.views.officer.page_facts import active_blueprints, narrowed_url, office_day, step_words
from webapp.views.officer.spreadsheet import Sheet, send_sheet
from workflows.engine.blueprint import Blueprint
from workflows.errors import CaseworkError
from workflows.services.list_cases import list_divisions
from workflows.services.list_tasks import VIEWS, TaskFilter, TaskRow, list_tasks
from workflows.services.read_case import list_organisations
from workflows.services.work_on_task import claim_task, release_task

PAGE = 50
MOST_EXPORTED = 5000
MARKS = ("disputed", "provisional")
DUE = ("today", "3", "5", "10")


@pages.get("/inbox")
def inbox() -> str:
    """Show the rows of a view, nearest deadline first, grouped by how near."""
    view = chosen_view()
    wanted = read_filter()
    rows = list_tasks(
        reads(),
        actor=actor(),
        office_id=office().id,
        view=view,
        today=today(),
        wanted=wanted,
        after=read_place(request.args.get("after", "")),
        limit=PAGE + 1,
    )
    shown = draw(rows[:PAGE])
    counts = task_counts()
    return render_template(
        "officer/inbox.html",
        view=view,
        groups=group_rows(shown, risk_days=office_day().risk_days),
        total=counts.get(view),
        summary=_summary(shown),
        counts=counts,
        filters=filter_fields(wanted),
        is_narrowed=wanted != TaskFilter(),
        next_url=_next_url(rows) if len(rows) > PAGE else "",
        poll_url=url_for("officer.arrivals", view=view, known=counts.get(view, 0)),
        bulk=_bulk(view),
        export_url=narrowed_url("officer.export_view", without="after"),
        may_file=actor().role == "window_clerk",
    )


@pages.get("/inbox/arrivals")
def arrivals() -> dict[str, int]:
    """Say how many rows the view has gained since the page was drawn."""
    counts = task_counts()
    known = request.args.get("known", "0")
    gained = counts.get(chosen_view(), 0) - (int(known) if known.isdigit() else 0)
    return {"new": max(0, gained)}


@pages.post("/tasks/<task_id>/claim")
def claim(task_id: str) -> Response:
    """Take a task from the pool and open it."""
    _claim(task_id)
    flash(t("inbox.claimed"), "act")
    back = safe_target(request.form.get("back", ""))
    return redirect(back or url_for("officer.task", task_id=task_id))


@pages.post("/tasks/<task_id>/release")
def release(task_id: str) -> Response:
    """Give a task back to its post's pool."""
    run(
        "release_task",
        lambda work: release_task(work, desk(), task_id=task_id),
    )
    flash(t("inbox.released"), "act")
    return redirect(url_for("officer.inbox"))


@pages.post("/inbox/claim")
def claim_many() -> Response:
    """Claim every chosen row, and say which could not be claimed and why."""
    done = 0
    for task_id in request.form.getlist("row"):
        try:
            _claim(task_id)
            done += 1
        except CaseworkError as problem:
            flash(say(phrase("inbox.not_claimed", why=phrase(problem.key, **problem.facts))))
    if done:
        flash(t("inbox.claimed_many", count=done), "act")
    return redirect(url_for("officer.inbox"))


@pages.post("/inbox/export")
def export_chosen() -> Response:
    """Return the chosen rows as an Excel file."""
    chosen = set(request.form.getlist("row"))
    return _export([row for row in _all_rows("mine") + _all_rows("pool") if row.task_id in chosen])


@pages.get("/inbox.xlsx")
def export_view() -> Response:
    """Return all rows of the view as an Excel file."""
    return _export(_all_rows(chosen_view()))


def _claim(task_id: str) -> None:
    run("claim_task", lambda work: claim_task(work, desk(), task_id=task_id))


def chosen_view() -> str:
    """Return the view asked for, or one's own."""
    view = request.args.get("view", "mine")
    return view if view in VIEWS else "mine"


def read_filter() -> TaskFilter:
    """Return what the address narrows the inbox to; what it cannot mean narrows nothing."""
    ask = request.args.get
    marked = ask("marked", "")
    return TaskFilter(
        kind=ask("kind", ""),
        division=ask("division", ""),
        recogniser_id=ask("recogniser", ""),
        element=ask("element", ""),
        due_until=_due_until(ask("due", "")),
        marked=marked if marked in MARKS else "",
        text=ask("words", "").strip(),
    )


def filter_fields(wanted: TaskFilter) -> list[FilterField]:
    """Return the filters above the list, with what is chosen."""
    divisions = list_divisions(reads(), actor=actor(), office_id=office().id)
    bodies = list_organisations(
        reads(), office_id=office().id, on=today(), kinds=("recognition", "lead", "platform")
    )
    diagrams = active_blueprints()
    return [
        FilterField(
            "kind",
            phrase("inbox.filter.kind"),
            tuple((kind, phrase(f"case.kind.{kind}")) for kind in diagrams),
            wanted.kind,
        ),
        FilterField(
            "division",
            phrase("inbox.filter.division"),
            tuple((code, code) for code in divisions),
            wanted.division,
        ),
        FilterField(
            "recogniser",
            phrase("inbox.filter.recogniser"),
            tuple((body.id, body.name) for body in bodies),
            wanted.recogniser_id,
        ),
        FilterField(
            "element", phrase("inbox.filter.element"), _steps(diagrams, wanted), wanted.element
        ),
        FilterField(
            "due",
            phrase("inbox.filter.due"),
            tuple((value, phrase(f"inbox.due.{value}")) for value in DUE),
            request.args.get("due", "") if wanted.due_until else "",
        ),
        FilterField(
            "marked",
            phrase("inbox.filter.marked"),
            tuple((value, phrase(f"inbox.marked.{value}")) for value in MARKS),
            wanted.marked,
        ),
    ]


def read_place(text: str) -> tuple[date, str] | None:
    """Return the keyset place in an address: ``2026-10-22~<task id>``."""
    day, _, task_id = text.partition("~")
    try:
        return (date.fromisoformat(day), task_id) if task_id else None
    except ValueError:
        return None


def draw(rows: list[TaskRow]) -> list[Row]:
    """Return the rows as drawn."""
    diagrams = active_blueprints()
    day = office_day()
    links = InboxLinks(
        task_url=addresses_of("officer.task", "task_id"),
        claim_url=addresses_of("officer.claim", "task_id"),
        explain_url=addresses_of("officer.explain_clock", "case_id", "clock_id"),
        step_name=lambda row: step_words(
            row.element, diagrams=diagrams.get(row.case_kind), fallback=row.name
        ),
        me=actor().person_id,
    )
    return [inbox_row(row, today=day, links=links) for row in rows]


def _steps(diagrams: Mapping[str, Blueprint], wanted: TaskFilter) -> tuple[tuple[str, Words], ...]:
    """Return the steps of the post the view is about, of the kind of case that is asked for."""
    role = "department_officer" if chosen_view() == "waiting" else actor().role
    found: dict[str, Words] = {}
    for kind in [wanted.kind] if wanted.kind in diagrams else diagrams:
        for each in diagrams[kind].elements.values():
            if each.kind == "userTask" and each.role == role:
                found.setdefault(each.id, step_words(each.id, diagrams=diagrams[kind]))
    return tuple(sorted(found.items(), key=lambda step: say(step[1])))


def _due_until(text: str) -> date | None:
    if text not in DUE:
        return None
    day, left = today(), 0 if text == "today" else int(text)
    office_calendar = office_day().calendar
    while left:
        day = date.fromordinal(day.toordinal() + 1)
        left -= office_calendar.is_working(day)
    return day


def _summary(rows: list[Row]) -> Words:
    risk_days = office_day().risk_days
    counted = {"overdue": 0, "today": 0, "soon": 0}
    for row in rows:
        group = group_of(row.clock, risk_days=risk_days)
        if group in counted:
            counted[group] += 1
    return phrase("inbox.summary", risk_days=risk_days, **counted)


def _next_url(rows: list[TaskRow]) -> str:
    last = rows[PAGE - 1]
    day = last.due_on or date.max
    return narrowed_url("officer.inbox", after=f"{day.isoformat()}~{last.task_id}")


def _bulk(view: str) -> list[BulkAction]:
    export = BulkAction(phrase("inbox.bulk.export"), url_for("officer.export_chosen"))
    if view not in ("mine", "pool", "overdue"):
        return [export]
    claim_all = BulkAction(phrase("inbox.bulk.claim"), url_for("officer.claim_many"), "C")
    return [claim_all, export]


def _all_rows(view: str) -> list[TaskRow]:
    return list_tasks(
        reads(),
        actor=actor(),
        office_id=office().id,
        view=view,
        today=today(),
        wanted=read_filter(),
        limit=MOST_EXPORTED,
    )


def _export(rows: list[TaskRow]) -> Response:
    note_read("export:inbox")
    heads = ("number", "subject", "title", "step", "due_on", "left", "holder", "body", "rule")
    lines = [
        (
            row.case_number,
            row.subject_name,
            row.title,
            say(drawn.what),
            row.due_on,
            say(drawn.clock.left),
            say(drawn.holder),
            row.organisation_name,
            say(drawn.clock.why),
        )
        for row, drawn in zip(rows, draw(rows), strict=True)
    ]
    return send_sheet(
        Sheet(
            title=t("inbox.export.title"),
            heads=tuple(t(f"inbox.export.{head}") for head in heads),
            lines=lines,
        ),
        name="inbox",
    )
