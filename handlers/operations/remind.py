"""Remind whoever holds the work, once per clock and point; only reminders send themselves (E)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.fired_point import clock_of, fired_point
from handlers.marks import operation
from handlers.telling import matter, tell_people
from workflows.clock.terms import working_days_between
from workflows.services.consult_file import list_tasks_on_clock
from workflows.services.desk import OperationContext
from workflows.services.inform_people import owners_of


@operation("remind")
def remind(context: OperationContext) -> Mapping[str, Any]:
    """Tell the holders of the work that the clock presses, in the product and by mail."""
    fired = fired_point(context)
    clock = clock_of(context, fired)
    if clock is None or clock.status == "stopped" or clock.due_on is None:
        return {}
    calendar = context.desk.calendar(context.session, context.case.office_id)
    left = working_days_between(context.today, clock.due_on, calendar)
    facts: dict[str, Any] = {
        "clock": fired.clock,
        "item": fired.item or "",
        "point": fired.point,
        "due_on": clock.due_on.isoformat(),
        "left": left,
    }
    kind = "reminder" if left > 0 else "due_today" if left == 0 else "overdue"
    tasks = list_tasks_on_clock(context.work, case=context.case, clock=clock, item=fired.item)
    told = sum(
        tell_people(
            context,
            kind,
            owners_of(context.work, task=task),
            key=f"{context.case_id}:{fired.key}",
            facts={**facts, "matter": matter(fired.clock)},
            task=task,
        )
        for task in tasks
    )
    if told:
        context.work.record("reminded", case_id=context.case_id, count=told, **facts)
    return {}
