"""Says whose rule a day count is: the firmer the authority, the firmer the frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from webapp.phrases import Phrase, Words, phrase


class Rule(Protocol):
    """What a rank and its sentence need of a rule parameter (workflows.rules.Parameter)."""

    @property
    def value(self) -> Any: ...
    @property
    def unit(self) -> str: ...
    @property
    def document(self) -> str: ...
    @property
    def clause(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def confirmed(self) -> bool: ...


@dataclass(frozen=True)
class RankView:
    """A word in the frame of its authority; ``frame`` ends the CSS class."""

    word: Words
    frame: str


# label of the rule -> frame
_FRAMES = {
    "statutory": "law",
    "document": "doc",
    "set": "set",
    "promise": "promise",
    "inner": "inner",
}
UNCONFIRMED = RankView(phrase("rank.unconfirmed"), "promise")
NO_LIMIT = RankView(phrase("rank.none"), "set")


def rank_view(rule: Rule | None) -> RankView:
    """Return the rank of a rule; an unconfirmed one says only that, whatever it claims to be."""
    if rule is None:
        return NO_LIMIT
    if not rule.confirmed:
        return UNCONFIRMED
    return rank_of(rule.label)


def rank_of(label: str) -> RankView:
    """Return the rank for statutory, document, set, promise or inner."""
    return RankView(phrase(f"rank.{label}"), _FRAMES[label])


def term_words(amount: int, unit: str) -> Phrase:
    """Return a term: 15 个工作日, 3 个月, 10 日."""
    return phrase(f"term.{unit.lower()}", count=amount)


def source_words(rule: Rule) -> Phrase:
    """Return where the rule stands: 吉政办发〔2017〕75号 二(十)."""
    if not rule.document:
        return phrase("rank.office_source")
    key = "rank.source" if rule.clause else "rank.source_whole"
    return phrase(key, document=rule.document, clause=rule.clause)
