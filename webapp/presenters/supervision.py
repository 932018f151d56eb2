"""The supervisor's board as a view: figures that lead to cases, loads as bars, pressing rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from webapp.phrases import Words, phrase
from webapp.presenters.boards import BarChart, BarRow, Figure, bar_chart
from webapp.presenters.clocks import Today
from webapp.presenters.inbox_rows import InboxLinks, marks_of, row_clock, what_words
from webapp.presenters.lists import Row, RowGroup, group_rows
from workflows.clock.terms import working_days_between
from workflows.services.list_board import Figures, Load, Rung
from workflows.services.list_tasks import TaskRow


@dataclass(frozen=True)
class BoardLinks:
    """Where the board leads, and how a step is called in the reader's language."""

    board: Callable[..., str]
    """Where a figure leads: the list of what it counts, on this page."""
    case: Callable[[str], str]
    explain: Callable[[str, str], str]
    step_name: Callable[[TaskRow], Words]


@dataclass(frozen=True)
class BoardView:
    """Everything the board shows."""

    figures: tuple[Figure, ...]
    chart: BarChart
    groups: tuple[RowGroup, ...]


@dataclass(frozen=True)
class LadderRung:
    """One thing that happens by itself, and when."""

    at: datetime
    what: Words


def board_view(
    *,
    rows: Sequence[TaskRow],
    figures: Figures,
    loads: Sequence[Load],
    today: Today,
    links: BoardLinks,
    by: str,
) -> BoardView:
    """Return the board."""
    return BoardView(
        figures=_figures(figures, today, links),
        chart=_chart(loads, by),
        groups=group_rows([_row(row, today, links) for row in rows], risk_days=today.risk_days),
    )


def ladder_of(
    rungs: Sequence[Rung], *, label: Callable[[str], Any], limit: int = 6
) -> tuple[LadderRung, ...]:
    """Return what will happen on a case if nobody acts, soonest first."""
    return tuple(LadderRung(at=rung.at, what=label(rung.element)) for rung in rungs[:limit])


def _figures(found: Figures, today: Today, links: BoardLinks) -> tuple[Figure, ...]:
    return (
        Figure(
            label=phrase("board.figure.overdue"),
            value=found.overdue,
            url=links.board(show="late"),
            shape="late",
            tone="late" if found.overdue else "",
        ),
        Figure(
            label=phrase("board.figure.near", count=today.risk_days),
            value=found.at_risk,
            url=links.board(show="near"),
            shape="risk",
            tone="risk" if found.at_risk else "",
            note=phrase("board.figure.of_these_today", count=found.due_today),
        ),
        Figure(
            label=phrase("board.figure.waiting"),
            value=found.waiting,
            url=links.board(show="waiting"),
            note=_longest(found.waiting_since, today),
        ),
        Figure(
            label=phrase("board.figure.unclaimed"),
            value=found.unclaimed,
            url=links.board(show="unclaimed"),
            note=_longest(found.unclaimed_since, today),
        ),
        Figure(
            label=phrase("board.figure.provisional"),
            value=found.provisional,
            url=links.board(show="provisional"),
            shape="wait",
        ),
        Figure(
            label=phrase("board.figure.unconfirmed"),
            value=found.unconfirmed,
            url=links.board(show="unconfirmed"),
            shape="unconf",
        ),
        Figure(
            label=phrase("board.figure.open"),
            value=found.open_cases,
            url=links.board(show="open"),
        ),
    )


def _longest(since: date | None, today: Today) -> Words:
    """Return for how many working days the oldest has waited; nothing for less than one."""
    if since is None:
        return ""
    days = working_days_between(since, today.on, today.calendar)
    return phrase("board.figure.longest", count=days) if days > 0 else ""


def _chart(loads: Sequence[Load], by: str) -> BarChart:
    rows = [
        BarRow(
            name=load.name or phrase("board.unclaimed_of", role=phrase(f"role.{load.note}")),
            late=load.late,
            near=load.near,
            rest=load.rest,
            note=phrase(f"role.{load.note}") if load.note and load.name else "",
        )
        for load in loads
    ]
    return bar_chart(
        rows=rows,
        caption=phrase(f"board.chart.{by}"),
        sentence=phrase("board.chart.sentence", count=len(rows)),
    )


def _row(task: TaskRow, today: Today, links: BoardLinks) -> Row:
    inbox = InboxLinks(
        task_url=lambda _: links.case(task.case_id),
        claim_url=lambda _: "",
        explain_url=links.explain,
        step_name=links.step_name,
        me=None,
    )
    holder: Words = task.owner_name or phrase(
        "board.unclaimed_of", role=phrase(f"role.{task.role}")
    )
    return Row(
        id=task.task_id,
        clock=row_clock(task, today=today, links=inbox),
        what=what_words(task, links.step_name(task)),
        url=links.case(task.case_id),
        case_number=task.case_number,
        subject=task.subject_name,
        marks=marks_of(task),
        holder=holder,
        holder_note=task.organisation_name,
        why=_why(task),
    )


def _why(task: TaskRow) -> Words:
    """Return why a task stands where it stands, in one sentence."""
    if task.role == "department_officer":
        return phrase("board.why.department", since=task.opened_at)
    if task.owner_id is None:
        return phrase("board.why.unclaimed", since=task.opened_at)
    return phrase("board.why.held", since=task.opened_at)
