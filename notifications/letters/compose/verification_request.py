"""Asks one department to verify its record (R2, R8, C1 step 6b)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from notifications.letters.compose.facts import (
    CaseFacts,
    Office,
    PrintableTerm,
    opening_facts,
)
from notifications.letters.kinds import get_kind
from notifications.letters.letter import LetterData, Table
from notifications.letters.words import chinese_date

HEADS = ("record", "contested", "grounds")


@dataclass(frozen=True)
class ContestedRecord:
    """One record, what is contested in it and why."""

    record: str
    contested: str
    grounds: str


def compose_verification_request(
    *,
    office: Office,
    case: CaseFacts,
    department: str,
    records: Sequence[ContestedRecord],
    term: PrintableTerm | None,
    reply_due: date | None,
    attachments: Sequence[str] = (),
) -> LetterData:
    """Return the letter to a department.

    ``term`` is the office's inner limit and ``reply_due`` the reply clock's date; both are given
    only when the parameters behind them are confirmed.
    """
    kind = get_kind("verification_request")
    closing = [
        kind.say("ask"),
        kind.say("term", term=term.words) if term else kind.say("no_term"),
    ]
    if reply_due is not None:
        closing.append(kind.say("reply_due", reply_due=chinese_date(reply_due)))
    closing.append(kind.say("closing"))
    return LetterData(
        kind=kind.kind,
        title=kind.say("title", issuer=office.name, subject=case.subject),
        issuer=office.name,
        addressee=department,
        paragraphs=(kind.say("opening", **opening_facts(case)),),
        tables=(
            Table(
                heads=tuple(kind.say(f"head.{name}") for name in HEADS),
                lines=tuple((each.record, each.contested, each.grounds) for each in records),
            ),
        ),
        closing=tuple(closing),
        attachments=tuple(attachments),
        draft=1,
        meta={"contact": office.contact, "case_number": case.number, "subject": case.subject},
    )
