"""Sealing is entered in the register at once, with the sealed copy (E, 校对、用印登记)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, files_of, text_of
from handlers.letter_in_hand import get_letter_in_hand
from handlers.marks import answered
from handlers.sending import issuer_of
from notifications.letters.kinds import get_kind
from workflows.services.desk import OperationContext
from workflows.services.number_document import replace_number
from workflows.services.seal_document import seal_document


@answered("seal_letter", reads=["letter_kind"])
def seal_letter(context: OperationContext) -> Mapping[str, Any]:
    """Take over the number of the body's own system, if one is given, and enter the seal."""
    form = answer_of(context, "seal_letter")
    document = get_letter_in_hand(context)
    replace_number(context.work, document=document, given_number=text_of(form, "own_number"))
    copies = files_of(form, "sealed_copy")
    seal_document(
        context.work,
        document=document,
        organisation=issuer_of(context, get_kind(document.kind)),
        sealed_copy_id=copies[0] if copies else None,
    )
    return {}
