"""Tell those who queried a record what became of it, and keep the statement that says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from handlers.sending import keep_draft
from notifications.letters.kinds import get_kind
from notifications.letters.letter import LetterData
from workflows.services.desk import OperationContext
from workflows.services.inform_people import mail_payload, short_key
from workflows.services.log_query import Querier, note_told
from workflows.services.number_document import number_document

LONGEST_ADDRESSEE = 190


def tell_queriers(
    context: OperationContext,
    queriers: Iterable[Querier],
    *,
    message: str,
    facts: Mapping[str, Any],
) -> list[str]:
    """Write to each querier with an address, note all as told, and return their names (R109)."""
    told: list[str] = []
    for query in queriers:
        note_told(context.work, query)
        told.append(query.queried_by)
        if "@" in query.contact:
            context.work.send(
                kind="mail",
                key=f"mail:{short_key(message, context.case_id, query.id)}",
                payload=mail_payload(
                    to=query.contact, kind=message, case=context.case, facts=facts
                ),
                case_id=context.case_id,
            )
    context.work.record("queriers_told", case_id=context.case_id, is_public=True, count=len(told))
    return told


def name_all(told: Iterable[str]) -> str:
    """Return the addressee of a statement: everybody told, each once, as far as the line goes."""
    return "、".join(sorted(set(told)))[:LONGEST_ADDRESSEE]


def keep_statement(context: OperationContext, letter: LetterData) -> None:
    """File the statement under a number; publishing it is a person's act (R21)."""
    number_document(
        context.work,
        document=keep_draft(context, letter),
        organisation=context.case.receiving_organisation,
        series=get_kind(letter.kind).series,
    )
