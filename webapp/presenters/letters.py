"""The dispatch sheet of a letter, its steps, and its preview on paper."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.phrases import Words


@dataclass(frozen=True)
class SheetCell:
    """A labelled cell of the dispatch sheet; ``is_open`` sets what is still to come in grey."""

    label: Words
    text: Words = ""
    signed_by: Words = ""
    signed_at: Words = ""
    note: Words = ""
    is_open: bool = False


@dataclass(frozen=True)
class SheetRow:
    """One row of the dispatch sheet: a wide cell, or two."""

    cells: tuple[SheetCell, ...]


@dataclass(frozen=True)
class Step:
    """A step a letter goes through; ``standing`` is was, now or ""."""

    label: Words
    standing: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph on paper; locked text is set grey because it may not be changed."""

    text: str
    is_locked: bool = False


@dataclass(frozen=True)
class Paper:
    """A letter as it will be printed; letters stay Chinese in every language of the page."""

    organisation: str
    title: str
    paragraphs: tuple[Paragraph, ...]
    addressee: str = ""
    number: str | None = None
    number_stem: str = ""
    number_end: str = ""
    signed_by: str = ""
    signed_on: str = ""
    draft_mark: Words = ""
    is_red_head: bool = True
