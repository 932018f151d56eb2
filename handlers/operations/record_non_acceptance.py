"""Note that the objection was not accepted; the served notice has said why (R1, N25)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.marks import operation
from workflows.services.desk import OperationContext


@operation("record_non_acceptance", sets={"outcome": "not_accepted"})
def record_non_acceptance(context: OperationContext) -> Mapping[str, Any]:
    """Note the outcome; the reply clock stopped with the notice."""
    context.work.record("case_not_accepted", case_id=context.case_id, is_public=True)
    return {"outcome": "not_accepted"}
