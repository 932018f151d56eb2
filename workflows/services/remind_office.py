"""Pass on that the subject asks how the matter stands; it changes none of its other rights."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from workflows.clock.calendar import legal_date
from workflows.errors import Conflict
from workflows.models import Case, Task
from workflows.services.inform_people import Addressee, holders_of, inform_people, owners_of
from workflows.services.run_clock import find_clock
from workflows.storage.unit_of_work import UnitOfWork

REMINDED = "subject_reminded"
MESSAGE = "subject_reminds"


def remind_office(work: UnitOfWork, *, case_id: str) -> dict[str, Any]:
    """Tell everybody who holds an open step of the case, once a day and person.

    Raises Conflict once the case is closed.
    """
    case = work.get_case(case_id)
    if case.status == "closed":
        raise Conflict("error.case_is_closed", number=case.number)
    clock = find_clock(work, case_id=case.id, name="reply")
    due_on = clock.due_on.isoformat() if clock and clock.due_on else None
    day = legal_date(work.command.now).isoformat()
    told = inform_people(
        work,
        case=case,
        kind=MESSAGE,
        key=f"{case.id}:{day}",
        people=_people(work, case),
        facts={"due_on": due_on},
    )
    if told:
        work.record(REMINDED, case_id=case.id, is_public=True, due_on=due_on)
    return {"case_id": case.id, "told": len(told)}


def _people(work: UnitOfWork, case: Case) -> list[Addressee]:
    """Return who holds the open steps; between two steps, the handlers of the body."""
    query = select(Task).where(Task.case_id == case.id, Task.status == "open")
    found = {
        person.id: person
        for task in work.session.scalars(query)
        for person in owners_of(work, task=task)
    }
    if found:
        return list(found.values())
    body = case.receiving_organisation_id
    return holders_of(work, office_id=case.office_id, role="handler", organisation_id=body)
