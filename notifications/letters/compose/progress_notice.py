"""Tells the subject how matters stand while a department is silent; stops no clock (R2, O-1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from notifications.letters.compose.facts import CaseFacts, Office, opening_facts
from notifications.letters.kinds import get_kind
from notifications.letters.letter import LetterData
from notifications.letters.words import chinese_date


def compose_progress_notice(
    *,
    office: Office,
    case: CaseFacts,
    silent_departments: Sequence[str],
    suspended_on: date | None,
) -> LetterData:
    """Return the notice; nothing is deemed decided by silence."""
    kind = get_kind("progress_notice")
    lines = [
        kind.say("opening", **opening_facts(case)),
        kind.say("waiting", departments="、".join(silent_departments)),
        kind.say("no_decision"),
    ]
    if suspended_on is not None:
        lines.append(kind.say("suspended", suspended_on=chinese_date(suspended_on)))
    lines.append(kind.say("no_stop"))
    return LetterData(
        kind=kind.kind,
        title=kind.say("title"),
        issuer=office.name,
        addressee=case.subject,
        paragraphs=tuple(lines),
        draft=1,
        meta={"contact": office.contact, "case_number": case.number},
    )
