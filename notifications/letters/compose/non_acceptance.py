"""Refuses an objection with reasons and signed remedies (R1, N25)."""

from __future__ import annotations

from collections.abc import Sequence

from notifications.letters.compose.facts import CaseFacts, Office, numbered, opening_facts
from notifications.letters.kinds import get_kind
from notifications.letters.letter import LetterData, Remedies
from workflows.errors import InvalidAnswer


def compose_non_acceptance(
    *,
    office: Office,
    case: CaseFacts,
    reasons: Sequence[str],
    remedies: Remedies,
    is_credit_reporting: bool = False,
) -> LetterData:
    """Return the notice of non-acceptance. Raises InvalidAnswer without a reason.

    What financial institutions report to the credit bureau has a law of its own: the notice says
    so, and where to go (N22).
    """
    if not reasons:
        raise InvalidAnswer("error.reasons_missing", fields={"reasons": ["error.reasons_missing"]})
    kind = get_kind("non_acceptance")
    facts = opening_facts(case)
    return LetterData(
        kind=kind.kind,
        title=kind.say("title"),
        issuer=office.name,
        addressee=case.subject,
        paragraphs=(
            kind.say("opening", **facts),
            *numbered(reasons),
            *([kind.say("other_regime", **facts)] if is_credit_reporting else []),
            kind.say("no_effect", **facts),
        ),
        remedies=remedies,
        draft=1,
        meta={"contact": office.contact, "case_number": case.number},
    )
