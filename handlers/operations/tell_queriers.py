"""Tell everybody who queried the wrong record that it was wrong (R9, R109, N10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, case_facts, office_facts
from handlers.marks import operation
from handlers.sending import find_letter, keep_draft
from handlers.words import case_word
from notifications.letters.compose.correction_statement import compose_correction_statement
from notifications.letters.kinds import get_kind
from workflows.models import CreditRecord
from workflows.services.change_record import changed_on
from workflows.services.desk import OperationContext
from workflows.services.inform_people import mail_payload, short_key
from workflows.services.log_query import Querier, list_queriers_to_tell, note_told
from workflows.services.number_document import number_document


@operation("tell_queriers")
def tell_queriers(context: OperationContext) -> Mapping[str, Any]:
    """Send the statement to each body in the query log with an address, and note who was told."""
    record = context.case.record
    if record is None or not context.case.finding:
        return {}
    told: list[str] = []
    for query in list_queriers_to_tell(context.work, record=record, before=context.now):
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
        key=f"mail:{short_key('correction_told', context.case_id, query.id)}",
        payload=mail_payload(
            to=query.contact,
            kind="correction_told",
            case=context.case,
            facts={"record": record.number, "finding": context.case.finding},
        ),
        case_id=context.case_id,
    )


def _keep_statement(context: OperationContext, told: list[str]) -> None:
    """File the statement that went to the bodies told; publishing it is a person's act (R21)."""
    if not told or find_letter(context, "correction_statement") is not None:
        return
    form = answer_of(context, "eliminate_effects")
    chosen = [str(each) for each in form.get("channels") or [] if each != "none"]
    letter = compose_correction_statement(
        office=office_facts(context),
        case=case_facts(context),
        channels=[case_word(f"statement.{each}") for each in chosen]
        or [case_word("statement.query")],
        finding=context.case.finding,
        corrected_on=changed_on(context.work, case=context.case) or context.today,
        addressee="、".join(sorted(set(told)))[:190],
    )
    number_document(
        context.work,
        document=keep_draft(context, letter),
        organisation=context.case.receiving_organisation,
        series=get_kind(letter.kind).series,
    )
