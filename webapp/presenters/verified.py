"""What a stranger may learn of a letter by its code: that it is ours, whether it still holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webapp.phrases import Words, phrase
from workflows.models import Case, Document
from workflows.services.read_portal import is_pending

CERTIFICATE = "pending_certificate"


@dataclass(frozen=True)
class Verdict:
    """One sentence about a letter, what it says in short, and what that does not prove."""

    sentence: Words
    explanation: Words
    kind: Words
    issuer: str
    number: str
    addressee: Words
    made_at: datetime | None
    says: Words
    limits: Words
    digest: str = ""
    is_valid: bool = True


def verdict_of(document: Document, *, case: Case, digest: str) -> Verdict:
    """Return what the page says; of natural persons it names nobody (N23)."""
    standing = _standing(document, case)
    is_certificate = document.kind == CERTIFICATE
    return Verdict(
        sentence=phrase(f"portal.verify.{standing}"),
        explanation=_explanation(standing, case),
        kind=phrase(f"letters.kind.{document.kind}"),
        issuer=str(document.letter.get("issuer") or case.receiving_organisation.name),
        number=document.number,
        addressee=_addressee(document, case),
        made_at=document.made_at,
        says=phrase("portal.verify.says.certificate") if is_certificate else "",
        limits=phrase(
            "portal.verify.limits.certificate" if is_certificate else "portal.verify.limits"
        ),
        digest=digest if standing != "void" else "",
        is_valid=standing in ("genuine", "valid"),
    )


def _standing(document: Document, case: Case) -> str:
    if document.status == "void":
        return "void"
    if document.kind != CERTIFICATE:
        return "genuine"
    return "valid" if is_pending(case) else "expired"


def _explanation(standing: str, case: Case) -> Words:
    if standing == "expired" and case.closed_at is not None:
        return phrase("portal.verify.expired.since", at=case.closed_at)
    return phrase("portal.verify.void.note") if standing == "void" else ""


def _addressee(document: Document, case: Case) -> Words:
    if case.subject.is_natural_person:
        return phrase("portal.verify.person")
    return document.addressee or case.subject.name
