"""Tell everybody who queried the wrong record that it was wrong (R9, R109, N10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers import telling_queriers as telling
from handlers.case_facts import answer_of, case_facts, office_facts
from handlers.marks import operation
from handlers.sending import find_letter
from handlers.words import case_word
from notifications.letters.compose.correction_statement import compose_correction_statement
from workflows.services.change_record import changed_on
from workflows.services.desk import OperationContext
from workflows.services.log_query import list_queriers_to_tell


@operation("tell_queriers")
def tell_queriers(context: OperationContext) -> Mapping[str, Any]:
    """Send the statement to each body in the query log with an address, and note who was told."""
    record = context.case.record
    if record is None or not context.case.finding:
        return {}
    told = telling.tell_queriers(
        context,
        list_queriers_to_tell(context.work, record=record, before=context.now),
        message="correction_told",
        facts={"record": record.number, "finding": context.case.finding},
    )
    if told and find_letter(context, "correction_statement") is None:
        _keep_statement(context, told)
    return {}


def _keep_statement(context: OperationContext, told: list[str]) -> None:
    form = answer_of(context, "eliminate_effects")
    chosen = [str(each) for each in form.get("channels") or [] if each != "none"]
    letter = compose_correction_statement(
        office=office_facts(context),
        case=case_facts(context),
        channels=[case_word(f"statement.{each}") for each in chosen]
        or [case_word("statement.query")],
        finding=context.case.finding or "",
        corrected_on=changed_on(context.work, case=context.case) or context.today,
        addressee=telling.name_all(told),
    )
    telling.keep_statement(context, letter)
