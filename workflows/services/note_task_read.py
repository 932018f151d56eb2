"""Note that somebody has read a task without deciding it: 已阅 is not 同意 (E)."""

from __future__ import annotations

from typing import Any

from workflows.services.desk import Desk
from workflows.services.work_on_task import get_open_task
from workflows.storage.unit_of_work import UnitOfWork


def note_task_read(work: UnitOfWork, desk: Desk, *, task_id: str) -> dict[str, Any]:
    """Record the reading on the timeline; the case does not move."""
    task, case = get_open_task(work, task_id)
    work.record("task_read", case_id=case.id, element=task.element, item=task.item)
    return {"case_id": case.id, "task_id": task.id}
