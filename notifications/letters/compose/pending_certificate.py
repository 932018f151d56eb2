"""Certifies to banks and tenders that an objection is pending, and says what it does not prove."""

from __future__ import annotations

from notifications.letters.compose.facts import CaseFacts, Office, need_text, opening_facts
from notifications.letters.kinds import get_kind
from notifications.letters.letter import LetterData


def compose_pending_certificate(
    *, office: Office, case: CaseFacts, verification_code: str
) -> LetterData:
    """Return the certificate with the code by which anybody can check it."""
    kind = get_kind("pending_certificate")
    code = need_text(value=verification_code, field="verification_code")
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
        meta={
            "case_number": case.number,
            "verification_code": code,
            "verify_at": office.verify_at,
        },
    )
