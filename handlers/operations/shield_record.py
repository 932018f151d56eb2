"""Shield a record while a reorganisation plan is performed, and show it again if it fails (N9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.marks import operation
from handlers.operations.decide_repair import plan_document
from handlers.words import case_word
from workflows.errors import InvalidAnswer
from workflows.lint.declared import ITEMS
from workflows.models import CreditRecord
from workflows.services import repair_record
from workflows.services.desk import OperationContext


@operation("shield_record", sets={"sanctions": ITEMS, "sanction_change": "suspend"})
def shield_record(context: OperationContext) -> Mapping[str, Any]:
    """Hide the record and list its sanctions, which the departments suspend one by one."""
    record = _record(context)
    repair_record.shield(
        context.work, case=context.case, record=record, reason=case_word("repair_words.shielded")
    )
    sanctions = repair_record.list_sanctions_not_lifted(context.work, record=record)
    context.work.record("repair_shielded", case_id=context.case_id, is_public=True)
    return {"sanctions": [each.id for each in sanctions], "sanction_change": "suspend"}


@operation(
    "unshield_record",
    sets={"sanctions": ITEMS, "sanction_change": "restore", "outcome": "restored"},
)
def unshield_record(context: OperationContext) -> Mapping[str, Any]:
    """Show the record again and list the suspended sanctions, which come back (N9)."""
    record = _record(context)
    document = plan_document(context)
    context.case.flags = {**context.case.flags, "repair_plan_document": document}
    repair_record.unshield(
        context.work, case=context.case, record=record, reason=case_word("repair_words.restored")
    )
    sanctions = repair_record.list_sanctions_suspended(context.work, record=record)
    context.work.record("repair_restored", case_id=context.case_id, is_public=True)
    return {
        "sanctions": [each.id for each in sanctions],
        "sanction_change": "restore",
        "outcome": "restored",
    }


def _record(context: OperationContext) -> CreditRecord:
    record = context.case.record
    if record is None:
        raise InvalidAnswer("error.repair_needs_record", number=context.case.number)
    return record
