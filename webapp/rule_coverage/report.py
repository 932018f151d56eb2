"""Puts together what carries each rule, who would notice its loss, and why some have nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from webapp.rule_coverage.carriers import Carrier, list_carriers
from webapp.rule_coverage.named_tests import list_named_tests
from webapp.rule_coverage.rule_ids import (
    Rule,
    read_catalogue,
    read_exemptions,
    read_pending,
)

CARRIED, PENDING, EXEMPT, UNPROVEN, MISSING = (
    "carried",
    "pending",
    "exempt",
    "unproven",
    "missing",
)
STATES = (CARRIED, PENDING, EXEMPT, UNPROVEN, MISSING)


@dataclass(frozen=True)
class Coverage:
    """One rule with its carriers and tests; ``reason`` says why it is exempt or what it waits for.

    A pending rule may have carriers already; it counts as carried only once nothing is awaited.
    """

    rule: Rule
    state: str
    carriers: tuple[Carrier, ...]
    tests: tuple[str, ...]
    reason: str


def read_coverage(root: Path) -> tuple[Coverage, ...]:
    """Return the state of every rule of the catalogue, in its order."""
    carriers, tests = list_carriers(root), list_named_tests(root)
    exempt, pending = read_exemptions(root), read_pending(root)
    found = []
    for rule in read_catalogue(root):
        held = tuple(carriers.get(rule.id, ()))
        named = tuple(tests.get(rule.id, ()))
        reason = exempt.get(rule.id) or pending.get(rule.id) or ""
        state = _state(rule.id, held, named, exempt, pending)
        found.append(Coverage(rule, state, held, named, reason))
    return tuple(found)


def list_unknown_ids(root: Path) -> dict[str, list[str]]:
    """Return ids that are cited somewhere and stand in no catalogue, with where they are cited."""
    known = {rule.id for rule in read_catalogue(root)}
    cited = {id_: [each.place for each in held] for id_, held in list_carriers(root).items()}
    for id_, tests in list_named_tests(root).items():
        cited.setdefault(id_, []).extend(tests)
    cited |= {id_: ["exempt.json"] for id_ in read_exemptions(root) if id_ not in known}
    cited |= {id_: ["pending.json"] for id_ in read_pending(root) if id_ not in known}
    return {id_: places for id_, places in sorted(cited.items()) if id_ not in known}


def _state(
    rule: str,
    carriers: tuple[Carrier, ...],
    tests: tuple[str, ...],
    exempt: dict[str, str],
    pending: dict[str, str],
) -> str:
    if rule in exempt:
        return EXEMPT
    if rule in pending:
        return PENDING
    if not carriers:
        return MISSING
    return CARRIED if tests else UNPROVEN
