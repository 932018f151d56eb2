"""File sizes in words, the same on the page, in its script and in a refusal."""

from __future__ import annotations

KILO = 1024
MEGA = KILO * KILO


def size_words(size: int) -> str:
    """Return a size as people read it: 213 kB, 1.4 MB, 20 MB."""
    if size < MEGA:
        return f"{max(1, round(size / KILO))} kB"
    return f"{size / MEGA:.1f}".removesuffix(".0") + " MB"
