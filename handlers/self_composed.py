"""Compose a letter from its file, with the remedies that it must name."""

from __future__ import annotations

from handlers.case_facts import office_facts
from handlers.letter_facts import letter_facts
from handlers.remedies import find_remedies
from notifications.letters.compose.from_kind import Fact, compose_from_kind
from notifications.letters.kinds import LetterKind
from notifications.letters.letter import LetterData
from workflows.services.desk import OperationContext


def compose_self(
    context: OperationContext, kind: LetterKind, *, addressee: str, **more: Fact
) -> LetterData:
    """Return the letter as its file says; remedies that are not signed yet are still missing."""
    remedies = None
    if kind.remedies == "required":
        remedies = find_remedies(context, decision=decision_of(context, kind))
    return compose_from_kind(
        kind=kind,
        office=office_facts(context),
        addressee=addressee,
        facts=letter_facts(context, kind, **more),
        case_number=context.case.number,
        remedies=remedies,
    )


def decision_of(context: OperationContext, kind: LetterKind) -> str:
    """Return the decision under which the remedies table is asked (N25)."""
    if kind.kind == "non_acceptance":
        return "not_accepted"
    return kind.remedy or context.case.finding or str(context.variables.get("finding") or "")
