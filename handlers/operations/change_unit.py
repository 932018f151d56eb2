"""Let a successor go on rectifying; a change of unit or head ends no duty (R77, R79, R80)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, text_of
from handlers.marks import operation
from workflows.services.case_bodies import body_of_part, hand_over_tasks, name_body
from workflows.services.desk import OperationContext


@operation("change_unit")
def change_unit(context: OperationContext) -> Mapping[str, Any]:
    """Hand open work and the duty to the successor; the deadline stands.

    A new head inherits the task. Who headed the unit before stays named in the answer, with tenure.
    """
    form = answer_of(context, "unit_change")
    case = context.case
    successor = text_of(form, "successor") if form.get("change") == "merged" else ""
    if successor:
        former = body_of_part(case, "responsible") or case.receiving_organisation_id
        moved = hand_over_tasks(context.work, case=case, from_id=former, to_id=successor)
        name_body(case, "responsible", successor)
        context.work.record("unit_succeeded", case_id=case.id, is_public=True, count=moved)
    else:
        context.work.record("head_changed", case_id=case.id, is_public=True)
    return {}
