"""Start the deadline of a rectification on the day its notice was served (R39, R44, O-11)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers.case_facts import answer_of, day_of
from handlers.marks import operation
from workflows.services.desk import OperationContext
from workflows.services.run_clock import start_set_clock

RULE = "rec.deadline"


@operation(
    "start_rectification",
    sets={"deadline_ahead": [True, False]},
    starts={"rectification": "rec.deadline", "explanation": "rec.deadline"},
)
def start_rectification(context: OperationContext) -> Mapping[str, Any]:
    """Run to the day a person set, or say that it was over before the notice arrived.

    A refused letter is left or published, which takes its time; then a person sets another day.
    """
    form = answer_of(context, "set_deadline") or answer_of(context, "prepare_notice")
    deadline = day_of(form, "deadline")
    if deadline is None or deadline <= context.today:
        return {"deadline_ahead": False}
    _start(context, "rectification", deadline)
    explained_by = day_of(form, "explanation_due")
    is_ahead = explained_by is not None and explained_by > context.today
    _start(context, "explanation", explained_by if is_ahead and explained_by else deadline)
    return {"deadline_ahead": True}


def _start(context: OperationContext, name: str, due_on: date) -> None:
    start_set_clock(
        context.work,
        context.desk,
        case=context.case,
        name=name,
        parameter=RULE,
        start_on=context.today,
        due_on=due_on,
        reason=context.element,
    )
