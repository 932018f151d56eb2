"""Hands an objection to the body that is competent, and tells the subject (R1, R120)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from notifications.letters.compose.facts import CaseFacts, Office, opening_facts
from notifications.letters.kinds import get_kind
from notifications.letters.letter import LetterData
from notifications.letters.words import chinese_date


def compose_transfer_letter(
    *, office: Office, case: CaseFacts, to: str, reason: str, attachments: Sequence[str]
) -> LetterData:
    """Return the letter that goes with the files; it names the day of the first receipt."""
    kind = get_kind("transfer_letter")
    facts = opening_facts(case)
    return LetterData(
        kind=kind.kind,
        title=kind.say("title", issuer=office.name, subject=case.subject),
        issuer=office.name,
        addressee=to,
        paragraphs=(
            kind.say("opening", reason=reason, **facts),
            kind.say("first_receipt", **facts),
            kind.say("told"),
        ),
        closing=(kind.say("closing"),),
        attachments=tuple(attachments),
        draft=1,
        meta={"contact": office.contact, "case_number": case.number, "subject": case.subject},
    )


def compose_transfer_notice(
    *,
    office: Office,
    case: CaseFacts,
    to: str,
    to_contact: str,
    reason: str,
    transferred_on: date,
    is_credit_reporting: bool = False,
) -> LetterData:
    """Return the notice that tells the subject who handles the matter now, by which law (N22)."""
    kind = get_kind("transfer_notice")
    facts = opening_facts(case)
    lines = [
        kind.say("opening", reason=reason, to=to, **facts),
        kind.say("sent", transferred_on=chinese_date(transferred_on), **facts),
    ]
    if is_credit_reporting:
        lines.insert(1, kind.say("other_regime", **facts))
    if to_contact:
        lines.append(kind.say("contact", to_contact=to_contact))
    return LetterData(
        kind=kind.kind,
        title=kind.say("title"),
        issuer=office.name,
        addressee=case.subject,
        paragraphs=tuple(lines),
        draft=1,
        meta={"contact": office.contact, "case_number": case.number},
    )
