"""Hand a repair to whoever recognised the record, and read what it answered (N4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of
from handlers.marks import operation
from workflows.errors import InvalidAnswer
from workflows.lint.declared import ITEMS
from workflows.services.desk import OperationContext

NOT_ACCEPTED = "not_accepted"


@operation("list_recogniser", sets={"recognisers": ITEMS})
def list_recogniser(context: OperationContext) -> Mapping[str, Any]:
    """Set ``recognisers``: the one body that recognised the record (谁认定、谁修复).

    Raises InvalidAnswer while the case has no record.
    """
    record = context.case.record
    if record is None:
        raise InvalidAnswer("error.repair_needs_record", number=context.case.number)
    return {"recognisers": [record.recogniser_id]}


@operation(
    "read_recogniser_conclusion",
    reads=["recognisers"],
    sets={"conclusion": [NOT_ACCEPTED, "performed", "partly_performed", "not_performed"]},
)
def read_recogniser_conclusion(context: OperationContext) -> Mapping[str, Any]:
    """Set ``conclusion``: not_accepted, performed, partly_performed or not_performed."""
    bodies = context.variables.get("recognisers") or []
    conclusion = conclusion_of(context, str(bodies[0]) if bodies else "")
    context.work.record("repair_checked", case_id=context.case_id, conclusion=conclusion)
    return {"conclusion": conclusion}


def conclusion_of(context: OperationContext, body_id: str) -> str:
    """Return what the body found, or that it did not accept the application."""
    accepted = answer_of(context, "accept_repair", item=body_id)
    checked = answer_of(context, "check_performance", item=body_id)
    if not checked and accepted.get("accept_outcome") == NOT_ACCEPTED:
        return NOT_ACCEPTED
    return str(checked.get("check_outcome_repair") or "")
