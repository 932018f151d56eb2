"""Two regions side by side, in words: what binds, by which text, and what is uncertain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from webapp.phrases import Words, phrase
from webapp.presenters.ranks import RankView, rank_view, source_words
from workflows.rules.comparison import DIFFERENT, ONE_SIDED, OTHER_SOURCE, Row, Side
from workflows.rules.packs import Paper, Parameter, RuleBook

ValueWords = Callable[[Parameter], Words]
DIFFERENCES = (DIFFERENT, ONE_SIDED)
CODE_LENGTH = 6


@dataclass(frozen=True)
class RuleView:
    """One rule of one region; ``mark`` says why it does not bind today, if it does not."""

    value: Words
    kinds: tuple[Words, ...]
    source: Words
    rank: RankView
    quote: str
    note: str
    unread: tuple[str, ...]
    is_unconfirmed: bool
    mark: Words = ""
    until: date | None = None
    rule_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class RowView:
    """One key in both regions."""

    key: str
    name: str
    name_en: str
    state: str
    sides: tuple[tuple[RuleView, ...], ...]

    @property
    def differs(self) -> bool:
        """Tell whether the regions part in substance, not only in the text they cite."""
        return self.state in DIFFERENCES

    @property
    def names_state(self) -> bool:
        """Tell whether the state is worth a word."""
        return self.state in (*DIFFERENCES, OTHER_SOURCE)


@dataclass(frozen=True)
class PaperView:
    """A text behind a region's rules, with what must be known about it."""

    paper: Paper
    is_in_force: bool


def row_view(row: Row, *, value_words: ValueWords) -> RowView:
    """Return a row in words."""
    sides = tuple(tuple(_rules(side, value_words)) for side in row.sides)
    return RowView(row.key, row.name, row.name_en, row.state, sides)


def paper_views(papers: Iterable[Paper], *, on: date) -> list[PaperView]:
    """Return the texts of a region with whether they hold on that day."""
    return [PaperView(paper, paper.is_in_force(on)) for paper in papers]


def list_regions(book: RuleBook) -> list[str]:
    """Return the jurisdictions that have rules of their own, provinces before their cities."""
    found = {pack.jurisdiction for pack in book.packs if pack.jurisdiction and not pack.is_office}
    return sorted(found)


def division_of(jurisdiction: str) -> str:
    """Return a division's code for a jurisdiction: 22 -> 220000."""
    return jurisdiction.ljust(CODE_LENGTH, "0")


def home_region(regions: Sequence[str], *, division: str) -> str:
    """Return the narrowest region that an office lies in, or the first, or none at all."""
    here = [region for region in regions if division.startswith(region)]
    return max(here, key=len) if here else next(iter(regions), "")


def _rules(side: Side, value_words: ValueWords) -> Iterable[RuleView]:
    for binding in side.bindings:
        yield _rule(binding.rule, value_words, kinds=binding.kinds)
    for rule in side.outranked:
        yield _rule(rule, value_words, mark=phrase("region.outranked"))
    for rule in side.ended:
        yield _rule(rule, value_words, mark=phrase("region.ended", on=rule.valid_to))
    for rule in side.to_come:
        yield _rule(rule, value_words, mark=phrase("region.to_come", on=rule.valid_from))


def _rule(
    rule: Parameter,
    value_words: ValueWords,
    *,
    kinds: Sequence[str] | None = None,
    mark: Words = "",
) -> RuleView:
    meant = rule.subject_kinds if kinds is None else kinds
    return RuleView(
        value=value_words(rule),
        kinds=tuple(phrase(f"subject.kind.{kind}") for kind in meant),
        source=source_words(rule),
        rank=rank_view(rule),
        quote=rule.quote,
        note=rule.note,
        unread=rule.unread_higher,
        is_unconfirmed=not rule.confirmed,
        mark=mark,
        until=None if mark else rule.valid_to,
        rule_ids=rule.rule_ids,
    )
