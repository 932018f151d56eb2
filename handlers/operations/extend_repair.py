"""Lengthen the terms of a repair, only where a confirmed rule allows it (N6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, parameter, text_of
from handlers.marks import operation
from workflows.clock.ledger import EntryKind
from workflows.services.desk import OperationContext
from workflows.services.run_clock import change_clock, find_clock, rule_source

EXTENSION = "rep.extension"


@operation("extend_repair")
def extend_repair(context: OperationContext) -> Mapping[str, Any]:
    """Add the approved working days to the check's clock and to the feedback's.

    Raises NotAllowed beyond what the rule allows: it is asked anew for each clock.
    """
    form = answer_of(context, "approve_repair_extension", item=context.item)
    rule = parameter(context, EXTENSION)
    for name, item in (("repair_check", context.item), ("reply", None)):
        clock = find_clock(context.work, case_id=context.case_id, name=name, item=item)
        if clock is None or clock.status == "stopped":
            continue
        change_clock(
            context.work,
            context.desk,
            case=context.case,
            clock=clock,
            kind=EntryKind.EXTENDED,
            on=context.today,
            reason=text_of(form, "extension_reason"),
            legal_basis=rule_source(rule),
            days=int(form.get("extension_days") or 0),
            approved_by=context.work.command.actor.person_id or "",
        )
    return {}
