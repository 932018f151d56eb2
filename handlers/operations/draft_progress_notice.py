"""Draft a notice of how the matter stands while a department is silent (R2): no deemed decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import case_facts, office_facts
from handlers.marks import operation
from handlers.sending import find_letter, keep_draft
from handlers.telling import tell_post
from notifications.letters.compose.progress_notice import compose_progress_notice
from workflows.models import Organisation
from workflows.services.consult_file import list_clocks
from workflows.services.desk import OperationContext


@operation("draft_progress_notice")
def draft_progress_notice(context: OperationContext) -> Mapping[str, Any]:
    """Keep the draft for the approver; nothing leaves the office yet."""
    if find_letter(context, "progress_notice") is not None:
        return {}
    letter = compose_progress_notice(
        office=office_facts(context),
        case=case_facts(context),
        silent_departments=silent_departments(context),
        suspended_on=None,
    )
    keep_draft(context, letter)
    names = "、".join(silent_departments(context))
    tell_post(
        context,
        "department_silent",
        role="approver",
        key=context.case_id,
        facts={"department": names},
    )
    return {}


def silent_departments(context: OperationContext) -> list[str]:
    """Return the names of the bodies whose verification clock still runs, or our own."""
    waiting = [
        context.session.get(Organisation, clock.item)
        for clock in list_clocks(context.work, case=context.case)
        if clock.name == "verification" and clock.status != "stopped" and clock.item
    ]
    names = [body.name for body in waiting if body is not None]
    return names or [context.case.receiving_organisation.name]
