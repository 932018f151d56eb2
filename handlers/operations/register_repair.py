"""Take in a matter of credit repair: its ground, its clock, its receipt (N4, N5, N9, N14)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of
from handlers.marks import operation
from handlers.operations.register_receipt import give_receipt, receipt_evidence
from handlers.sending import find_letter
from workflows.lint.declared import VALUE
from workflows.services.desk import OperationContext
from workflows.services.run_clock import start_clock

FEEDBACK = "rep.feedback"
# Whoever comes this way applies; the other ways in are for bodies that act by duty.
APPLYING = ("portal", "window", "post", "pushed", "hotline")
MATTERS = {"transferred": "confirmed", "court": "court_ruling"}
ASKED = {"ex_officio": "ex_officio_matter", "reopened": "reopened_matter"}
GROUNDS = (
    "application",
    "confirmed",
    "court_ruling",
    "penalty_decided",
    "max_period",
    "false_material",
    "broken_commitment",
    "third_party",
)
# Every variable that a gateway or a table reads exists from the first step on.
DEFAULTS: Mapping[str, Any] = {
    "outcome": "",
    "eligibility": "",
    "conclusion": "",
    "decision": "",
    "in_doubt": False,
    "supplement_state": "not_asked",
    "extension_allowed": False,
    "rule_confirmed": False,
    "third_party_done": False,
    "recognisers": [],
    "sanctions": [],
    "report_levels": [],
    "sanction_change": "",
    "period_rule": "",
    "accept_outcome": "",
    "check_outcome_repair": "",
    "extension_outcome": "",
    "refusal_outcome": "",
    "review_outcome": "",
    "legal_outcome": "",
    "approval_outcome": "",
    "withdrawal_outcome": "",
    "ruling_outcome": "",
    "basis_outcome": "",
    "shielding_outcome": "",
    "plan_outcome": "",
    "breach_outcome": "",
    "revocation_outcome": "",
    "repair_report_outcome": "",
    "check_outcome": "",
    "letter_legal_outcome": "",
    "sign_outcome": "",
    "letter_kind": "",
    "letter_needs_legal": False,
    "service_method": "",
}


@operation(
    "register_repair",
    reads=["matter"],
    sets={**DEFAULTS, "matter": list(GROUNDS), "subject_kind": VALUE},
    starts={"reply": FEEDBACK},
)
def register_repair(context: OperationContext) -> Mapping[str, Any]:
    """Start the feedback clock of an application on the day of receipt, and give its receipt.

    Sets ``matter`` (why it is handled) and every variable read later. A matter that nobody applied
    for has no feedback clock: the ten days are the applicant's (N5).
    """
    matter = matter_of(context)
    if matter == "application" and context.case.channel in APPLYING:
        _begin(context)
    return {**DEFAULTS, "matter": matter, "subject_kind": context.case.subject.kind}


def matter_of(context: OperationContext) -> str:
    """Return why the matter is handled: as the filing says, or as the way in means."""
    named = str(context.variables.get("matter") or "")
    if named:
        return named
    channel = context.case.channel
    if channel in MATTERS:
        return MATTERS[channel]
    if channel in APPLYING or channel not in ASKED:
        return "application"
    return str(answer_of(context, "filing_").get(ASKED[channel]) or "application")


def _begin(context: OperationContext) -> None:
    case = context.case
    clock = start_clock(
        context.work,
        context.desk,
        case=case,
        name="reply",
        parameter=FEEDBACK,
        start_on=case.received_on,
        reason="received",
        evidence=receipt_evidence(context),
    )
    if find_letter(context, "receipt") is None:
        give_receipt(context, clock, rule=FEEDBACK)
