"""Stop the report clock on the province's receipt: sent is not received (R4, O-3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, day_of, text_of
from handlers.marks import operation
from handlers.stopping import stop_named_clock
from workflows.services.desk import OperationContext
from workflows.services.sign_supervision_letter import moot_supervision_letters


@operation("record_report_receipt")
def record_report_receipt(context: OperationContext) -> Mapping[str, Any]:
    """Note the receipt's number and day, and stop the clock on it."""
    answer = answer_of(context, "report_answer")
    receipt = text_of(answer, "receipt")
    accepted_on = day_of(answer, "accepted_on") or context.today
    stop_named_clock(
        context,
        "report",
        reason="report_acknowledged",
        evidence=receipt or "report_acknowledged",
        on=accepted_on,
    )
    moot_supervision_letters(
        context.work, case=context.case, item="report", reason="report_acknowledged"
    )
    context.work.record(
        "report_acknowledged",
        case_id=context.case_id,
        is_public=True,
        receipt=receipt,
        accepted_on=accepted_on.isoformat(),
    )
    return {}
