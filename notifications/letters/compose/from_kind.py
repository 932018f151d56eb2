"""Writes a letter whose file says all that it reads: which phrases, in which order, of which facts.

Most letters are a heading and a few sentences around facts of the case. They need no program: a
domain expert writes ``body`` and ``facts`` beside the wording.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from notifications.letters.compose.facts import Office, numbered
from notifications.letters.kinds import LetterKind
from notifications.letters.letter import LetterData, Remedies

PLACEHOLDER = re.compile(r"\{(\w+)\}")
EACH = "*"
TITLE = "title"

Fact = str | Sequence[str]


def compose_from_kind(
    *,
    kind: LetterKind,
    office: Office,
    addressee: str,
    facts: Mapping[str, Fact],
    case_number: str,
    remedies: Remedies | None = None,
    attachments: Sequence[str] = (),
) -> LetterData:
    """Return the letter; a phrase that names a fact which is missing or empty is left out.

    Every phrase, the title too, may name the issuer.
    """
    facts = {"issuer": office.name, **facts}
    return LetterData(
        kind=kind.kind,
        title=kind.say(TITLE, **_single(facts)),
        issuer=office.name,
        addressee=addressee,
        paragraphs=tuple(_paragraphs(kind, facts)),
        remedies=remedies,
        attachments=tuple(attachments),
        draft=1,
        meta={"contact": office.contact, "case_number": case_number},
    )


def _paragraphs(kind: LetterKind, facts: Mapping[str, Fact]) -> Iterator[str]:
    for entry in kind.body:
        phrase = entry.removesuffix(EACH)
        names = PLACEHOLDER.findall(kind.wording[phrase])
        if not all(facts.get(name) for name in names):
            continue
        if entry.endswith(EACH):
            yield from _one_for_each(kind, phrase, names, facts)
        else:
            yield kind.say(phrase, **_single(facts))


def _one_for_each(
    kind: LetterKind, phrase: str, names: Sequence[str], facts: Mapping[str, Fact]
) -> tuple[str, ...]:
    listed = next(name for name in names if not isinstance(facts[name], str))
    lines = [kind.say(phrase, **{**_single(facts), listed: each}) for each in facts[listed]]
    return numbered(lines)


def _single(facts: Mapping[str, Fact]) -> dict[str, str]:
    """Return every fact as one text; lines stand behind each other."""
    return {
        name: fact if isinstance(fact, str) else "；".join(fact) for name, fact in facts.items()
    }
