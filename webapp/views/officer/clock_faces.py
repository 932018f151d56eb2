"""The clocks of one case, drawn by weight, with who holds the work that each presses."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from webapp.current import calendar, reads, today
from webapp.phrases import Words, phrase
from webapp.presenters.case_clocks import ClockOfCase, by_weight, case_clock_view
from webapp.presenters.clocks import ClockView
from webapp.views.officer.page_facts import has_text, item_names, kept_words, office_day
from workflows.clock.calendar import legal_date
from workflows.clock.explain import Explanation, explain
from workflows.clock.ledger import EntryKind
from workflows.models import Case, CaseClock
from workflows.services.list_tasks import TaskRow
from workflows.services.read_case import list_clocks
from workflows.services.run_clock import ledger_of, term_of


def explain_clock_row(clock: CaseClock) -> Explanation:
    """Return the day by day account of a clock as its ledger stands."""
    return explain(
        entries=ledger_of(clock), term=term_of(clock), calendar=calendar(), today=today()
    )


def clock_faces(
    case: Case, *, tasks: Sequence[TaskRow], current_clock_id: str | None = None
) -> tuple[ClockView | None, tuple[ClockView, ...]]:
    """Return the lead clock of a case and its minor ones; quiet ones go last."""
    rows = list_clocks(reads(), case_id=case.id)
    names = item_names(row.item for row in rows)
    day = office_day()
    views = [
        case_clock_view(
            clock_of(
                case,
                row,
                tasks=tasks,
                body=names.get(row.item or "", ""),
                current_clock_id=current_clock_id,
            ),
            today=day,
        )
        for row in rows
    ]
    return by_weight(views)


def clock_of(
    case: Case,
    row: CaseClock,
    *,
    tasks: Sequence[TaskRow] = (),
    body: str = "",
    current_clock_id: str | None = None,
) -> ClockOfCase:
    """Return what a face needs of one clock row."""
    return ClockOfCase(
        name=row.name,
        rule=row.rule,
        amount=row.amount,
        unit=row.unit,
        explanation=explain_clock_row(row),
        body=body,
        holder=_holder(row, tasks),
        url=url_for("officer.explain_clock", case_id=case.id, clock_id=row.id),
        moved_from=row.moved_from,
        moved_reason=kept_words(row.moved_reason),
        stop_evidence=_stop_evidence(row),
        is_current_step=current_clock_id == row.id and row.name != "reply",
        extra_notes=_dated_back(case, row),
    )


def _holder(row: CaseClock, tasks: Sequence[TaskRow]) -> Words:
    if row.name == "reply" or row.status == "stopped":
        return ""
    for task in tasks:
        if task.clock_id == row.id and task.status == "open":
            if task.owner_name:
                return phrase("clock.held_by", who=task.owner_name)
            if task.role == "department_officer":
                return phrase("clock.held_by", who=task.organisation_name)
            return phrase("inbox.unclaimed_by", post=phrase(f"role.{task.role}"))
    return ""


def _stop_evidence(row: CaseClock) -> Words:
    for entry in reversed(row.entries):
        if entry.kind == EntryKind.STOPPED.value:
            has_words = bool(entry.evidence) or has_text(f"reason.{entry.reason}")
            return kept_words(entry.evidence or entry.reason) if has_words else ""
    return ""


def _dated_back(case: Case, row: CaseClock) -> tuple[Words, ...]:
    """Return that the case was registered later than received: the gap is shown (E, "Intake")."""
    registered_on = legal_date(case.registered_at)
    if row.name != "reply" or registered_on == case.received_on:
        return ()
    words = phrase("clock.note.dated_back", received=case.received_on, registered=registered_on)
    return (words,)
