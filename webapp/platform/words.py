"""What the province says, kept as data beside it: a partner's words are not our page texts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def _words() -> Mapping[str, str]:
    words: dict[str, str] = json.loads(
        Path(__file__).with_name("words.json").read_text(encoding="utf-8")
    )
    return words


def say(key: str, **facts: object) -> str:
    """Return a sentence of the platform with its facts."""
    return _words()[key].format(**facts)
