"""Tell the case from which this one followed how it ended (R16, N14)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.marks import operation
from workflows.services.desk import OperationContext
from workflows.services.follow_case import list_origins


@operation("tell_origin", reads=["outcome"])
def tell_origin(context: OperationContext) -> Mapping[str, Any]:
    """Order the originating cases to take in the outcome; a reporter is answered there.

    The reporter stands in the complaint alone: nothing of it is known here (R150).
    """
    outcome = str(context.variables.get("outcome") or "")
    for origin_id in list_origins(context.work, case=context.case):
        payload = {
            "command": "receive_result",
            "case_id": origin_id,
            "from_case_id": context.case_id,
            "from_number": context.case.number,
            "result": outcome,
        }
        key = f"result:{context.case_id}:{origin_id}"
        context.work.send(kind="command", key=key, payload=payload, case_id=context.case_id)
    return {}
