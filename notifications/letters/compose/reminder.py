"""The reminder: the only letter that sends itself."""

from __future__ import annotations

from datetime import date

from notifications.letters.compose.facts import CaseFacts, Office
from notifications.letters.kinds import LetterKind, get_kind
from notifications.letters.letter import LetterData
from notifications.letters.words import chinese_date


def compose_reminder(
    *,
    office: Office,
    case: CaseFacts,
    department: str,
    matter: str,
    due_on: date,
    working_days_left: int,
    issued_on: date,
) -> LetterData:
    """Return the reminder; a negative number of days left means so many days late."""
    kind = get_kind("reminder")
    return LetterData(
        kind=kind.kind,
        title=kind.say("title"),
        issuer=office.name,
        addressee=department,
        paragraphs=(
            _matter(kind, case, matter, due_on, working_days_left),
            kind.say("ask"),
        ),
        dated_on=issued_on,
        meta={"contact": office.contact, "case_number": case.number},
    )


def _matter(kind: LetterKind, case: CaseFacts, matter: str, due_on: date, left: int) -> str:
    facts = {"matter": matter, "case_number": case.number, "due_on": chinese_date(due_on)}
    if left > 0:
        return kind.say("matter", left=left, **facts)
    if left == 0:
        return kind.say("today", **facts)
    return kind.say("late", late_by=-left, **facts)
