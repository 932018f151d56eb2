"""Undoes the harm of a wrong record where it was told before (R9, R109, N10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from notifications.letters.compose.facts import (
    PERSONS,
    CaseFacts,
    Office,
    finding_word,
    opening_facts,
)
from notifications.letters.kinds import get_kind
from notifications.letters.letter import LetterData
from notifications.letters.words import chinese_date
from workflows.errors import NotAllowed


def compose_correction_statement(
    *,
    office: Office,
    case: CaseFacts,
    channels: Sequence[str],
    finding: str,
    corrected_on: date,
    before: str = "",
    after: str = "",
    addressee: str = "",
    publication_basis: str = "",
) -> LetterData:
    """Return the statement; without an addressee it is public.

    Raises NotAllowed for a public statement on a natural person without a cited law (N23).
    """
    if not addressee and case.subject_kind in PERSONS and not publication_basis:
        raise NotAllowed("error.publication_needs_law", subject_kind=case.subject_kind)
    kind = get_kind("correction_statement")
    lines = [
        kind.say(
            "opening",
            channels="、".join(channels),
            corrected_on=chinese_date(corrected_on),
            finding=finding_word(finding),
            **opening_facts(case),
        )
    ]
    if before:
        lines.append(kind.say("before", before=before))
    if after:
        lines.append(kind.say("after", after=after))
    lines.append(kind.say("ask"))
    if publication_basis:
        lines.append(kind.say("basis", basis=publication_basis))
    return LetterData(
        kind=kind.kind,
        title=kind.say("title"),
        issuer=office.name,
        addressee=addressee,
        paragraphs=tuple(lines),
        closing=(kind.say("closing"),),
        draft=1,
        meta={"contact": office.contact, "case_number": case.number},
    )
