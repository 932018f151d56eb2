"""Begin a rectification: which variant it is, who rectifies, and what the pack allows (O-9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import find_parameter
from handlers.marks import operation
from workflows.lint.declared import VALUE
from workflows.services.case_bodies import find_body_of_subject, name_body
from workflows.services.desk import OperationContext
from workflows.services.rectification_measures import VARIANTS, rule_is_on, variant_of

REPAIR = "credit_repair"
PLATFORM = "national_platform"
# Every variable that a gateway reads exists from the first step on.
DEFAULTS: Mapping[str, Any] = {
    "outcome": "",
    "matter_outcome": "",
    "no_default_outcome": "",
    "other_units": [],
    "tolerance_asked": "",
    "tolerance_outcome": "",
    "legal_tolerance_outcome": "",
    "tolerated": False,
    "loss": "",
    "social_impact": "",
    "grade": "",
    "deadline_ahead": True,
    "all_done": False,
    "open_items": [],
    "explained": False,
    "plan_outcome": "",
    "report_outcome": "",
    "verify_outcome": "",
    "measures": [],
    "legal_escalation_outcome": "",
    "escalation_outcome": "",
    "referral_outcome": "",
    "extension_outcome": "",
    "ground_outcome": "",
    "publication": "",
    "publication_outcome": "",
    "repair_due": False,
    "traceback": "",
    "letter_kind": "",
    "letter_needs_legal": False,
    "check_outcome": "",
    "letter_legal_outcome": "",
    "sign_outcome": "",
    "service_method": "",
}


@operation(
    "register_rectification",
    sets={
        **DEFAULTS,
        "variant": list(VARIANTS),
        "subject_kind": VALUE,
        "tolerance_gate": [True, False],
        "interview_pushed": [True, False],
        "repair_open": [True, False],
    },
)
def register_rectification(context: OperationContext) -> Mapping[str, Any]:
    """Name the unit that rectifies and say what its pack has: tolerance gate, gathering (R27, R46).

    The gate stands before a record exists and concerns government bodies and their people only.
    """
    case, work, desk = context.case, context.work, context.desk
    variant = variant_of(case)
    body = find_body_of_subject(work, case)
    name_body(case, "responsible", body.id if body else "")
    has_gate = rule_is_on(work, desk, case=case, key="tolerance.gate")
    return {
        **DEFAULTS,
        "variant": variant,
        "subject_kind": case.subject.kind,
        "tolerance_gate": has_gate and case.record is None and variant != "entity",
        "interview_pushed": _is_gathered(context),
        "repair_open": REPAIR in desk.active_kinds(work.session, case.office_id),
    }


def _is_gathered(context: OperationContext) -> bool:
    """Say whether a confirmed rule sends interview records to the national platform (R46)."""
    rule = find_parameter(context, "rec.interview.record")
    return rule is not None and rule.confirmed and PLATFORM in rule.value
