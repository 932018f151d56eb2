"""Tells the subject how the case ended and what was done about it (R5, R15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from notifications.letters.compose.facts import (
    CaseFacts,
    Office,
    finding_word,
    opening_facts,
)
from notifications.letters.kinds import LetterKind, get_kind
from notifications.letters.letter import LetterData, Remedies
from notifications.letters.words import chinese_date
from workflows.errors import RuleMissing


@dataclass(frozen=True, kw_only=True)
class Corrected:
    """The record was wrong: what changed, who confirmed it and who was told."""

    finding: str
    changed_on: date
    platform_receipt: str
    lifting_receipts: Sequence[str] = ()
    told: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Upheld:
    """The record stands; the reply says why."""

    reply_number: str


@dataclass(frozen=True, kw_only=True)
class Withdrawn:
    """The subject withdrew; an error already found is corrected all the same (R3)."""

    withdrawn_on: date
    finding: str = ""


@dataclass(frozen=True, kw_only=True)
class GivenUp:
    """A cited provision deems the objection given up; that needs remedies like any decision."""

    provision: str
    remedies: Remedies


Ending = Corrected | Upheld | Withdrawn | GivenUp


def compose_closing_letter(*, office: Office, case: CaseFacts, ending: Ending) -> LetterData:
    """Return the closing letter for the way in which the case ended."""
    kind = get_kind("closing_letter")
    attachments = tuple(ending.lifting_receipts) if isinstance(ending, Corrected) else ()
    return LetterData(
        kind=kind.kind,
        title=kind.say("title"),
        issuer=office.name,
        addressee=case.subject,
        paragraphs=(
            kind.say("opening", **opening_facts(case)),
            *_lines(kind, case, ending),
        ),
        remedies=ending.remedies if isinstance(ending, GivenUp) else None,
        attachments=attachments,
        draft=1,
        meta={"contact": office.contact, "case_number": case.number},
    )


def _lines(kind: LetterKind, case: CaseFacts, ending: Ending) -> list[str]:
    if isinstance(ending, Corrected):
        return _corrected(kind, ending)
    if isinstance(ending, Upheld):
        return [kind.say("upheld", reply_number=ending.reply_number)]
    if isinstance(ending, Withdrawn):
        return _withdrawn(kind, case, ending)
    if not ending.provision:
        raise RuleMissing("error.provision_missing")
    return [kind.say("given_up", you_again=case.you, provision=ending.provision)]


def _corrected(kind: LetterKind, ending: Corrected) -> list[str]:
    lines = [
        kind.say(
            "corrected",
            changed_on=chinese_date(ending.changed_on),
            finding=finding_word(ending.finding),
            platform_receipt=ending.platform_receipt,
        ),
        kind.say("lifted" if ending.lifting_receipts else "no_sanctions"),
    ]
    if ending.told:
        lines.append(kind.say("told", told="、".join(ending.told)))
    return lines


def _withdrawn(kind: LetterKind, case: CaseFacts, ending: Withdrawn) -> list[str]:
    lines = [
        kind.say("withdrawn", you_again=case.you, withdrawn_on=chinese_date(ending.withdrawn_on))
    ]
    if ending.finding:
        lines.append(kind.say("withdrawn_error", finding=finding_word(ending.finding)))
    return lines
