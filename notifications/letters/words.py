"""The small words that letters share, kept as data in ``bpmn/letters/words.json``.

Letters are official Chinese whatever language a page is read in, so these are not page texts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from notifications.letters.kinds import SHIPPED
from workflows.errors import RuleMissing

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@lru_cache(maxsize=1)
def _words() -> Mapping[str, str]:
    words: dict[str, str] = json.loads((SHIPPED / "words.json").read_text(encoding="utf-8"))
    return words


def word(key: str, **facts: object) -> str:
    """Return a word of letters with its placeholders filled. Raises RuleMissing."""
    words = _words()
    if key not in words:
        raise RuleMissing("error.letter_word_missing", word=key)
    return _PLACEHOLDER.sub(lambda match: str(facts[match.group(1)]), words[key])


def chinese_date(day: date) -> str:
    """Return the date as letters write it: Arabic figures, no leading zero (N40)."""
    return word("date", year=day.year, month=day.month, day=day.day)


def short_date(day: date) -> str:
    """Return month and day."""
    return word("day", month=day.month, day=day.day)
