"""Start and stop the clocks that a diagram names: by rule, or by a day that a person set (O-11)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers.case_facts import answer_of, day_of
from handlers.marks import operation
from handlers.stopping import stop_named_clock
from workflows.clock.calendar import legal_date
from workflows.errors import InvalidAnswer
from workflows.services.desk import OperationContext
from workflows.services.run_clock import find_clock_row, start_clock, start_set_clock

RECEIPT, REGISTERED, TODAY, LAST_DAY = "receipt", "registered", "today", "last_day"


@operation("start_clock")
def start_named_clock(context: OperationContext) -> Mapping[str, Any]:
    """Start the clock named by ``jiannuo:starts`` under the rule ``jiannuo:rule``.

    ``jiannuo:from`` is ``today`` (default), ``receipt``, ``registered`` or ``<form>.<field>``.
    ``jiannuo:until`` names the field with the day that a person set; without it the rule counts.
    """
    step = context.desk.blueprint(context.session, context.case).element(context.element)
    asked = step.attributes
    name, rule = asked["starts"], asked["rule"]
    begun_on = _begun_on(context, asked.get("from", TODAY))
    if "until" not in asked:
        start_clock(
            context.work,
            context.desk,
            case=context.case,
            name=name,
            parameter=rule,
            start_on=begun_on,
            item=context.item,
            reason=context.element,
        )
        return {}
    due_on = _day(context, asked["until"])
    if due_on is None or due_on <= begun_on:
        raise InvalidAnswer(fields={asked["until"].partition(".")[2]: ["check.date_after_start"]})
    start_set_clock(
        context.work,
        context.desk,
        case=context.case,
        name=name,
        parameter=rule,
        start_on=begun_on,
        due_on=due_on,
        item=context.item,
        reason=context.element,
    )
    return {}


@operation("stop_clock")
def stop_clock_named(context: OperationContext) -> Mapping[str, Any]:
    """Stop the clocks that ``jiannuo:stops`` names, separated by commas, if they still run.

    ``jiannuo:on="last_day"`` is for a time that somebody had and let go by: it ended on its last
    day, and nobody was late.
    """
    step = context.desk.blueprint(context.session, context.case).element(context.element)
    is_over = step.attributes.get("on") == LAST_DAY
    for name in map(str.strip, step.attributes["stops"].split(",")):
        stop_named_clock(
            context,
            name,
            reason=context.element,
            evidence="",
            item=context.item,
            on=_last_day(context, name) if is_over else None,
        )
    return {}


def _last_day(context: OperationContext, name: str) -> date | None:
    clock = find_clock_row(context.work, case_id=context.case_id, name=name, item=context.item)
    return clock.due_on if clock is not None else None


def _begun_on(context: OperationContext, place: str) -> date:
    if place == RECEIPT:
        return context.case.received_on
    if place == REGISTERED:
        return legal_date(context.case.registered_at)
    return (_day(context, place) if place != TODAY else None) or context.today


def _day(context: OperationContext, place: str) -> date | None:
    form, _, field = place.partition(".")
    answer = answer_of(context, form, item=context.item) or answer_of(context, form)
    return day_of(answer, field)
