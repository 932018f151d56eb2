"""Tells the subject that the objection was accepted and the record marked (R93, N20)."""

from __future__ import annotations

from notifications.letters.compose.facts import CaseFacts, Office, PrintableTerm, opening_facts
from notifications.letters.kinds import get_kind
from notifications.letters.letter import LetterData


def compose_acceptance_notice(
    *, office: Office, case: CaseFacts, term: PrintableTerm | None
) -> LetterData:
    """Return the notice of acceptance; the reply term prints only when it is confirmed."""
    kind = get_kind("acceptance_notice")
    facts = opening_facts(case)
    if term is None:
        promise = kind.say("no_term")
    else:
        promise = kind.say(
            "term", term=term.words, rank=term.rank, document=term.document, clause=term.clause
        )
    return LetterData(
        kind=kind.kind,
        title=kind.say("title"),
        issuer=office.name,
        addressee=case.subject,
        paragraphs=(kind.say("opening", **facts), kind.say("marked", **facts), promise),
        draft=1,
        meta={"contact": office.contact, "case_number": case.number},
    )
