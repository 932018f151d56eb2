"""Draws a frozen letter outside the transaction, once, and hands the PDF back to the case.

A letter that was changed or sealed meanwhile has a newer order in the outbox; the old one then
draws nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from notifications.channels.channel import Receipt
from notifications.letters.letter import LetterData
from notifications.letters.render import render_letter
from workflows.storage.outbox_store import Effect


class LetterDesk(Protocol):
    """Where frozen letters come from and drawn ones go."""

    def read(self, effect: Effect) -> Mapping[str, Any] | None:
        """Return the frozen letter, or None when it is no longer the one that was ordered."""
        ...

    def attach(self, effect: Effect, pdf: bytes) -> str:
        """Keep the PDF with its letter and return the reference of the file."""
        ...


@dataclass(frozen=True, kw_only=True)
class LetterPdfChannel:
    """Has letters drawn with the fonts of the office."""

    desk: LetterDesk
    fonts: Path

    def send(self, effect: Effect) -> Receipt:
        """Draw the letter and attach it; the same letter gives the same bytes."""
        letter = self.desk.read(effect)
        if letter is None:
            return Receipt(reference="")
        pdf = render_letter(LetterData.from_mapping(letter), fonts=self.fonts)
        return Receipt(reference=self.desk.attach(effect, pdf))
