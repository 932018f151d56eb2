"""Sentences not yet spoken, so that checks, errors and view models need not know the language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Phrase:
    """A sentence by key and facts, spoken only when the reader's language is known."""

    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)


# What a presenter may hand to a page: words already spoken, or a sentence still to be spoken.
Words = str | Phrase


def phrase(key: str, /, **facts: Any) -> Phrase:
    """Return the sentence ``key`` with its facts, unspoken."""
    return Phrase(key, facts)
