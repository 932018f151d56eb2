"""Adopt what the twin case found; that case corrects and reports, this one replies (O-5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.marks import operation
from workflows.errors import InvalidAnswer
from workflows.lint.declared import KEPT
from workflows.services.desk import OperationContext


@operation(
    "record_shared_finding",
    needs=["finding"],
    reads=["shared_from"],
    sets={"outcome": "decided", "finding_is_shared": True, "finding": KEPT},
)
def record_shared_finding(context: OperationContext) -> Mapping[str, Any]:
    """Note the finding as this case's own, with where it comes from."""
    finding = str(context.variables.get("finding") or "")
    if not finding:
        raise InvalidAnswer("error.finding_missing")
    case = context.case
    if not case.finding:
        case.finding = finding
        case.finding_approved_at = context.now
        context.work.record(
            "finding_adopted",
            case_id=case.id,
            finding=finding,
            number=str(context.variables.get("shared_from") or ""),
        )
    return {"outcome": "decided", "finding_is_shared": True, "finding": finding}
