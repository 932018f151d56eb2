"""Begin a complaint: verified first, its reporter sealed and answered (R7, R16, R150)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.marks import operation
from handlers.telling import tell_subject
from workflows.services.desk import OperationContext

# Every variable that a gateway reads exists from the first step on.
DEFAULTS: Mapping[str, Any] = {
    "outcome": "",
    "check_outcome": "",
    "bodies": [],
    "conclusion": "",
    "complaint_approval": "",
    "review_outcome": "",
    "reward": "",
    "reward_approval": "",
    "reward_collection": "",
    "rectification_result": "",
    "letter_kind": "",
    "letter_needs_legal": False,
    "letter_legal_outcome": "",
    "sign_outcome": "",
    "service_method": "",
}


@operation("register_complaint", sets=DEFAULTS)
def register_complaint(context: OperationContext) -> Mapping[str, Any]:
    """Tell the reporter that the complaint is in; who reported stands sealed with the party alone.

    A complaint about the office itself is noted as doubtful: the superior verifies it (N14).
    """
    case = context.case
    received_on = case.received_on.isoformat()
    tell_subject(context, "filing_received", received_on=received_on, due_on=None)
    code = case.subject.credit_code
    if code and code == case.receiving_organisation.credit_code:
        doubts = [*case.flags.get("doubts", []), "about_ourselves"]
        case.flags = {**case.flags, "doubts": doubts}
    return dict(DEFAULTS)
