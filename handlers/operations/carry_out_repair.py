"""What follows from a granted repair, one step each: publicity, sharing, history (R30, R31, N1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, find_parameter
from handlers.marks import operation
from workflows.errors import InvalidAnswer
from workflows.lint.declared import ITEMS
from workflows.models import CreditRecord
from workflows.services import repair_record
from workflows.services.desk import OperationContext

NATIONAL = "national"


@operation("prepare_repair_effects", sets={"sanctions": ITEMS, "report_levels": ITEMS})
def prepare_repair_effects(context: OperationContext) -> Mapping[str, Any]:
    """Set the sanctions to lift and the platforms to tell; a partial grant names its sanctions.

    The platform is the one of ``rep.report.to`` (R31), and Credit China beside it (N10).
    """
    record = _record(context)
    sanctions = repair_record.list_sanctions_not_lifted(context.work, record=record)
    form = answer_of(context, "propose_repair")
    chosen = {str(each) for each in form.get("granted_sanctions") or []}
    ids = [each.id for each in sanctions if is_whole(context) or each.id in chosen]
    rule = find_parameter(context, "rep.report.to")
    nearest = [str(rule.value)] if rule is not None and rule.confirmed else []
    levels = list(dict.fromkeys([*nearest, NATIONAL]))
    return {"sanctions": ids, "report_levels": levels}


@operation("end_publicity")
def end_publicity(context: OperationContext) -> Mapping[str, Any]:
    """Take the record, or the items granted, from the public (R30, N10)."""
    items = [] if is_whole(context) else answer_of(context, "propose_repair").get("granted_items")
    repair_record.end_publicity(
        context.work,
        case=context.case,
        record=_record(context),
        reason=reason_of(context),
        items=[str(each) for each in items or []],
    )
    return {}


@operation("end_sharing")
def end_sharing(context: OperationContext) -> Mapping[str, Any]:
    """End sharing and use (N1); what is not repaired of a partial grant stays shared."""
    if is_whole(context):
        repair_record.end_sharing(
            context.work, case=context.case, record=_record(context), reason=reason_of(context)
        )
    return {}


@operation("record_repaired")
def record_repaired(context: OperationContext) -> Mapping[str, Any]:
    """Keep the record as repaired, with all that went before (R31, R93)."""
    repair_record.note_repaired(
        context.work,
        case=context.case,
        record=_record(context),
        reason=reason_of(context),
        is_whole=is_whole(context),
    )
    return {}


def is_whole(context: OperationContext) -> bool:
    """Say whether the whole record was repaired."""
    return str(context.case.flags.get("repair_outcome") or "granted") != "granted_partly"


def reason_of(context: OperationContext) -> str:
    """Return the reason under which the record's versions are kept."""
    return str(context.case.flags.get("repair_words") or context.case.number)


def _record(context: OperationContext) -> CreditRecord:
    record = context.case.record
    if record is None:
        raise InvalidAnswer("error.repair_needs_record", number=context.case.number)
    return record
