"""Tell whoever queried the record that it was repaired: banks, trading centres, bodies (R37)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.marks import operation
from handlers.operations.carry_out_repair import is_whole
from handlers.self_composed import compose_self
from handlers.sending import find_letter
from handlers.telling_queriers import keep_statement, name_all, tell_queriers
from notifications.letters.kinds import get_kind
from workflows.services.desk import OperationContext
from workflows.services.log_query import list_queriers

STATEMENT = "repair_statement"


@operation("tell_repaired")
def tell_repaired(context: OperationContext) -> Mapping[str, Any]:
    """Write to each in the query log with an address, and file the statement (R37, R109)."""
    record = context.case.record
    if record is None or not is_whole(context):
        return {}
    told = tell_queriers(
        context,
        list_queriers(context.work, record=record, before=context.now),
        message="repair_told",
        facts={"record": record.number},
    )
    if told and find_letter(context, STATEMENT) is None:
        kind = get_kind(STATEMENT)
        keep_statement(context, compose_self(context, kind, addressee=name_all(told)))
    return {}
