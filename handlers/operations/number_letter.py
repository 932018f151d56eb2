"""Number the signed letter; without signed remedies there is no letter (N25, E)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handlers.letter_in_hand import get_letter_in_hand
from handlers.marks import operation
from handlers.remedies import get_remedies
from handlers.self_composed import decision_of
from handlers.sending import issuer_of
from notifications.letters.kinds import get_kind
from notifications.letters.letter import LetterData
from workflows.services.desk import OperationContext
from workflows.services.draft_document import freeze
from workflows.services.number_document import number_document


@operation("number_letter", needs=["letter_kind"])
def number_letter(context: OperationContext) -> Mapping[str, Any]:
    """Put the remedies in as signed today, and take the next number of the body's series.

    Raises NotAllowed naming the row of the remedies table that is not signed.
    """
    document = get_letter_in_hand(context)
    kind = get_kind(document.kind)
    if document.status in ("draft", "signed") and kind.remedies == "required":
        remedies = get_remedies(context, decision=decision_of(context, kind))
        letter = replace(LetterData.from_mapping(document.letter), remedies=remedies)
        freeze(document, letter.to_mapping())
    number_document(
        context.work,
        document=document,
        organisation=issuer_of(context, kind),
        series=kind.series if kind.numbered else "",
    )
    return {}
