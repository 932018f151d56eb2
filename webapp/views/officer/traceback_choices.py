"""What the forms of a traceback choose from: projects, leads, parties, and what the pack allows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from handlers.words import case_word
from webapp.current import desk, office, reads, today
from webapp.forms.definition import Choice
from webapp.phrases import phrase
from webapp.texts import say
from webapp.views.officer.record_facts import word_choices
from workflows.models import Case
from workflows.rules.packs import Parameter
from workflows.services.read_case import list_organisations
from workflows.services.read_project import list_projects
from workflows.services.settle_traceback import ANALYSIS, MATRIX, PERSON, list_parties

GOVERNMENT, CIVIL_SERVANTS = "government_body", ("civil_servant", "public_institution_staff")


def traceback_choices(source: str, case: Case | None) -> list[Choice] | None:
    """Return the choices of a list of the traceback, or None for a list it does not know."""
    if source == "projects":
        rows = list_projects(reads(), office_id=office().id)
        return [Choice(row.id, row.name, row.number) for row in rows]
    maker = MAKERS.get(source)
    if maker is None:
        return None
    return maker(case) if case is not None else []


def _leads(case: Case) -> list[Choice]:
    """Return every body where the lead is appointed, else finance and development (R73 to R75)."""
    rule = _rule(case, "ppp.lead")
    rows = list_organisations(reads(), office_id=office().id, on=today())
    # The two departments that lead in Jiangsu and Shandong, by what is always in their names.
    leading = case_word("traceback.leads").split()
    is_fixed = rule is not None and rule.value == "finance_and_development"
    return [
        Choice(row.id, row.name)
        for row in rows
        if not is_fixed or any(word in row.name for word in leading)
    ]


def _all_parties(case: Case) -> list[Choice]:
    return list(_parties(case, list_parties(case.flags.get(MATRIX) or {})))


def _analysed(case: Case) -> list[Choice]:
    return list(_parties(case, [row["party"] for row in case.flags.get(ANALYSIS) or ()]))


def _lenient(case: Case) -> list[Choice]:
    """Return whom the region's rule reaches: departments in Jiangsu only (R23 to R26)."""
    rule = _rule(case, "lenient.subjects")
    kinds = set(rule.value) if rule is not None and rule.confirmed else set()
    reached = {
        "person": bool(kinds.intersection(CIVIL_SERVANTS)),
        "org": GOVERNMENT in kinds,
    }
    found = _analysed(case)
    return [each for each in found if reached[each.value.partition(":")[0]]]


def _parties(case: Case, keys: Iterable[str]) -> Iterable[Choice]:
    matrix: Mapping[str, Any] = case.flags.get(MATRIX) or {}
    known = list_parties(matrix)
    for key in keys:
        party = known.get(key)
        if party is None:
            continue
        body = matrix["names"].get(party["organisation_id"], "")
        stage = party["stage"]["key"]
        if party["kind"] == PERSON:
            person = party["person"]
            yield Choice(key, f"{stage}：{person['name']}", f"{body}{person['post']}")
        else:
            yield Choice(key, f"{stage}：{body}")


def _rule_items(key: str) -> Callable[[Case], list[Choice]]:
    def make(case: Case) -> list[Choice]:
        rule = _rule(case, key)
        return [
            Choice(str(each), say(phrase(f"rule.choice.{each}")))
            for each in (rule.value if rule is not None and rule.confirmed else ())
        ]

    return make


def _words(family: str) -> Callable[[Case], list[Choice]]:
    def make(case: Case) -> list[Choice]:
        found = word_choices(family, division=case.division_code)
        return [Choice(key, name) for key, name in found]

    return make


def _rule(case: Case, key: str) -> Parameter | None:
    return (
        desk()
        .rules(reads(), case.office_id)
        .find(key, division=case.division_code, on=case.received_on)
    )


MAKERS: Mapping[str, Callable[[Case], list[Choice]]] = {
    "traceback_leads": _leads,
    "traced_parties": _all_parties,
    "analysed_parties": _analysed,
    "lenient_parties": _lenient,
    "lawful_change_conditions": _rule_items("ppp.lawfulChange"),
    "lenient_conditions": _rule_items("lenient.conditions"),
    "lenient_effects": _rule_items("lenient.effects"),
    "record_source_kinds": _words("source_kinds"),
    "basis_ranks": _words("ranks"),
}
