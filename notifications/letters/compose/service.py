"""Proof of service and the confirmation of the address for service (N42)."""

from __future__ import annotations

from datetime import date

from notifications.letters.compose.facts import CaseFacts, Office, rows
from notifications.letters.kinds import get_kind
from notifications.letters.letter import LetterData
from notifications.letters.words import chinese_date
from workflows.errors import InvalidAnswer

METHODS = ("electronic", "window", "post", "leaving", "public_notice")


def compose_proof_of_service(
    *,
    office: Office,
    case: CaseFacts,
    document: str,
    method: str,
    dispatched_on: date,
    place: str,
    server: str,
    served_on: date | None = None,
    evidence: str | None = None,
    recipient: str = "",
    witness: str | None = None,
    note: str | None = None,
) -> LetterData:
    """Return the proof of service; before service its date stays blank for the hand to fill in.

    Raises InvalidAnswer for a way of service that the law does not know.
    """
    if method not in METHODS:
        problem = "error.service_method"
        raise InvalidAnswer(problem, fields={"service_method": [problem]})
    kind = get_kind("proof_of_service")
    explanation = (kind.say(method),) if method in kind.wording else ()
    return LetterData(
        kind=kind.kind,
        title=kind.say("title"),
        issuer=office.name,
        rows=rows(
            kind,
            ("case_number", case.number),
            ("document", document),
            ("addressee", case.subject),
            ("place", place),
            ("method", kind.say(f"method.{method}")),
            ("dispatched_on", chinese_date(dispatched_on)),
            ("served_on", chinese_date(served_on) if served_on else ""),
            ("evidence", evidence),
            ("recipient", recipient),
            ("server", server),
            ("witness", witness),
            ("note", note),
        ),
        paragraphs=explanation,
        meta={"case_number": case.number},
    )


def compose_address_confirmation(
    *,
    office: Office,
    case: CaseFacts,
    method: str,
    address: str,
    system: str,
    phone: str,
    agent: str = "",
    signed_on: date | None = None,
) -> LetterData:
    """Return the form by which the addressee agrees to a way of service; it is signed by hand."""
    kind = get_kind("address_confirmation")
    return LetterData(
        kind=kind.kind,
        title=kind.say("title"),
        issuer=office.name,
        rows=rows(
            kind,
            ("case_number", case.number),
            ("subject", case.subject),
            ("method", method),
            ("address", address),
            ("system", system),
            ("phone", phone),
            ("agent", agent),
            ("signature", ""),
            ("signed_on", chinese_date(signed_on) if signed_on else ""),
        ),
        paragraphs=(kind.say("meaning"),),
        meta={"case_number": case.number},
    )
