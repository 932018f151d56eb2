"""Ask a department to lift a sanction that rests on the wrong record (R5, R123, O-4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import case_facts, find_term, office_facts
from handlers.marks import operation
from handlers.places import get_item_sanction
from handlers.sending import find_letter, send_to_body
from notifications.letters.compose.lifting import SanctionInForce, compose_lifting_notice
from workflows.clock.terms import legal_date
from workflows.services.desk import OperationContext
from workflows.services.open_case import OBJECTION
from workflows.services.run_clock import start_clock

# An error and a repair have an inner term each for the same act (O-4).
TERMS = {OBJECTION: "obj.lift.limit"}


@operation("send_lifting_notice", starts={"lift": "obj.lift.limit"})
def send_lifting_notice(context: OperationContext) -> Mapping[str, Any]:
    """Send the notice for the sanction of this branch and start the office's inner term."""
    sanction = get_item_sanction(context)
    case = context.case
    term_key = TERMS.get(case.kind, "sanction.lift.limit")
    start_clock(
        context.work,
        context.desk,
        case=case,
        name="lift",
        parameter=term_key,
        start_on=context.today,
        item=context.item,
        reason="lifting_asked",
    )
    if find_letter(context, "lifting_notice", item=context.item) is not None:
        return {}
    approved_at = case.finding_approved_at or context.now
    letter = compose_lifting_notice(
        office=office_facts(context),
        case=case_facts(context),
        department=sanction.department.name,
        finding=case.finding,
        approved_on=legal_date(approved_at),
        sanctions=[
            SanctionInForce(
                measure=sanction.measure,
                legal_basis=sanction.legal_basis,
                since=sanction.imposed_on,
            )
        ],
        term=find_term(context, term_key),
        ground=case.kind,
    )
    send_to_body(
        context,
        letter,
        body=sanction.department,
        item=context.item,
        message="lifting_requested",
    )
    context.work.record(
        "lifting_asked",
        case_id=case.id,
        is_public=True,
        department=sanction.department.name,
        measure=sanction.measure,
    )
    return {}
