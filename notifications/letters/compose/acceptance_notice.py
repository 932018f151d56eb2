"""Tells the subject that the objection was accepted and the record marked (R93, N20)."""

from __future__ import annotations

from notifications.letters.compose.facts import CaseFacts, Office, PrintableTerm, opening_facts
from notifications.letters.kinds import get_kind
from notifications.letters.letter import LetterData


def compose_acceptance_notice(
    *,
    office: Office,
    case: CaseFacts,
    term: PrintableTerm | None,
    other_term: PrintableTerm | None = None,
) -> LetterData:
    """Return the notice of acceptance; the reply term prints only when it is confirmed.

    ``other_term`` is the longer one of a region that has it for matters of another unit (N18).
    """
    kind = get_kind("acceptance_notice")
    facts = opening_facts(case)
    if term is None:
        promise = kind.say("no_term")
    else:
        promise = kind.say(
            "term", term=term.words, rank=term.rank, document=term.document, clause=term.clause
        )
    if term is not None and other_term is not None:
        promise += kind.say("other_term", term=other_term.words)
    return LetterData(
        kind=kind.kind,
        title=kind.say("title"),
        issuer=office.name,
        addressee=case.subject,
        paragraphs=(kind.say("opening", **facts), kind.say("marked", **facts), promise),
        draft=1,
        meta={"contact": office.contact, "case_number": case.number},
    )
