"""An error of our own is an error found from the moment the self-check says so (R3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of
from handlers.marks import answered
from workflows.lint.declared import KEPT
from workflows.services.desk import OperationContext


@answered(
    "self_check",
    sets={"error_found": KEPT},
    follows=[("self_check", "own_error", "error_found", True)],
)
def self_check(context: OperationContext) -> Mapping[str, Any]:
    """Note an own error, so that a withdrawal meanwhile still leads to its correction."""
    form = answer_of(context, "self_check")
    return {"error_found": True} if form.get("self_check") == "own_error" else {}
