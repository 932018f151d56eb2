"""Enter what the change of a base document comes to, once the approver has confirmed it (N24)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of
from handlers.marks import operation
from handlers.operations.record_finding import enter_finding
from workflows.services.desk import OperationContext


@operation(
    "record_base_finding",
    needs=["base_finding"],
    sets={"outcome": "decided", "finding": ["correct", "revoke", "partly"]},
    starts={"report": "obj.report.limit"},
)
def record_base_finding(context: OperationContext) -> Mapping[str, Any]:
    """Make the approved change the finding of the case.

    Until here it has a name of its own: it may be approved while another finding, or the reply, is
    under way, and must not turn those into something that nobody approved.
    """
    finding = str(context.variables.get("base_finding") or "")
    enter_finding(context, finding=finding, form=answer_of(context, "approve_base_change"))
    return {"outcome": "decided", "finding": finding}
