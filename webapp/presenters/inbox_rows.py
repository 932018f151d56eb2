"""The inbox's rows from what the task list returns: clock, verb, marks, holder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from webapp.phrases import Words, phrase
from webapp.presenters.branches import branch_name
from webapp.presenters.case_clocks import clock_name, rule_of
from webapp.presenters.clocks import ClockFacts, ClockView, Today, WordFrame, clock_view
from webapp.presenters.lists import Row, RowAction
from workflows.clock.ledger import Reckoning
from workflows.services.list_tasks import TaskRow

MOST_MARKS = 2
DEPARTMENT = "department_officer"


@dataclass(frozen=True)
class InboxLinks:
    """Where a row leads, and how a step is called in the reader's language."""

    task_url: Callable[[str], str]
    claim_url: Callable[[str], str]
    explain_url: Callable[[str, str], str]
    step_name: Callable[[TaskRow], Words]
    me: str | None


def inbox_row(task: TaskRow, *, today: Today, links: InboxLinks) -> Row:
    """Return one line of the inbox."""
    is_open = task.status == "open"
    is_free = is_open and task.owner_id is None
    url = links.task_url(task.task_id)
    claim_url = links.claim_url(task.task_id) if is_free else None
    return Row(
        id=task.task_id,
        clock=row_clock(task, today=today, links=links),
        what=what_words(task, links.step_name(task)),
        url=url,
        case_number=task.case_number,
        subject=task.subject_name,
        kind=phrase(f"case.kind.{task.case_kind}"),
        marks=marks_of(task),
        holder=task.owner_name or phrase("inbox.unclaimed"),
        holder_note=_holder_note(task),
        action=_action(task, url, claim_url),
        claim_url=claim_url,
    )


def row_clock(task: TaskRow, *, today: Today, links: InboxLinks) -> ClockView:
    """Return the compact clock of a row; a step without a clock says that none binds it."""
    reckoning = _reckoning(task, today)
    explain = links.explain_url(task.case_id, task.clock_id) if task.clock_id else None
    facts = ClockFacts(
        name=clock_name(task.clock_name) if task.clock_name else "",
        reckoning=reckoning,
        rule=rule_of(task.rule, amount=task.amount, unit=task.unit),
        explain_url=explain,
    )
    return clock_view(facts, today=today)


def what_words(task: TaskRow, name: Words) -> Words:
    """Return the verb, with the department where the step is one of several alike."""
    branch = branch_name(task.item)
    if branch is not None:
        return phrase("inbox.step_of", step=name, body=branch)
    if task.item and task.role == DEPARTMENT:
        return phrase("inbox.step_of", step=name, body=task.organisation_name)
    return name


def marks_of(task: TaskRow) -> tuple[WordFrame, ...]:
    """Return at most two words of state: what is unusual first."""
    found: list[WordFrame] = []
    if task.flags.get("supervision_drafted"):
        found.append(WordFrame(phrase("case.mark.supervision_drafted"), "late"))
    if task.flags.get("doubts"):
        found.append(WordFrame(phrase("case.mark.doubtful"), "risk"))
    if task.is_disputed:
        found.append(WordFrame(phrase("case.mark.disputed")))
    if task.channel not in ("portal", "window"):
        found.append(WordFrame(phrase(f"case.channel_mark.{task.channel}")))
    if task.is_restricted:
        found.append(WordFrame(phrase("case.mark.restricted")))
    return tuple(found[:MOST_MARKS])


def _reckoning(task: TaskRow, today: Today) -> Reckoning | None:
    """Return where the row's clock stands, from the row alone; None where no clock binds."""
    if task.clock_start_on is None or task.clock_status is None:
        return None
    is_stopped = task.clock_status == "stopped"
    return Reckoning(
        status=task.clock_status,
        start_on=task.clock_start_on,
        raw_due_on=task.due_on or task.clock_start_on,
        due_on=task.due_on,
        provisional=task.is_provisional,
        missing_years=(),
        extended_days=task.extended_days,
        stopped_on=today.on if is_stopped else None,
    )


def _holder_note(task: TaskRow) -> Words:
    if task.role == DEPARTMENT:
        return task.organisation_name
    return phrase(f"role.{task.role}") if task.owner_id is None else ""


def _action(task: TaskRow, url: str, claim_url: str | None) -> RowAction | None:
    if task.status != "open":
        return RowAction(phrase("inbox.action.look"), url)
    if claim_url and task.role != DEPARTMENT:
        return RowAction(phrase("inbox.action.claim"), claim_url, is_post=True)
    return RowAction(phrase("inbox.action.work"), url)
