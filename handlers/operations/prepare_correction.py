"""List who corrects the record and which sanctions rest on it, before branching (R3, R5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.marks import operation
from workflows.lint.declared import ITEMS
from workflows.services.desk import OperationContext
from workflows.services.lift_sanction import list_sanctions_in_force


@operation(
    "prepare_correction",
    reads=["self_check"],
    sets={"correctors": ITEMS, "sanctions": ITEMS},
)
def prepare_correction(context: OperationContext) -> Mapping[str, Any]:
    """Return the bodies that correct and the sanctions to lift; both lists may be empty."""
    record = context.case.record
    if record is None:
        return {"correctors": [], "sanctions": []}
    is_own = context.variables.get("self_check") == "own_error"
    corrector = context.case.receiving_organisation_id if is_own else record.recogniser_id
    sanctions = list_sanctions_in_force(context.work, record=record)
    return {"correctors": [corrector], "sanctions": [each.id for each in sanctions]}
