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
from workflows.errors import InvalidAnswer, RuleMissing

UNIT_WORDS = {"WD": "个工作日", "CD": "日", "M": "个月"}
RANK_WORDS = {
    "statutory": "法定",
    "document": "规范性文件",
    "promise": "承诺时限",
    "inner": "内部时限",
    "set": "指定期限",
}
PERSONS = ("natural_person", "civil_servant")
FINDING_WORDS = {"correct": "更正", "revoke": "撤销", "partly": "部分更正", "uphold": "维持"}


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
    unit = UNIT_WORDS[str(parameter.unit)]
    return PrintableTerm(
        words=f"{parameter.value}{unit}",
        rank=RANK_WORDS[str(parameter.label)],
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
        return "您" if self.subject_kind in PERSONS else "你单位"


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


def chinese_date(day: date) -> str:
    """Return the date as letters write it: Arabic figures, no leading zero (N40)."""
    return f"{day.year}年{day.month}月{day.day}日"


def numbered(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the paragraphs with 一、二、三 before them; one alone stays unnumbered."""
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


def need_text(*, value: str, field: str) -> str:
    """Return a text that a letter cannot go without. Raises InvalidAnswer when it is empty."""
    if not value.strip():
        problem = "error.letter_text_missing"
        raise InvalidAnswer(problem, fields={field: [problem]})
    return value.strip()


def _ordinal(number: int) -> str:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if tens == 0:
        return digits[ones]
    head = "十" if tens == 1 else f"{digits[tens]}十"
    return head + (digits[ones] if ones else "")
