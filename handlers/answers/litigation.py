"""A court's day lies ahead: no term may begin after its own end (R10, O-11)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers.case_facts import answer_of, day_of
from handlers.marks import answered
from workflows.errors import InvalidAnswer
from workflows.services.desk import OperationContext


@answered("register_suit")
def register_suit(context: OperationContext) -> Mapping[str, Any]:
    """Ask for a last day after that on which the notice came."""
    return _check_later(context, "register_suit", "answer_due_on", context.case.received_on)


@answered("enter_progress")
def enter_progress(context: OperationContext) -> Mapping[str, Any]:
    """Ask for a hearing that is still to come."""
    return _check_later(context, "enter_progress", "hearing_on", context.today)


def _check_later(context: OperationContext, form: str, field: str, than: date) -> Mapping[str, Any]:
    day = day_of(answer_of(context, form), field)
    if day is not None and day <= than:
        raise InvalidAnswer(fields={field: ["check.date_after_start"]})
    return {}
