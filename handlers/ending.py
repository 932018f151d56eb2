"""Say in one word how a case ends."""

from __future__ import annotations

from workflows.services.desk import OperationContext

ENDINGS = ("not_accepted", "transferred", "given_up")


def outcome_of(context: OperationContext) -> str:
    """Return withdrawn, not_accepted, transferred, given_up, corrected or upheld."""
    variables = context.variables
    if variables.get("withdrawn"):
        return "withdrawn"
    outcome = str(variables.get("outcome") or "")
    if outcome in ENDINGS:
        return outcome
    finding = context.case.finding or str(variables.get("finding") or "")
    return "upheld" if finding in ("", "uphold") else "corrected"
