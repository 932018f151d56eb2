"""A letter leaves the office when the clerk says so; e-service without consent is refused (N42)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from handlers.case_facts import answer_of, day_of
from handlers.letter_in_hand import get_letter_in_hand
from handlers.marks import answered
from workflows.clock.terms import local_instant
from workflows.errors import InvalidAnswer
from workflows.lint.declared import VALUE
from workflows.services.desk import OperationContext
from workflows.services.dispatch_document import dispatch_document


@answered(
    "dispatch_letter",
    reads=["service_method", "letter_kind"],
    sets={"service_method": VALUE},
)
def dispatch_letter(context: OperationContext) -> Mapping[str, Any]:
    """Note the way and the day of dispatch."""
    form = answer_of(context, "dispatch_letter")
    method = str(form.get("service_method") or context.variables.get("service_method") or "")
    if not method:
        raise InvalidAnswer(fields={"service_method": ["check.required"]})
    dispatch_document(
        context.work,
        context.desk,
        case=context.case,
        document=get_letter_in_hand(context),
        method=method,
        dispatched_at=_instant(context, day_of(form, "dispatched_on")),
    )
    return {"service_method": method}


def _instant(context: OperationContext, dispatched_on: date | None) -> datetime:
    if dispatched_on is None or dispatched_on == context.today:
        return context.now
    if dispatched_on > context.today:
        raise InvalidAnswer(fields={"dispatched_on": ["check.date_in_future"]})
    return local_instant(dispatched_on, time(0, 0))
