"""A department's opinion, answered in the system or entered from its stamped paper (R2, R8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from notifications.letters.compose.facts import CaseFacts, rows
from notifications.letters.kinds import get_kind
from notifications.letters.letter import LetterData
from notifications.letters.words import chinese_date
from workflows.errors import InvalidAnswer

CONCLUSIONS = ("correct", "revoke", "partly", "uphold", "unverifiable")


@dataclass(frozen=True, kw_only=True)
class PaperOpinion:
    """The stamped letter behind an opinion that was entered on a department's behalf."""

    number: str
    document_on: date
    arrived_on: date
    entered_by: str


def compose_verification_opinion(
    *,
    department: str,
    case: CaseFacts,
    request_number: str,
    conclusion: str,
    facts: str,
    evidence: str,
    base_document: str,
    handler: str,
    answered_on: date,
    paper: PaperOpinion | None = None,
) -> LetterData:
    """Return the opinion. Raises InvalidAnswer for a conclusion outside the five of C1."""
    if conclusion not in CONCLUSIONS:
        raise InvalidAnswer("error.conclusion", fields={"conclusion": ["error.conclusion"]})
    kind = get_kind("verification_opinion")
    incoming = entered = None
    if paper is not None:
        incoming = f"{paper.number}　{chinese_date(paper.document_on)}"
        entered = kind.say(
            "entered",
            entered_by=paper.entered_by,
            document_on=chinese_date(paper.document_on),
            arrived_on=chinese_date(paper.arrived_on),
        )
    return LetterData(
        kind=kind.kind,
        title=kind.say("title"),
        issuer=department,
        rows=rows(
            kind,
            ("case_number", case.number),
            ("request", request_number),
            ("subject", case.subject),
            ("record", f"{case.record_number}　{case.record}".strip()),
            ("conclusion", kind.say(f"conclusion.{conclusion}")),
            ("facts", facts),
            ("evidence", evidence),
            ("base_document", base_document),
            ("handler", handler),
            ("incoming", incoming),
            ("entered", entered),
        ),
        dated_on=answered_on,
        meta={"case_number": case.number},
    )
