"""Enter the confirmed withdrawal; an error already found is corrected all the same (R3, ESP1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, text_of
from handlers.marks import operation
from handlers.stopping import stop_named_clock
from handlers.telling import tell_subject
from workflows.services.desk import OperationContext


@operation("record_withdrawal", reads=["error_found"], sets={"withdrawn": True})
def record_withdrawal(context: OperationContext) -> Mapping[str, Any]:
    """Stop the reply clock and the inner clocks, because no answer is owed any more."""
    case = context.case
    evidence = text_of(answer_of(context, "confirm_withdrawal"), "identity_method")
    for name in ("reply", "formal_check", "supplement"):
        stop_named_clock(context, name, reason="withdrawn", evidence=evidence or "withdrawal")
    if not case.flags.get("withdrawn_on"):
        case.flags = {**case.flags, "withdrawn_on": context.today.isoformat()}
        context.work.record(
            "withdrawal_recorded",
            case_id=case.id,
            is_public=True,
            error_found=bool(context.variables.get("error_found")),
        )
        tell_subject(context, "withdrawal_confirmed")
    return {"withdrawn": True}
