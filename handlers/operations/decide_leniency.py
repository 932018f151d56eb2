"""Leniency: whom the region's rule covers, what it may give, and what was decided (R23 to R28)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, find_parameter, text_of
from handlers.marks import operation
from handlers.operations.register_receipt import give_receipt
from handlers.sending import find_letter
from handlers.words import case_word
from workflows.lint.declared import ITEMS, VALUE
from workflows.services.desk import OperationContext
from workflows.services.repair_record import list_sanctions_not_lifted

NONE = "none"
DEFAULTS: Mapping[str, Any] = {
    "outcome": "",
    "leniency_applies": False,
    "panel": [],
    "sanctions": [],
    "sanction_change": "",
    "not_applicable_outcome": "",
    "approval_outcome": "",
    "check_outcome": "",
    "letter_legal_outcome": "",
    "sign_outcome": "",
    "letter_kind": "",
    "letter_needs_legal": False,
    "service_method": "",
}


@operation("register_leniency", sets={**DEFAULTS, "subject_kind": VALUE})
def register_leniency(context: OperationContext) -> Mapping[str, Any]:
    """Give the receipt. No text gives a term, so no clock runs before a person sets one (O-11)."""
    if context.case.channel != "from_case" and find_letter(context, "receipt") is None:
        give_receipt(context, None, rule="")
    return {**DEFAULTS, "subject_kind": context.case.subject.kind}


@operation(
    "read_leniency_rules",
    sets={"leniency_applies": [True, False], "panel": ITEMS},
)
def read_leniency_rules(context: OperationContext) -> Mapping[str, Any]:
    """Set ``leniency_applies`` by the region's subjects (R23 to R26), and whom the panel asks."""
    form = answer_of(context, "check_leniency")
    subjects = allowed(context, "lenient.subjects")
    panel = [str(each) for each in form.get("panel") or []]
    return {
        "leniency_applies": form.get("person_class") in subjects,
        "panel": list(dict.fromkeys(panel)),
    }


@operation(
    "record_leniency",
    sets={
        "outcome": ["lenient", "not_lenient"],
        "sanctions": ITEMS,
        "sanction_change": [NONE, "lighter", "reduced_or_waived", "exempted"],
    },
)
def record_leniency(context: OperationContext) -> Mapping[str, Any]:
    """Keep what was decided and list the sanctions that it changes, if there are any yet."""
    form = answer_of(context, "panel_minutes")
    effect = str(form.get("proposed_effect") or NONE)
    outcome = "not_lenient" if effect == NONE else "lenient"
    case = context.case
    met = [str(each) for each in form.get("met_conditions") or [] if each != NONE]
    case.flags = {
        **case.flags,
        "leniency_effect": case_word(f"leniency_effect.{effect}"),
        "leniency_conditions": [case_word(f"leniency_condition.{each}") for each in met],
        "leniency_granted": "" if effect == NONE else case_word(f"leniency_effect.{effect}"),
        "leniency_refused": case_word("leniency_effect.none") if effect == NONE else "",
        "leniency_reasons": text_of(form, "reasons"),
        "leniency_basis": text_of(form, "legal_basis").rstrip("。"),
    }
    context.work.record("leniency_decided", case_id=case.id, is_public=True, effect=effect)
    record = case.record
    found = (
        []
        if record is None or effect == NONE
        else list_sanctions_not_lifted(context.work, record=record)
    )
    return {
        "outcome": outcome,
        "sanctions": [each.id for each in found],
        "sanction_change": effect,
    }


def allowed(context: OperationContext, key: str) -> frozenset[str]:
    """Return what the region's confirmed rule lists under a key, or nothing."""
    rule = find_parameter(context, key)
    return frozenset(rule.value) if rule is not None and rule.confirmed else frozenset()
