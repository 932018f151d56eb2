"""Say in one word how a case ends."""

from __future__ import annotations

from workflows.services.desk import OperationContext
from workflows.services.open_case import OBJECTION

ENDINGS = ("not_accepted", "transferred", "given_up")


def outcome_of(context: OperationContext) -> str:
    """Return withdrawn, not_accepted, transferred, given_up, corrected or upheld.

    Only an objection has a finding; every other process says its outcome itself.
    """
    variables = context.variables
    if context.case.kind != OBJECTION:
        return str(variables.get("outcome") or "closed")
    if variables.get("withdrawn"):
        return "withdrawn"
    outcome = str(variables.get("outcome") or "")
    if outcome in ENDINGS:
        return outcome
    finding = context.case.finding or str(variables.get("finding") or "")
    return "upheld" if finding in ("", "uphold") else "corrected"
