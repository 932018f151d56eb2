"""What a branch of a case is called that is no body: an item of a ledger, a measure."""

from __future__ import annotations

from webapp.phrases import Phrase, phrase
from webapp.texts import current_texts


def branch_name(item: str | None) -> Phrase | None:
    """Return the item's or the measure's name, or None for a branch that is a body or none."""
    if not item:
        return None
    if item.isdigit():
        return phrase("item.number", number=item)
    key = f"measure.{item}"
    return phrase(key) if current_texts().has(key) else None
