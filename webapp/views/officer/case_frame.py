"""What stands above every page of a case: its name, marks, clocks, doubts, failures and tabs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from webapp.current import actor, desk, reads
from webapp.errors import words_of
from webapp.phrases import Phrase, Words, phrase
from webapp.presenters.branches import branch_name
from webapp.presenters.cases import Crumb, Happening, Holding, Tab
from webapp.presenters.clocks import ClockState, ClockView, WordFrame
from webapp.presenters.timeline import TimelineNames, happenings
from webapp.texts import current_language
from webapp.views.officer.case_actions_offered import CaseAction, offered_actions
from webapp.views.officer.clock_faces import clock_faces
from webapp.views.officer.matter import doubt_words
from webapp.views.officer.page_facts import case_blueprint, has_text, item_names, step_words
from workflows.engine.blueprint import Blueprint
from workflows.errors import CaseworkError
from workflows.models import Case, Incident, Task
from workflows.services.count_case import count_case
from workflows.services.list_tasks import TaskRow, list_case_tasks
from workflows.services.open_case import OBJECTION
from workflows.services.read_case import list_linked, list_open_incidents
from workflows.services.read_timeline import TimelineEntry, list_happenings

# What only the cases of one process have.
OWN_TABS: Mapping[str, tuple[str, ...]] = {"ppp_traceback": ("traced",)}
TABS = ("work", "overview", "timeline", "documents", "diagram", "parties", "linked", "filing")


@dataclass(frozen=True)
class IncidentView:
    """A step that failed: its real cause, and what can be done about it."""

    id: str
    number: str
    step: Words
    cause: Words
    tries: int
    is_report: bool
    retry_url: str
    by_hand_url: str


@dataclass(frozen=True)
class CaseFrame:
    """The frame of a case's pages."""

    case: Case
    title: Words
    marks: tuple[WordFrame, ...]
    note: Words
    crumbs: tuple[Crumb, ...]
    lead: ClockView | None
    minor: tuple[ClockView, ...]
    quiet: tuple[ClockView, ...]
    tabs: tuple[Tab, ...]
    doubts: tuple[Words, ...]
    incidents: tuple[IncidentView, ...]
    actions: tuple[CaseAction, ...]
    tasks: tuple[TaskRow, ...]
    diagrams: Blueprint


def case_frame(case: Case, *, tab: str, task: Task | None = None) -> CaseFrame:
    """Return the frame of a case's page."""
    tasks = tuple(list_case_tasks(reads(), case_id=case.id))
    diagrams = case_blueprint(case)
    lead, minor = clock_faces(case, tasks=tasks, current_clock_id=task.clock_id if task else None)
    return CaseFrame(
        case=case,
        title=case_title(case),
        marks=case_marks(case, tasks),
        note=_note(case, tasks),
        crumbs=crumbs_of(case),
        lead=lead,
        minor=tuple(view for view in minor if not _is_quiet(view)),
        quiet=tuple(view for view in minor if _is_quiet(view)),
        tabs=_tabs(case, tab),
        doubts=tuple(doubt_words(case)),
        incidents=tuple(_incident(case, row, diagrams) for row in _incidents(case)),
        actions=offered_actions(case, actor()),
        tasks=tasks,
        diagrams=diagrams,
    )


def _is_quiet(view: ClockView) -> bool:
    """Done is quiet, unless it was late: closing never erases that."""
    return view.state is ClockState.STOPPED and not view.marks


def case_title(case: Case) -> Phrase:
    """Return the case's name: whose objection, to what."""
    if case.kind != OBJECTION:
        kind = phrase(f"case.kind.{case.kind}.long")
        return phrase("case.title.other", subject=case.subject.name, kind=kind)
    return phrase("case.title", subject=case.subject.name, title=case.title)


def crumbs_of(case: Case, last: Words = "") -> tuple[Crumb, ...]:
    """Return the way back from a page of a case."""
    case_url = url_for("officer.case", case_id=case.id)
    first = Crumb(phrase("app.area.inbox"), url_for("officer.inbox"))
    if last:
        return (first, Crumb(case.number, case_url, is_code=True), Crumb(last))
    kind = Crumb(phrase(f"case.kind.{case.kind}.long"))
    return (first, Crumb(case.number, is_code=True), kind)


def case_marks(case: Case, tasks: Sequence[TaskRow]) -> tuple[WordFrame, ...]:
    """Return the words of state: what happened to the record, then where the case stands."""
    marks: list[WordFrame] = []
    if case.record is not None and case.record.is_disputed:
        marks.append(WordFrame(phrase("case.mark.disputed")))
    if case.record is not None and case.record.is_display_suspended:
        marks.append(WordFrame(phrase("case.mark.suspended")))
    marks.append(WordFrame(stage_words(case, tasks)))
    if case.flags.get("doubts") and case.status == "open":
        marks.append(WordFrame(phrase("case.mark.doubtful"), "risk"))
    if case.is_restricted:
        marks.append(WordFrame(phrase("case.mark.restricted")))
    return tuple(marks)


def stage_words(case: Case, tasks: Sequence[TaskRow]) -> Words:
    """Return where the case stands in the words of its process, or how it ended."""
    if case.status == "closed":
        key = f"case.outcome.{case.outcome}"
        return phrase(key) if has_text(key) else phrase("case.status.closed")
    open_steps = {task.element for task in tasks if task.status == "open"}
    found = ""
    for stage in process_facts(case).get("stages", []):
        is_here = open_steps & set(stage.get("elements", []))
        if is_here or (not open_steps and stage.get("key") == case.stage):
            found = str(stage.get(current_language()) or stage.get("zh", ""))
            break
    return found or phrase(
        f"case.stage.{case.stage}" if has_text(f"case.stage.{case.stage}") else "case.status.open"
    )


def process_facts(case: Case) -> Mapping[str, Any]:
    """Return what the process says of itself beside its diagrams: stages, forms, messages."""
    files = desk().bundle(reads(), case.bundle_hash).files
    facts: Mapping[str, Any] = json.loads(files.get("process.json", b"{}"))
    return facts


def holdings(frame: CaseFrame) -> list[Holding]:
    """Return who holds what in the case, nearest deadline first."""
    found: list[Holding] = []
    for task in sorted(
        (task for task in frame.tasks if task.status == "open"),
        key=lambda task: (task.due_on is None, task.due_on or task.opened_at.date()),
    ):
        who: Words = task.owner_name or (
            task.organisation_name
            if task.role == "department_officer"
            else phrase("inbox.unclaimed_by", post=phrase(f"role.{task.role}"))
        )
        due = phrase("case.due", on=task.due_on) if task.due_on else ""
        found.append(Holding(who, step_name(frame, task), due, url=_task_url(task)))
    return found


def step_name(frame: CaseFrame, task: TaskRow) -> Words:
    """Return what a task of the case is called, with its department where several are alike."""
    name = step_words(task.element, diagrams=frame.diagrams, fallback=task.name)
    branch = branch_name(task.item)
    if branch is not None:
        return phrase("inbox.step_of", step=name, body=branch)
    if task.item and task.role == "department_officer":
        return phrase("inbox.step_of", step=name, body=task.organisation_name)
    return name


def timeline_of(case: Case, diagrams: Blueprint, *, limit: int) -> list[Happening]:
    """Return the newest happenings of a case as sentences."""
    entries = list_happenings(reads(), case_id=case.id, limit=limit)
    return happenings(entries, names=timeline_names(entries, diagrams))


def timeline_names(entries: Sequence[TimelineEntry], diagrams: Blueprint) -> TimelineNames:
    """Return how the elements and branches of these happenings are called."""
    names = item_names(entry.facts.get("item") for entry in entries)
    return TimelineNames(
        element=lambda element: step_words(element, diagrams=diagrams),
        item=lambda item: names.get(item or "", ""),
        has_text=has_text,
    )


def _task_url(task: TaskRow) -> str:
    return url_for("officer.task", task_id=task.task_id)


def _note(case: Case, tasks: Sequence[TaskRow]) -> Words:
    handlers = [task.owner_name for task in tasks if task.role == "handler" and task.owner_name]
    handler = handlers[0] if handlers else phrase("inbox.unclaimed")
    kind, body = phrase(f"subject.kind.{case.subject.kind}"), case.receiving_organisation.name
    if case.record is None and case.kind != OBJECTION:
        return phrase("case.note.no_record", handler=handler, kind=kind, body=body)
    recogniser = case.record.recogniser.name if case.record else phrase("case.record.unknown")
    return phrase("case.note", handler=handler, kind=kind, recogniser=recogniser, body=body)


def _tabs(case: Case, current: str) -> tuple[Tab, ...]:
    held = count_case(reads(), case_id=case.id)
    linked = list_linked(reads(), case=case, actor=actor()) if held.links else []
    counts = {
        "timeline": held.happenings,
        "documents": held.documents,
        "linked": len(linked),
    }
    return tuple(
        Tab(
            label=phrase(f"case.tab.{name}"),
            url=_tab_url(case, name),
            is_current=name == current,
            count=counts.get(name) or None,
        )
        for name in (*TABS[:2], *OWN_TABS.get(case.kind, ()), *TABS[2:])
    )


def _tab_url(case: Case, name: str) -> str:
    if name == "work":
        return url_for("officer.case", case_id=case.id)
    return url_for("officer.case_tab", case_id=case.id, tab=name)


def _incidents(case: Case) -> list[Incident]:
    return list_open_incidents(reads(), case_id=case.id)


def _incident(case: Case, row: Incident, diagrams: Blueprint) -> IncidentView:
    is_report = "report" in row.element or row.operation == "send_report"
    return IncidentView(
        id=row.id,
        number=row.number,
        step=step_words(row.element, diagrams=diagrams),
        cause=words_of(CaseworkError(row.cause_key, **row.cause_facts)),
        tries=row.tries,
        is_report=is_report,
        retry_url=url_for("officer.retry_incident", case_id=case.id, incident_id=row.id),
        by_hand_url=url_for("officer.case_action", case_id=case.id, action="report_receipt"),
    )
