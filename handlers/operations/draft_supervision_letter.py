"""Draft a supervision letter on an overdue duty; a supervisor signs it or nobody does (R57, E)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers.case_facts import case_facts, office_facts
from handlers.fired_point import FiredPoint, clock_of, fired_point
from handlers.marks import operation
from handlers.sending import keep_draft
from handlers.telling import matter, tell_people
from handlers.words import case_word
from notifications.letters.compose.supervision_letter import compose_supervision_letter
from workflows.clock.terms import working_days_between
from workflows.models import Organisation
from workflows.services.consult_file import (
    has_document,
    list_reminder_days,
    list_tasks_on_clock,
)
from workflows.services.desk import OperationContext
from workflows.services.inform_people import PressedTask, supervisors_of
from workflows.services.lift_sanction import find_sanction
from workflows.services.sign_supervision_letter import KIND, may_be_supervised
from workflows.storage.case_rows import RULE_OF_CLOCK, ClockRow


@operation("draft_supervision_letter")
def draft_supervision_letter(context: OperationContext) -> Mapping[str, Any]:
    """Keep a draft and tell the supervisors; for courts and discipline organs only tell them."""
    fired = fired_point(context)
    clock = clock_of(context, fired)
    if clock is None or clock.status == "stopped" or clock.due_on is None:
        return {}
    body = _overdue_body(context, fired, clock)
    # An unconfirmed term has no effect outside the office: the supervisors know, nobody else (E).
    rule = context.work.one(RULE_OF_CLOCK, clock_id=clock.id) or {}
    is_silent = not rule.get("confirmed", True) or _has_no_body(context, fired, clock)
    if not may_be_supervised(body) or is_silent:
        _tell_supervisors(context, "overdue", fired, body, clock.due_on)
        return {}
    if has_document(context.work, case=context.case, kind=KIND, item=fired.place):
        return {}
    _draft(context, fired, clock, body)
    _tell_supervisors(context, "supervision_drafted", fired, body, clock.due_on)
    context.work.record(
        "supervision_drafted",
        case_id=context.case_id,
        organisation=body.name,
        clock=fired.clock,
        due_on=clock.due_on.isoformat(),
    )
    return {}


def _pressed_by(context: OperationContext, clock: ClockRow) -> PressedTask | None:
    tasks = list_tasks_on_clock(context.work, case=context.case, clock=clock, item=None)
    return next((task for task in tasks if task.clock_id == clock.id), None)


def _has_no_body(context: OperationContext, fired: FiredPoint, clock: ClockRow) -> bool:
    """Say whether the step is somebody's who is no body: a company is reminded, not supervised."""
    pressed = _pressed_by(context, clock) if fired.item is None else None
    return (
        pressed is not None
        and pressed.role == "department_officer"
        and pressed.organisation_id == context.case.receiving_organisation_id
    )


def _overdue_body(context: OperationContext, fired: FiredPoint, clock: ClockRow) -> Organisation:
    """Return whose duty is overdue: who holds the pressed step, or the department of the branch."""
    if fired.item is None:
        pressed = _pressed_by(context, clock)
        found = context.session.get(Organisation, pressed.organisation_id) if pressed else None
        return found or context.case.receiving_organisation
    sanction = find_sanction(context.work, fired.item)
    if sanction is not None:
        return sanction.department
    body = context.session.get(Organisation, fired.item)
    return body or context.case.receiving_organisation


def _draft(
    context: OperationContext, fired: FiredPoint, clock: ClockRow, body: Organisation
) -> None:
    due_on = clock.due_on or context.today
    calendar = context.desk.calendar(context.session, context.case.office_id)
    superior = context.session.get(Organisation, body.superior_id) if body.superior_id else None
    letter = compose_supervision_letter(
        office=office_facts(context),
        case=case_facts(context),
        department=body.name,
        matter=case_word(f"matter.{fired.clock}"),
        due_on=due_on,
        asked_on=context.today,
        late_by=max(1, -working_days_between(context.today, due_on, calendar)),
        reminded_on=list_reminder_days(
            context.work, case=context.case, clock=fired.clock, item=fired.item
        ),
        superiors=[superior.name] if superior else [],
    )
    keep_draft(context, letter, item=fired.place, addressee=body)


def _tell_supervisors(
    context: OperationContext, kind: str, fired: FiredPoint, body: Organisation, due_on: date
) -> None:
    tell_people(
        context,
        kind,
        supervisors_of(context.work, case=context.case),
        key=f"{context.case_id}:{fired.place}",
        facts={
            "department": body.name,
            "matter": matter(fired.clock),
            "due_on": due_on.isoformat(),
        },
    )
