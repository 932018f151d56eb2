"""Say which departments must verify: who recognised or supplied the contested data (R1, R95)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of
from handlers.marks import operation
from workflows.services.consult_file import find_body_of_kind
from workflows.services.desk import OperationContext


@operation("list_departments")
def list_departments(context: OperationContext) -> Mapping[str, Any]:
    """Return the bodies to ask: the upstream platform for its data, else whom the handler named.

    The recogniser is asked where nobody was named.
    """
    record = context.case.record
    if record is None:
        return {"departments": []}
    if context.variables.get("source") == "upstream":
        office_id = context.case.office_id
        upstream = find_body_of_kind(context.work, office_id=office_id, kind="upstream")
        if upstream:
            return {"departments": [upstream.id]}
    chosen = answer_of(context, "self_check").get("ask_departments")
    return {"departments": [str(body) for body in chosen or [record.recogniser_id]]}
