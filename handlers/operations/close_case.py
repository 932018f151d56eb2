"""Close the case: tell the subject how it ended, file the report, leave nothing running."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.closing_letter import close_with_letter
from handlers.closing_report import file_closing_report
from handlers.ending import outcome_of
from handlers.marks import operation
from handlers.stopping import stop_named_clock
from handlers.telling import tell_subject
from workflows.services.consult_file import list_clocks
from workflows.services.desk import OperationContext
from workflows.storage.document_rows import SET_DRAFTS_ASIDE


@operation("close_case")
def close_case(context: OperationContext) -> Mapping[str, Any]:
    """Note the outcome, send the closing letter where one is owed, file the report (R15)."""
    case = context.case
    outcome = outcome_of(context)
    first_time = not case.outcome
    case.outcome = outcome
    context.work.change(SET_DRAFTS_ASIDE, of_case=case.id)
    close_with_letter(context, outcome)
    _stop_inner_clocks(context, outcome)
    file_closing_report(context, outcome)
    if first_time:
        context.work.record("outcome_noted", case_id=case.id, is_public=True, outcome=outcome)
        tell_subject(context, "case_closed")
    return {}


def _stop_inner_clocks(context: OperationContext, outcome: str) -> None:
    """Stop what still runs; the reply clock only where the outcome owes no reply any more."""
    for clock in list_clocks(context.work, case=context.case):
        is_owed = clock.name == "reply" and outcome in ("corrected", "upheld", "not_accepted")
        if clock.status != "stopped" and not is_owed:
            stop_named_clock(
                context, clock.name, reason="case_closed", evidence=outcome, item=clock.item
            )
