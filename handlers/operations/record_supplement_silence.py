"""Note that no supplement came; silence ends no case unless the pack cites a provision (E)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.marks import operation
from handlers.operations.send_supplement_notice import silence_provision
from handlers.stopping import stop_named_clock
from workflows.services.desk import OperationContext
from workflows.services.supplement_clock import go_on_with_reply_clock


@operation("record_supplement_silence", sets={"supplement_silence": ["continue", "given_up"]})
def record_supplement_silence(context: OperationContext) -> Mapping[str, Any]:
    """Say what the silence means: the case goes on, or a cited provision deems it given up."""
    provision = silence_provision(context)
    silence = "given_up" if provision else "continue"
    stop_named_clock(context, "supplement", reason="supplement_silence", evidence=provision)
    go_on_with_reply_clock(
        context.work, context.desk, case=context.case, reason="supplement_silence"
    )
    context.work.record(
        "supplement_silence",
        case_id=context.case_id,
        is_public=True,
        silence=silence,
        provision=provision,
    )
    return {"supplement_silence": silence}
