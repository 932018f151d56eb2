"""The written reply that the law asks for: facts, evidence, conclusion, remedies (R2, R3, N25)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from notifications.letters.compose.facts import (
    FINDINGS,
    CaseFacts,
    Office,
    numbered,
    opening_facts,
)
from notifications.letters.kinds import LetterKind, get_kind
from notifications.letters.letter import LetterData, Remedies
from workflows.errors import InvalidAnswer

STOPS = ("。", "，", "；", "：")


@dataclass(frozen=True)
class ReplyItem:
    """The finding on one record or one contested point."""

    finding: str  # correct | revoke | partly | uphold
    record: str
    facts: str
    evidence: str = ""


def compose_reply(
    *,
    office: Office,
    case: CaseFacts,
    items: Sequence[ReplyItem],
    remedies: Remedies,
    attachments: Sequence[str] = (),
    cc: Sequence[str] = (),
) -> LetterData:
    """Return the reply as a first draft; the officer may then change its words, not its remedies.

    Raises InvalidAnswer when there is no finding or one that is not in the glossary.
    """
    if not items or any(item.finding not in FINDINGS for item in items):
        raise InvalidAnswer("error.finding_missing", fields={"finding": ["error.finding_missing"]})
    kind = get_kind("reply")
    facts = opening_facts(case)
    return LetterData(
        kind=kind.kind,
        title=kind.say("title", issuer=office.name, subject=case.subject),
        issuer=office.name,
        addressee=case.subject,
        paragraphs=(
            kind.say("opening", **facts),
            *numbered([_item(kind, item) for item in items]),
            _consequence(kind, items),
        ),
        remedies=remedies,
        closing=(kind.say("closing"),),
        attachments=tuple(attachments),
        cc=tuple(cc),
        draft=1,
        meta={"contact": office.contact, "case_number": case.number, "subject": case.subject},
    )


def _item(kind: LetterKind, item: ReplyItem) -> str:
    facts = item.facts if item.facts.endswith(STOPS) else f"{item.facts}。"
    sentence = kind.say(f"item.{item.finding}", facts=facts, record=item.record)
    if item.evidence:
        sentence += kind.say("evidence", evidence=item.evidence)
    return sentence


def _consequence(kind: LetterKind, items: Sequence[ReplyItem]) -> str:
    wrong = any(item.finding != "uphold" for item in items)
    return kind.say("after_error" if wrong else "after_upheld")
