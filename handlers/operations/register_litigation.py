"""Begin the record of a reconsideration or suit, apart from the case it is about (R10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.marks import operation
from workflows.services.desk import OperationContext
from workflows.services.follow_case import note_on_contested

# Every variable that a gateway reads exists from the first step on.
DEFAULTS: Mapping[str, Any] = {
    "outcome": "",
    "answer_outcome": "",
    "progress": "",
    "suit_result": "",
    "next_instance": "",
    "result_outcome": "",
}


@operation("register_litigation", sets=DEFAULTS)
def register_litigation(context: OperationContext) -> Mapping[str, Any]:
    """Note in the case in dispute that somebody went to law; that case goes on all the same."""
    note_on_contested(context.work, case=context.case)
    return dict(DEFAULTS)
