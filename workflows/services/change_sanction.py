"""Suspend, restore, lighten or waive one measure, on the department's confirmation (R123, N9)."""

from __future__ import annotations

from datetime import date

from workflows.clock.calendar import legal_date
from workflows.errors import InvalidAnswer
from workflows.models import Case, Sanction
from workflows.services.lift_sanction import lift_sanction
from workflows.storage.unit_of_work import UnitOfWork

SUSPEND, RESTORE, LIGHTER = "suspend", "restore", "lighter"
LIFTING = ("reduced_or_waived", "exempted")
STATES = {SUSPEND: "suspended", RESTORE: "in_force", LIGHTER: "in_force"}


def change_sanction(
    work: UnitOfWork,
    *,
    case: Case,
    sanction: Sanction,
    change: str,
    changed_on: date,
    document: str,
    new_measure: str = "",
) -> Sanction:
    """Bring the measure into its new state; doing it again changes nothing.

    A waived measure is lifted; a reduced one is lifted unless the department names what is left of
    it, and a lighter one must be named. Raises InvalidAnswer for a day ahead or an unnamed measure.
    """
    if changed_on > legal_date(work.command.now):
        raise InvalidAnswer(fields={"changed_on": ["check.date_in_future"]})
    if change == LIGHTER and not new_measure.strip():
        raise InvalidAnswer(fields={"new_measure": ["check.required"]})
    if change in LIFTING and not (change == "reduced_or_waived" and new_measure.strip()):
        return lift_sanction(
            work, case=case, sanction=sanction, lifted_on=changed_on, document=document
        )
    state = STATES.get(change, "in_force")
    if sanction.status == state and new_measure in ("", sanction.measure):
        return sanction
    before = sanction.measure
    sanction.status = state
    if new_measure.strip():
        sanction.measure = new_measure.strip()[:200]
    if state == "in_force":
        sanction.lifted_on = None
        sanction.lifted_document = ""
    work.record(
        "sanction_changed",
        case_id=case.id,
        is_public=True,
        department=sanction.department.name,
        measure=before,
        after=sanction.measure,
        change=change,
        changed_on=changed_on.isoformat(),
        document=document,
    )
    return sanction
