"""Certifies to banks and tenders that an objection is pending, and says what it does not prove."""

from __future__ import annotations

from notifications.letters.compose.facts import CaseFacts, Office, opening_facts
from notifications.letters.kinds import get_kind
from notifications.letters.letter import LetterData


def compose_pending_certificate(*, office: Office, case: CaseFacts) -> LetterData:
    """Return the certificate; the code by which anybody can check it comes with its freezing."""
    kind = get_kind("pending_certificate")
    return LetterData(
        kind=kind.kind,
        title=kind.say("title"),
        issuer=office.name,
        paragraphs=(
            kind.say("opening", **opening_facts(case)),
            kind.say("meaning"),
            kind.say("valid"),
        ),
        closing=(kind.say("closing"),),
        draft=1,
        meta={"case_number": case.number, "verify_at": office.verify_at},
    )
