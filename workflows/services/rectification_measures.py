"""Which measures a pack allows against whom when nothing is rectified (R40-R43, R48-R52, N14).

Coloured cards and score deductions have no rule behind them and are no measure here (E).
"""

from __future__ import annotations

from workflows.models import Case
from workflows.rules.packs import Parameter
from workflows.services.desk import Desk
from workflows.storage.reading import Source
from workflows.storage.unit_of_work import UnitOfWork

GOVERNMENT = ("government_body", "public_institution")
PERSON = ("civil_servant", "natural_person")
VARIANTS = ("government", "person", "entity")
# Parameter -> the one measure that it switches on.
SWITCHES = {
    "rec.honours": "honours",
    "rec.publicCriticism": "public_criticism",
    "rec.principal": "principal",
}
LISTS = {
    "government": ("rec.escalation.organisation", "rec.escalation.government"),
    "person": ("rec.escalation.person",),
    "entity": ("rec.escalation.market",),
}
ALWAYS = {"government": ("confirmed_default", "accountability"), "person": (), "entity": ()}


def variant_of(case: Case) -> str:
    """Return which of the variants of the process a subject falls under (O-9)."""
    kind = case.subject.kind
    return "government" if kind in GOVERNMENT else "person" if kind in PERSON else "entity"


def allowed_measures(source: Source, desk: Desk, *, case: Case) -> list[str]:
    """Return the measures of the pack for this subject; an unconfirmed rule allows nothing (E)."""
    variant = variant_of(case)
    found = list(ALWAYS[variant])
    if variant == "government":
        for key, measure in SWITCHES.items():
            rule = _find(source, desk, case, key)
            if rule is not None and rule.value is True:
                found.append(measure)
    for key in LISTS[variant]:
        rule = _find(source, desk, case, key)
        found += [str(each) for each in rule.value] if rule is not None else []
    return list(dict.fromkeys(found))


def _find(source: Source, desk: Desk, case: Case, key: str) -> Parameter | None:
    rule = desk.rules(source, case.office_id).find(
        key, division=case.division_code, on=case.received_on, subject_kind=case.subject.kind
    )
    return rule if rule is not None and rule.confirmed else None


def rule_is_on(work: UnitOfWork, desk: Desk, *, case: Case, key: str) -> bool:
    """Say whether a switch of the pack is on and confirmed."""
    rule = _find(work, desk, case, key)
    return rule is not None and rule.value is True
