"""Asks each department to lift its sanctions, and is the receipt that it did (R5, R123, O-4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from notifications.letters.compose.facts import (
    CaseFacts,
    Office,
    PrintableTerm,
    finding_word,
    opening_facts,
    rows,
)
from notifications.letters.kinds import get_kind
from notifications.letters.letter import LetterData, Table
from notifications.letters.words import chinese_date


@dataclass(frozen=True)
class SanctionInForce:
    """A sanction, its legal basis (N27) and since when it is in force."""

    measure: str
    legal_basis: str
    since: date


def compose_lifting_notice(
    *,
    office: Office,
    case: CaseFacts,
    department: str,
    finding: str,
    approved_on: date,
    sanctions: Sequence[SanctionInForce],
    term: PrintableTerm | None,
    ground: str = "",
) -> LetterData:
    """Return the notice to one sanctioning department; the law gives no number of days (O-4).

    ``ground`` is the kind of case: a repair says so in an opening of its own (R30).
    """
    kind = get_kind("lifting_notice")
    own = f"opening.{ground}"
    opening = kind.say(
        own if own in kind.wording else "opening",
        approved_on=chinese_date(approved_on),
        finding=finding_word(finding) if finding else "",
        **opening_facts(case),
    )
    return LetterData(
        kind=kind.kind,
        title=kind.say("title"),
        issuer=office.name,
        addressee=department,
        paragraphs=(opening,),
        tables=(
            Table(
                heads=tuple(kind.say(f"head.{name}") for name in ("measure", "basis", "since")),
                lines=tuple(
                    (each.measure, each.legal_basis, chinese_date(each.since)) for each in sanctions
                ),
            ),
        ),
        closing=(
            kind.say("ask"),
            kind.say("term", term=term.words) if term else kind.say("no_term"),
        ),
        draft=1,
        meta={"contact": office.contact, "case_number": case.number},
    )


def compose_lifting_receipt(
    *,
    department: str,
    case: CaseFacts,
    notice_number: str,
    sanction: SanctionInForce,
    lifted_on: date,
    document: str,
    handler: str,
) -> LetterData:
    """Return a department's confirmation that it lifted one sanction, for the subject to keep."""
    kind = get_kind("lifting_receipt")
    return LetterData(
        kind=kind.kind,
        title=kind.say("title"),
        issuer=department,
        rows=rows(
            kind,
            ("case_number", case.number),
            ("notice", notice_number),
            ("subject", case.subject),
            ("measure", sanction.measure),
            ("basis", sanction.legal_basis),
            ("lifted_on", chinese_date(lifted_on)),
            ("document", document),
            ("handler", handler),
        ),
        paragraphs=(kind.say("statement"),),
        dated_on=lifted_on,
        meta={"case_number": case.number},
    )
