"""What changed between two drafts of a letter, by paragraphs and the characters in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

SAME, GONE, NEW = "same", "gone", "new"
# Paragraphs less alike than this are shown as one struck out and one added: mixing the characters
# of two different sentences reads like nothing.
ALIKE = 0.5


@dataclass(frozen=True)
class Piece:
    """A run of characters that stayed, went or came; ``standing`` is same, gone or new."""

    standing: str
    text: str


Line = tuple[Piece, ...]


def text_of(content: Mapping[str, Any]) -> list[str]:
    """Return title and paragraphs of a draft as it was entered."""
    title = str(content.get("letter_title") or "").strip()
    body = str(content.get("letter_body") or "").splitlines()
    return [line.strip() for line in (title, *body) if line.strip()]


def compare(before: Sequence[str], after: Sequence[str]) -> list[Line]:
    """Return the paragraphs of the later draft with what went and what came."""
    lines: list[Line] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for step, first, last, begin, end in matcher.get_opcodes():
        if step == "equal":
            lines += [(Piece(SAME, text),) for text in after[begin:end]]
        else:
            lines += _replaced(before[first:last], after[begin:end])
    return lines


def _replaced(gone: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    for place in range(max(len(gone), len(new))):
        old = gone[place] if place < len(gone) else ""
        text = new[place] if place < len(new) else ""
        yield from _rewritten(old, text)


def _rewritten(old: str, text: str) -> Iterator[Line]:
    matcher = SequenceMatcher(None, old, text, autojunk=False)
    if matcher.ratio() < ALIKE:
        yield from ((Piece(how, words),) for how, words in ((GONE, old), (NEW, text)) if words)
        return
    pieces: list[Piece] = []
    for step, first, last, begin, end in matcher.get_opcodes():
        if step == "equal":
            pieces.append(Piece(SAME, text[begin:end]))
            continue
        if old[first:last]:
            pieces.append(Piece(GONE, old[first:last]))
        if text[begin:end]:
            pieces.append(Piece(NEW, text[begin:end]))
    yield tuple(pieces)
