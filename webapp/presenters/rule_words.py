"""A rule's value as a sentence: a reviewer confirms words and numbers, not codes."""

from __future__ import annotations

from typing import Any

from webapp.phrases import Words, phrase
from webapp.texts import current_texts
from workflows.rules.packs import Kind, Parameter


def value_words(rule: Parameter) -> Words:
    """Return what the rule says, in words."""
    if rule.unit.counts_time and rule.is_set_by_person:
        return phrase("rule.set_by_person")
    if rule.unit.counts_time:
        return phrase(f"rule.term.{rule.unit.value}", count=rule.value)
    if rule.unit is Kind.SWITCH:
        return phrase("rule.yes" if rule.value else "rule.no")
    if rule.unit is Kind.ITEMS:
        return _list([choice_words(item) for item in rule.value])
    if rule.unit is Kind.ALLOWANCE and not rule.value:
        return phrase("rule.not_allowed")
    if rule.unit is Kind.ALLOWANCE and "times" in rule.value:
        return phrase("rule.allowed", times=int(rule.value["times"]))
    if rule.unit is Kind.POINT:
        return point_words(str(rule.value))
    return choice_words(rule.value)


def point_words(point: str) -> Words:
    """Return a point on a clock in words: 50%, day13, due-2, due, overdue."""
    if point.endswith("%"):
        return phrase("rule.point.share", share=point)
    if point.startswith("day"):
        return phrase("rule.point.day", number=point.removeprefix("day"))
    if point.startswith("due-"):
        return phrase("rule.point.before", count=int(point.removeprefix("due-")))
    return phrase(f"rule.point.{point}")


def choice_words(value: Any) -> Words:
    """Return what a choice means, or the value itself where it is already in words."""
    key = f"rule.choice.{value}"
    return phrase(key) if current_texts().has(key) else str(value)


def _list(parts: list[Words]) -> Words:
    if not parts:
        return phrase("rule.none")
    found = parts[0]
    for part in parts[1:]:
        found = phrase("rule.and", first=found, then=part)
    return found
