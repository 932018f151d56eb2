"""The form that reports a change to the provincial platform, also by hand (R4, R12, O-3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from notifications.letters.compose.facts import (
    CaseFacts,
    Office,
    PrintableTerm,
    finding_word,
    rows,
)
from notifications.letters.kinds import LetterKind, get_kind
from notifications.letters.letter import LetterData
from notifications.letters.words import chinese_date


@dataclass(frozen=True, kw_only=True)
class ReportedChange:
    """What changed in the record and since when the error is established."""

    finding: str
    approved_on: date
    base_version: int
    version: int
    before: str
    after: str


def compose_report_form(
    *,
    office: Office,
    case: CaseFacts,
    platform: str,
    change: ReportedChange,
    attempt: int,
    due_on: date | None,
    term: PrintableTerm | None,
    sent_at: str | None = None,
    platform_receipt: str | None = None,
    rejected: str | None = None,
) -> LetterData:
    """Return the report form; the date prints only with the confirmed term behind it."""
    kind = get_kind("report_form")
    return LetterData(
        kind=kind.kind,
        title=kind.say("title"),
        issuer=office.name,
        addressee=platform,
        rows=rows(
            kind,
            ("case_number", case.number),
            ("subject", case.subject),
            ("record", f"{case.record_number}　{case.record}".strip()),
            (
                "versions",
                kind.say("versions", base_version=change.base_version, version=change.version),
            ),
            ("finding", finding_word(change.finding)),
            ("approved_on", chinese_date(change.approved_on)),
            ("before", change.before),
            ("after", change.after),
            ("due_on", _due(kind, due_on, term)),
            ("attempt", kind.say("attempt", attempt=attempt)),
            ("sent_at", sent_at),
            ("receipt", platform_receipt),
            ("rejected", rejected),
        ),
        paragraphs=(kind.say("ask"),),
        draft=1,
        meta={"contact": office.contact, "case_number": case.number},
    )


def _due(kind: LetterKind, due_on: date | None, term: PrintableTerm | None) -> str | None:
    if due_on is None or term is None:
        return None
    return kind.say(
        "due_on",
        due_on=chinese_date(due_on),
        term=term.words,
        document=term.document,
        clause=term.clause,
    )
