"""Breaks a title where a reader would, because a title split inside a name looks careless.

Typst balances characters; it does not know which of them are a name. Names of the bodies and the
subject are kept whole, and the lines are made as even as that allows.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from notifications.letters.words import word

LINE = 20  # characters of 22 pt in the 156 mm type area, one spared at the edge
MOST_LINES = 4


def title_lines(*, title: str, names: Iterable[str], width: int = LINE) -> list[str]:
    """Return the title in as few lines as fit, none of them splitting a name that fits a line."""
    if len(title) <= width or len(title) > width * MOST_LINES:
        return [title]
    whole = [name for name in names if name and len(name) <= width]
    allowed = _breaks(title, whole)
    for count in range(2, MOST_LINES + 1):
        cuts = _best_cuts(title, allowed, count, width)
        if cuts is not None:
            return _cut(title, cuts)
    return [title]


def _breaks(title: str, names: list[str]) -> list[int]:
    """Return the places where a break is allowed: the edges of names, else anywhere outside."""
    inside: set[int] = set()
    edges: set[int] = set()
    for name in names:
        start = title.find(name)
        while start >= 0:
            inside |= set(range(start + 1, start + len(name)))
            edges |= {start, start + len(name)}
            start = title.find(name, start + len(name))
    inside |= {at for at, char in enumerate(title) if char in word("title.no_break_before")}
    for pair in word("title.keep_together").split():
        start = title.find(pair)
        while start >= 0:
            inside.add(start + 1)
            start = title.find(pair, start + 2)
    allowed = [at for at in range(1, len(title)) if at not in inside]
    return sorted({at for at in allowed} | (edges - inside - {0, len(title)}))


def _best_cuts(title: str, allowed: list[int], count: int, width: int) -> tuple[int, ...] | None:
    best: tuple[int, tuple[int, ...]] | None = None
    for cuts in combinations(allowed, count - 1):
        lengths = [len(line) for line in _cut(title, cuts)]
        if max(lengths) > width:
            continue
        unevenness = max(lengths) - min(lengths)
        if best is None or unevenness < best[0]:
            best = (unevenness, cuts)
    return best[1] if best else None


def _cut(title: str, cuts: tuple[int, ...]) -> list[str]:
    edges = [0, *cuts, len(title)]
    return [title[start:end] for start, end in zip(edges, edges[1:], strict=False)]
