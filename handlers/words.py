"""The words that a case puts into letters and messages, kept as data and never in code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from notifications.letters.kinds import SHIPPED

TOLD = Path(__file__).with_name("told_words.json")


def case_word(key: str, **facts: object) -> str:
    """Return a word for letters, official Chinese; an unknown key stands for itself."""
    return _filled(_letter_words().get(key, key.partition(".")[2] or key), facts)


def told(key: str, **facts: object) -> dict[str, str]:
    """Return words for messages in both languages; an unknown key stands for itself."""
    word = key.partition(".")[2] or key
    spoken = _told_words().get(key, {"zh": word, "en": word})
    return {language: _filled(text, facts) for language, text in spoken.items()}


def _filled(text: str, facts: Mapping[str, object]) -> str:
    for name, value in facts.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


@lru_cache(maxsize=1)
def _letter_words() -> Mapping[str, str]:
    words: dict[str, str] = json.loads((SHIPPED / "case_words.json").read_text(encoding="utf-8"))
    return words


@lru_cache(maxsize=1)
def _told_words() -> Mapping[str, Mapping[str, str]]:
    words: dict[str, dict[str, str]] = json.loads(TOLD.read_text(encoding="utf-8"))
    return words
