"""Feed an error back to its source; a proposal of accountability stays a proposal (R11, R15)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, text_of
from handlers.marks import operation
from handlers.telling import tell_post
from handlers.words import case_word, told
from workflows.models import Organisation
from workflows.services.desk import OperationContext
from workflows.services.open_quality_ticket import open_ticket


@operation("open_quality_ticket")
def open_quality_ticket(context: OperationContext) -> Mapping[str, Any]:
    """Open one ticket per case for the body that supplied the wrong data, and tell its people."""
    record = context.case.record
    if record is None:
        return {}
    own = context.variables.get("self_check") == "own_error"
    body_id = context.case.receiving_organisation_id if own else record.recogniser_id
    ticket_id = open_ticket(
        context.work,
        case=context.case,
        record=record,
        organisation_id=body_id,
        cause=_cause(context, own=own),
    )
    tell_post(
        context,
        "task_assigned",
        role="platform_operator" if own else "department_officer",
        key=ticket_id,
        facts={"step": told("step.quality_ticket")},
        body=context.session.get(Organisation, body_id),
    )
    return {}


def _cause(context: OperationContext, *, own: bool) -> str:
    if own:
        kind = text_of(answer_of(context, "self_check"), "error_kind")
        return case_word(f"error.{kind or 'other'}")
    return text_of(answer_of(context, "propose_finding"), "reasons") or context.case.title
