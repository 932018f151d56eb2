"""Named checks a form may ask for; each complaint says what is wrong and where to look.

A check gets the answer and the whole form's answers and returns a sentence, or None when all is
well. GB 32100 defines the unified social credit code, GB 11643 the citizen identification number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from webapp.phrases import Phrase, phrase
from workflows.services.check_identifier import (
    Problem,
    clean_code,
    problem_of_id_number,
    problem_of_uscc,
)

EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
PHONE_SIGNS = re.compile(r"[\s()（）+\-—#*]")


@dataclass(frozen=True)
class CheckContext:
    """What a check may know besides the answer."""

    today: date
    answers: Mapping[str, Any] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    argument: str = ""


Check = Callable[[Any, CheckContext], Phrase | None]


def check_uscc(value: Any, context: CheckContext) -> Phrase | None:
    """Complain about a unified social credit code, naming the first wrong character (N37)."""
    return _spoken(problem_of_uscc(clean_code(str(value))))


def check_id_number(value: Any, context: CheckContext) -> Phrase | None:
    """Complain about a citizen identification number (N38)."""
    return _spoken(problem_of_id_number(clean_code(str(value))))


def _spoken(problem: Problem | None) -> Phrase | None:
    return None if problem is None else phrase(problem.key, **problem.facts)


def check_phone(value: Any, context: CheckContext) -> Phrase | None:
    """Complain about a telephone number; extension and country code are allowed."""
    digits = PHONE_SIGNS.sub("", unicodedata.normalize("NFKC", str(value)))
    for letter in digits:
        if letter not in "0123456789":
            return phrase("check.phone.letters", letter=letter)
    # A hotline has 5 digits, a number with country code and extension up to 20.
    is_length_right = len(digits) == 5 or 7 <= len(digits) <= 20
    return None if is_length_right else phrase("check.phone.length", count=len(digits))


def check_email(value: Any, context: CheckContext) -> Phrase | None:
    """Complain about an e-mail address without @ or domain."""
    return None if EMAIL.fullmatch(str(value).strip()) else phrase("check.email")


def check_not_future(value: Any, context: CheckContext) -> Phrase | None:
    """Complain about a date after the business day."""
    if isinstance(value, date) and value > context.today:
        return phrase("check.future", on=value, today=context.today)
    return None


def check_not_past(value: Any, context: CheckContext) -> Phrase | None:
    """Complain about a date before the business day."""
    if isinstance(value, date) and value < context.today:
        return phrase("check.past", on=value, today=context.today)
    return None


def check_not_after(value: Any, context: CheckContext) -> Phrase | None:
    """Complain about a date later than that of another question or fact."""
    other = _other_date(context)
    if isinstance(value, date) and other is not None and value > other:
        return phrase("check.not_after", other=_other_label(context), limit=other)
    return None


def check_not_before(value: Any, context: CheckContext) -> Phrase | None:
    """Complain about a date earlier than that of another question or fact."""
    other = _other_date(context)
    if isinstance(value, date) and other is not None and value < other:
        return phrase("check.not_before", other=_other_label(context), limit=other)
    return None


def _other_date(context: CheckContext) -> date | None:
    other = context.answers.get(context.argument)
    return other if isinstance(other, date) else None


def _other_label(context: CheckContext) -> str:
    return context.labels.get(context.argument, context.argument)


CHECKS: Mapping[str, Check] = {
    "uscc": check_uscc,
    "id_number": check_id_number,
    "phone": check_phone,
    "email": check_email,
    "not_future": check_not_future,
    "not_past": check_not_past,
    "not_after": check_not_after,
    "not_before": check_not_before,
}
# Answers of these checks are stored as a code is written, not as it was typed.
CODES = frozenset({"uscc", "id_number"})
