"""Tell whoever queried the record that it was repaired: banks, trading centres, bodies (R37)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.marks import operation
from handlers.operations.carry_out_repair import is_whole
from handlers.self_composed import compose_self
from handlers.sending import find_letter, keep_draft
from notifications.letters.kinds import get_kind
from workflows.models import CreditRecord
from workflows.services.desk import OperationContext
from workflows.services.inform_people import mail_payload, short_key
from workflows.services.log_query import Querier, list_queriers, note_told
from workflows.services.number_document import number_document

STATEMENT = "repair_statement"


@operation("tell_repaired")
def tell_repaired(context: OperationContext) -> Mapping[str, Any]:
    """Write to each in the query log with an address, and file the statement (R37, R109)."""
    record = context.case.record
    if record is None or not is_whole(context):
        return {}
    told: list[str] = []
    for query in list_queriers(context.work, record=record, before=context.now):
        _tell(context, record, query)
        told.append(query.queried_by)
    _keep_statement(context, told)
    context.work.record("queriers_told", case_id=context.case_id, is_public=True, count=len(told))
    return {}


def _tell(context: OperationContext, record: CreditRecord, query: Querier) -> None:
    note_told(context.work, query)
    if "@" not in query.contact:
        return
    context.work.send(
        kind="mail",
        key=f"mail:{short_key('repair_told', context.case_id, query.id)}",
        payload=mail_payload(
            to=query.contact,
            kind="repair_told",
            case=context.case,
            facts={"record": record.number},
        ),
        case_id=context.case_id,
    )


def _keep_statement(context: OperationContext, told: list[str]) -> None:
    if not told or find_letter(context, STATEMENT) is not None:
        return
    kind = get_kind(STATEMENT)
    letter = compose_self(context, kind, addressee="、".join(sorted(set(told)))[:190])
    number_document(
        context.work,
        document=keep_draft(context, letter),
        organisation=context.case.receiving_organisation,
        series=kind.series,
    )
