"""The facts that most letters share, and the words they are printed with.

A composer gets only what may be printed: a term arrives as a ``PrintableTerm``, which cannot be
made from an unconfirmed parameter, and remedies arrive as the signed row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from notifications.letters.kinds import LetterKind
from notifications.letters.letter import Row
from notifications.letters.words import chinese_date, word
from workflows.errors import RuleMissing

PERSONS = ("natural_person", "civil_servant")
FINDINGS = ("correct", "revoke", "partly", "uphold")


class ConfirmedParameter(Protocol):
    """The part of a rule parameter that a letter needs."""

    @property
    def key(self) -> str: ...
    @property
    def value(self) -> Any: ...
    @property
    def unit(self) -> Any: ...
    @property
    def label(self) -> str: ...
    @property
    def document(self) -> str: ...
    @property
    def clause(self) -> str: ...
    @property
    def confirmed(self) -> bool: ...


@dataclass(frozen=True)
class PrintableTerm:
    """A term that the office's legal reviewer confirmed, in the words a letter uses."""

    words: str
    rank: str
    document: str
    clause: str


def printable_term(parameter: ConfirmedParameter) -> PrintableTerm:
    """Return the words of a term. Raises RuleMissing while it is unconfirmed (domain part E)."""
    if not parameter.confirmed:
        raise RuleMissing("error.rule_unconfirmed", parameter=parameter.key)
    return PrintableTerm(
        words=f"{parameter.value}{word(f'unit.{parameter.unit}')}",
        rank=word(f"rank.{parameter.label}"),
        document=parameter.document,
        clause=parameter.clause,
    )


@dataclass(frozen=True, kw_only=True)
class Office:
    """Who writes: the body that may issue letters outward, never one of its sections."""

    name: str
    joint_conference_office: str = ""
    contact: str = ""
    look_up_at: str = ""
    verify_at: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """What every letter of a case may name."""

    number: str
    subject: str
    subject_kind: str
    received_on: date
    record: str
    record_number: str = ""

    @property
    def you(self) -> str:
        """Return how the subject is addressed."""
        return word("you.person" if self.subject_kind in PERSONS else "you.organisation")


def opening_facts(case: CaseFacts) -> dict[str, str]:
    """Return the facts that the opening sentence of a letter may use."""
    return {
        "you": case.you,
        "you_again": case.you,
        "subject": case.subject,
        "received_on": chinese_date(case.received_on),
        "case_number": case.number,
        "record": case.record,
        "record_number": case.record_number,
    }


def finding_word(finding: str) -> str:
    """Return what a finding is called in a letter."""
    return word(f"finding.{finding}")


def numbered(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the paragraphs with Chinese ordinals before them; one alone stays unnumbered."""
    if len(lines) == 1:
        return tuple(lines)
    return tuple(f"{_ordinal(at)}、{line}" for at, line in enumerate(lines, start=1))


def rows(kind: LetterKind, *pairs: tuple[str, str | None]) -> tuple[Row, ...]:
    """Return the rows of a form, leaving out those without a value."""
    return tuple(
        Row(label=kind.wording[f"row.{name}"], value=value)
        for name, value in pairs
        if value is not None
    )


def _ordinal(number: int) -> str:
    digits, ten = word("ordinals"), word("ten")
    tens, ones = divmod(number, 10)
    last = digits[ones - 1] if ones else ""
    if tens == 0:
        return last
    return (digits[tens - 1] if tens > 1 else "") + ten + last
