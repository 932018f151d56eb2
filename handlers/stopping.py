"""Stop a clock of the case on its evidence, if it still runs."""

from __future__ import annotations

from datetime import date

from workflows.services.desk import OperationContext
from workflows.services.run_clock import find_clock_row, stop_clock


def stop_named_clock(
    context: OperationContext,
    name: str,
    *,
    reason: str,
    evidence: str,
    item: str | None = None,
    on: date | None = None,
) -> bool:
    """Stop the newest clock of that name; say whether this call stopped it."""
    clock = find_clock_row(context.work, case_id=context.case_id, name=name, item=item)
    if clock is None or clock.status == "stopped":
        return False
    stop_clock(
        context.work,
        context.desk,
        case=context.work.case_at_hand(context.case_id),
        clock=clock,
        on=on or context.today,
        reason=reason,
        evidence=evidence,
    )
    return True
