"""End a case that a cited provision deems given up; its closing letter names that provision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.marks import operation
from handlers.stopping import stop_named_clock
from workflows.services.desk import OperationContext


@operation("record_given_up", sets={"outcome": "given_up"})
def record_given_up(context: OperationContext) -> Mapping[str, Any]:
    """Note the outcome and stop the reply clock, because no answer is owed any more."""
    stop_named_clock(context, "reply", reason="given_up", evidence="supplement_silence")
    context.work.record("case_given_up", case_id=context.case_id, is_public=True)
    return {"outcome": "given_up"}
