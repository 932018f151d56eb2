"""What is known of a repair before it is judged: order in force, tier, period, objection (R29, N3).

Nothing here decides; the decision tables beside the diagrams do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from handlers.case_facts import answer_of, day_of, find_parameter
from handlers.words import case_word
from workflows.clock.terms import add_months
from workflows.rules.packs import Parameter
from workflows.services.desk import OperationContext

GOVERNMENT = ("government_body",)
REACHED, NOT_REACHED, UNSETTLED = "reached", "not_reached", "unsettled"
AT_ONCE = "none"
BY_PENALTY = "penalty_date"


@dataclass(frozen=True)
class Period:
    """How the shortest publicity stands: its verdict and, where it is certain, its last day."""

    state: str
    earliest_on: date | None = None


def shortest_period(context: OperationContext, *, rule_key: str) -> Period:
    """Reckon the shortest publicity period of the case's record by the rule that was chosen.

    While the rule on its start is unconfirmed (N12), it counts as over only if it is over from
    whichever day one counts; otherwise a person settles it. A person's answer goes before.
    """
    settled = day_of(answer_of(context, "settle_period"), "earliest_on")
    if settled is not None:
        return _by_day(context, settled)
    rule = find_parameter(context, rule_key) if rule_key != AT_ONCE else None
    if rule is None or not rule.confirmed:
        return Period(UNSETTLED)
    if rule.value == AT_ONCE:
        return Period(REACHED)
    return _counted(context, months=int(rule.value))


def candidates(context: OperationContext) -> dict[str, date]:
    """Return the days from which the period may count: the penalty's, and the publication's."""
    record = context.case.record
    if record is None:
        return {}
    entered = day_of(answer_of(context, "check_repair"), "published_on")
    published_on = record.publicity_starts_on or record.published_on or entered
    found = {BY_PENALTY: record.base_document_on, "publish_date": published_on}
    return {name: day for name, day in found.items() if day is not None}


def refusal_reasons(facts: Mapping[str, str]) -> list[str]:
    """Return every condition that is not met, in the words of a letter."""
    failing: Iterable[tuple[str, str]] = (
        ("materials", "incomplete"),
        ("commitment", "not_given"),
        ("duties", "not_performed"),
        ("period", NOT_REACHED),
    )
    return [case_word(f"repair_reason.{name}") for name, bad in failing if facts.get(name) == bad]


def earliest_words(earliest_on: date | None, facts: Mapping[str, str]) -> dict[str, Any]:
    """Return the earliest day as letters and pages read it; without one the key is empty."""
    is_ahead = earliest_on is not None and facts.get("period") == NOT_REACHED
    return {"repair_earliest_on": earliest_on.isoformat() if is_ahead and earliest_on else ""}


def start_rule(context: OperationContext) -> Parameter | None:
    """Return the rule on the day from which publicity counts (N11, N12)."""
    return find_parameter(context, "rep.periodStart")


def _counted(context: OperationContext, *, months: int) -> Period:
    ends = {name: add_months(day, months) for name, day in candidates(context).items()}
    start = start_rule(context)
    if start is not None and start.confirmed and str(start.value) in ends:
        return _by_day(context, ends[str(start.value)])
    is_over_either_way = len(ends) > 1 and max(ends.values()) <= context.today
    return Period(REACHED) if is_over_either_way else Period(UNSETTLED)


def _by_day(context: OperationContext, day: date) -> Period:
    return Period(REACHED if day <= context.today else NOT_REACHED, day)
