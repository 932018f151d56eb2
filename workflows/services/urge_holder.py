"""Urge whoever holds a task (催办), with a record that it was done."""

from __future__ import annotations

from typing import Any

from workflows.clock.terms import legal_date, working_days_between
from workflows.services.desk import Desk
from workflows.services.inform_people import inform_people, owners_of
from workflows.services.work_on_task import get_open_task
from workflows.storage.unit_of_work import UnitOfWork


def urge_holder(work: UnitOfWork, desk: Desk, *, task_id: str) -> dict[str, Any]:
    """Remind the holder of a task, or everybody whose post may claim it; once a day and person."""
    task, case = get_open_task(work, task_id)
    today = legal_date(work.command.now)
    calendar = desk.calendar(work.session, case.office_id)
    told = inform_people(
        work,
        case=case,
        kind="reminder",
        key=f"urged:{task.id}:{today.isoformat()}",
        people=owners_of(work, task=task),
        facts={
            "matter": task.name,
            "due_on": task.due_on.isoformat() if task.due_on else "",
            "left": working_days_between(today, task.due_on, calendar) if task.due_on else "",
        },
        task=task,
    )
    work.record("task_urged", case_id=case.id, element=task.element, item=task.item, told=len(told))
    return {"case_id": case.id, "task_id": task.id, "told": len(told)}
