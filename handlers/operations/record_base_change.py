"""Start the three working days that run from the revocation of a record's base document (N24)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, day_of, text_of
from handlers.marks import operation
from handlers.telling import tell_post
from workflows.services.desk import OperationContext
from workflows.services.run_clock import start_clock


@operation("record_base_change", starts={"base_revoked": "obj.base_revoked.limit"})
def record_base_change(context: OperationContext) -> Mapping[str, Any]:
    """Start the clock on the day from which the change has effect; a person confirms it."""
    form = answer_of(context, "base_revoked")
    effective_on = day_of(form, "effective_on") or context.today
    clock = start_clock(
        context.work,
        context.desk,
        case=context.case,
        name="base_revoked",
        parameter="obj.base_revoked.limit",
        start_on=effective_on,
        reason="base_revoked",
        evidence=text_of(form, "document_number"),
    )
    tell_post(
        context,
        "base_revoked",
        role="approver",
        key=clock.id,
        facts={"due_on": clock.due_on.isoformat() if clock.due_on else ""},
    )
    context.work.record(
        "base_change_recorded",
        case_id=context.case_id,
        document=text_of(form, "document_number"),
        body=text_of(form, "document_body"),
        effective_on=effective_on.isoformat(),
    )
    return {}
