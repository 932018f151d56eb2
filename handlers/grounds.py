"""Put the grounds of an objection and what was concluded into the words of letters (C1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from handlers.words import case_word

# What a department concludes, in the words that findings use.
CONCLUSIONS = {
    "wrong_correct": "correct",
    "wrong_revoke": "revoke",
    "partly_wrong": "partly",
    "right": "uphold",
    "cannot_verify": "unverifiable",
}
ERRORS = ("correct", "revoke", "partly")


def grounds_words(chosen: Iterable[Any]) -> str:
    """Return the grounds in words, in the order chosen."""
    return "、".join(case_word(f"ground.{each}") for each in chosen)


def conclusion_of(value: Any) -> str:
    """Return the finding that a department's conclusion amounts to."""
    return CONCLUSIONS.get(str(value), str(value or ""))


def is_credit_reporting(form: Mapping[str, Any]) -> bool:
    """Say whether a formal check found what banks report, which has a law of its own (N22)."""
    return form.get("regime") == "financial"
