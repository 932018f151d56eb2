"""Take the mark 异议中 off at the end of every case, with its reason; history keeps it (R93)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.ending import outcome_of
from handlers.marks import operation
from workflows.services.change_record import resume_display, unmark_disputed
from workflows.services.desk import OperationContext


@operation("remove_mark")
def remove_mark(context: OperationContext) -> Mapping[str, Any]:
    """Remove mark and suspension that this case set; without any nothing happens."""
    record = context.case.record
    if record is None:
        return {}
    reason = outcome_of(context)
    if record.status != "revoked":
        resume_display(context.work, case=context.case, record=record, reason=reason)
    unmark_disputed(context.work, case=context.case, record=record, reason=reason)
    return {}
