"""The receipt: proof of filing with the case number, the query code and the clock (R2, O-2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from notifications.letters.compose.facts import (
    CaseFacts,
    Office,
    PrintableTerm,
    rows,
)
from notifications.letters.kinds import LetterKind, get_kind
from notifications.letters.letter import LetterData
from notifications.letters.words import chinese_date, word


@dataclass(frozen=True, kw_only=True)
class ReceiptClock:
    """The reply clock as a receipt shows it: only ever made from a confirmed term."""

    term: PrintableTerm
    due_on: date
    counting: str
    missing_years: tuple[int, ...] = ()
    other_term: PrintableTerm | None = None


def compose_receipt(
    *,
    office: Office,
    case: CaseFacts,
    query_code: str,
    channel: str,
    materials: Sequence[str],
    issued_on: date,
    clock: ReceiptClock | None,
    registered_on: date | None = None,
    backdating_evidence: str = "",
) -> LetterData:
    """Return the receipt; while the reply term is unconfirmed it names no date."""
    kind = get_kind("receipt")
    registered = None
    if registered_on is not None and registered_on > case.received_on:
        registered = kind.say(
            "registered",
            registered_on=chinese_date(registered_on),
            evidence=backdating_evidence,
        )
    return LetterData(
        kind=kind.kind,
        title=kind.say("title"),
        issuer=office.name,
        rows=rows(
            kind,
            ("case_number", case.number),
            ("query_code", query_code),
            ("applicant", case.subject),
            ("record", case.record),
            ("received_on", chinese_date(case.received_on)),
            ("channel", channel),
            ("registered_on", registered),
            ("materials", "；".join(materials) or word("nothing")),
            *_clock_rows(kind, clock),
            ("look_up", kind.say("look_up", look_up_at=office.look_up_at)),
        ),
        paragraphs=(kind.say("meaning"), kind.say("free")),
        dated_on=issued_on,
        meta={"contact": office.contact, "case_number": case.number},
    )


def _clock_rows(kind: LetterKind, clock: ReceiptClock | None) -> list[tuple[str, str | None]]:
    if clock is None:
        return []
    due_on = chinese_date(clock.due_on)
    if clock.missing_years:
        years = "、".join(str(year) for year in clock.missing_years)
        due_on = kind.say("provisional", due_on=due_on, years=years)
    term = kind.say(
        "term",
        term=clock.term.words,
        rank=clock.term.rank,
        document=clock.term.document,
        clause=clock.term.clause,
    )
    if clock.other_term is not None:
        # N18: the longer term begins on the same day, so both are said at once.
        term += kind.say("other_term", term=clock.other_term.words)
    return [
        ("term", term),
        ("due_on", due_on),
        ("counting", clock.counting),
    ]
