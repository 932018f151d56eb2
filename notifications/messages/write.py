"""Writes a message in the reader's language from its facts.

A part in ``[[ ]]`` is left out where one of its facts is not known. ``{due_on:day}`` is a date,
``{left:days}`` says working days left or late, ``{count:day|days}`` picks a word by number. A fact
may carry both languages in a mapping.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from notifications.letters.words import chinese_date
from notifications.messages.registry import check_facts, days_template, footer, is_known, template

_OPTIONAL = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_PLACEHOLDER = re.compile(r"\{(\w+)(?::([^}]+))?\}")


@dataclass(frozen=True)
class Mail:
    """Subject and body of an e-mail."""

    subject: str
    body: str


def write_notice(*, kind: str, language: str, facts: Mapping[str, Any]) -> str:
    """Return the line that is shown inside the product.

    Raises NotFound for an unregistered message, RuleMissing for a missing fact.
    """
    check_facts(kind=kind, facts=facts)
    return _fill(template(kind=kind, part="notice", language=language), language, facts)


def write_mail(
    *, kind: str, language: str, facts: Mapping[str, Any], link: str | None = None
) -> Mail:
    """Return the mail in one language, with the line under it that every mail carries."""
    check_facts(kind=kind, facts=facts)
    subject = _fill(template(kind=kind, part="subject", language=language), language, facts)
    body = _fill(template(kind=kind, part="body", language=language), language, facts)
    under = _fill(footer(language), language, {"link": link})
    return Mail(subject=" ".join(subject.split()), body=f"{body}\n\n{under}\n")


def placeholders(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the facts a template needs and those that it can do without."""
    optional = {name for part in _OPTIONAL.findall(text) for name, _ in _PLACEHOLDER.findall(part)}
    needed = {name for name, _ in _PLACEHOLDER.findall(_OPTIONAL.sub("", text))}
    return frozenset(needed), frozenset(optional - needed)


def _fill(text: str, language: str, facts: Mapping[str, Any]) -> str:
    def keep(match: re.Match[str]) -> str:
        names = [name for name, _ in _PLACEHOLDER.findall(match.group(1))]
        known = all(is_known(facts.get(name)) for name in names)
        return match.group(1) if known else ""

    def say(match: re.Match[str]) -> str:
        return _say(facts[match.group(1)], match.group(2) or "", language)

    return _PLACEHOLDER.sub(say, _OPTIONAL.sub(keep, text))


def _say(value: Any, form: str, language: str) -> str:
    if isinstance(value, Mapping):
        value = value[language]
    if form == "day":
        return _day(value, language)
    if form == "days":
        return _days(int(value), language)
    if "|" in form:
        one, many = form.split("|", 1)
        return one if value == 1 else many
    return str(value)


def _days(left: int, language: str) -> str:
    state = "today" if left == 0 else "left" if left > 0 else "late"
    text = days_template(state=state, language=language)
    return _fill(text, language, {"count": abs(left)})


def _day(value: date | str, language: str) -> str:
    day = date.fromisoformat(value) if isinstance(value, str) else value
    if language == "zh":
        return chinese_date(day)
    return f"{day.day} {day:%B} {day.year}"
