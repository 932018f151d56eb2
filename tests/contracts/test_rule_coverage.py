"""Every rule is carried by something that a test watches, or it is said why not."""

from __future__ import annotations

import json

import pytest

from tests.contracts.sources import ROOT, report
from webapp.rule_coverage.named_tests import NAMED, list_test_nodes
from webapp.rule_coverage.proofs import list_proofs
from webapp.rule_coverage.report import (
    MISSING,
    PENDING,
    UNPROVEN,
    Coverage,
    list_unknown_ids,
    read_coverage,
)
from webapp.rule_coverage.rule_ids import read_catalogue, read_exemptions, read_pending

RULES = [f"R{number}" for number in range(1, 164)]
GENERAL = [f"N{number}" for number in range(1, 45)]
TRAPS = [f"O-{number}" for number in range(1, 13)]


@pytest.fixture(scope="module")
def coverage() -> tuple[Coverage, ...]:
    return read_coverage(ROOT)


def without_case(node: str) -> str:
    return node.partition("[")[0]


class TestCatalogue:
    def test_has_every_rule_once_with_a_title_in_both_languages(self):
        rules = read_catalogue(ROOT)

        assert [rule.id for rule in rules] == [*RULES, *GENERAL, *TRAPS]
        assert all(rule.zh and rule.en and rule.source for rule in rules)


class TestEveryRule:
    def test_is_carried_or_exempt_or_listed_as_pending(self, coverage):
        bare = [each.rule.id for each in coverage if each.state == MISSING]

        assert not bare, report(
            bare, "cite it where it is carried, or list it in exempt.json with the reason."
        )

    def test_that_is_carried_has_a_named_test(self, coverage):
        bare = [each.rule.id for each in coverage if each.state == UNPROVEN]

        assert not bare, report(
            bare, "cite it in the test that fails without it, or name one in rule_tests.json."
        )

    def test_that_is_exempt_has_a_reason(self):
        bare = [rule for rule, reason in read_exemptions(ROOT).items() if len(reason) < 8]

        assert not bare, report(bare, "say why nothing has to carry it.")

    def test_is_not_both_exempt_and_pending(self):
        both = sorted(set(read_exemptions(ROOT)) & set(read_pending(ROOT)))

        assert not both, report(both, "decide.")

    def test_that_is_cited_exists(self):
        unknown = [f"{rule}: {places}" for rule, places in list_unknown_ids(ROOT).items()]

        assert not unknown, report(unknown, "cite an id of bpmn/rules/about/catalogue.json.")


class TestPending:
    """Rules that wait for parts under construction; whoever finishes a part empties its list."""

    def test_names_rules_once(self):
        content = json.loads((ROOT / "bpmn/rules/about/pending.json").read_text("utf-8"))
        listed = [rule for ids in content["pending"].values() for rule in ids]

        assert sorted(listed) == sorted(set(listed))

    def test_is_the_only_way_to_be_incomplete(self, coverage):
        listed = set(read_pending(ROOT))

        assert {each.rule.id for each in coverage if each.state == PENDING} == listed


class TestNamedTests:
    def test_exist(self):
        nodes = list_test_nodes(ROOT)
        content = json.loads((ROOT / NAMED).read_text("utf-8"))["tests"]
        lost = [
            f"{rule}: {node}"
            for rule, tests in content.items()
            for node in tests
            if without_case(node) not in nodes
        ]

        assert not lost, report(lost, "name the test that took its place in rule_tests.json.")


class TestProofs:
    def test_change_what_is_there_and_name_a_test_that_exists(self):
        nodes = list_test_nodes(ROOT)
        wrong = [
            f"{proof.file}: {proof.what}"
            for proof in list_proofs(ROOT)
            if without_case(proof.test) not in nodes
            or proof.find not in (ROOT / proof.file).read_text("utf-8")
        ]

        assert not wrong, report(wrong, "mend the proof in rule_proofs.json.")

    def test_are_there_for_every_rule_of_every_paper(self):
        proven = {rule for proof in list_proofs(ROOT) for rule in proof.rules}
        parameters = {
            rule
            for path in (ROOT / "bpmn" / "rules").glob("*.json")
            for row in json.loads(path.read_text("utf-8")).get("parameters", [])
            if not row.get("standing") and not row["key"].startswith("time.")
            for rule in row["rule_ids"]
        }

        assert parameters <= proven


class TestKeys:
    def test_are_all_explained(self):
        told = (ROOT / "docs" / "rules.md").read_text("utf-8")
        keys = {
            row["key"]
            for path in (ROOT / "bpmn" / "rules").glob("*.json")
            for row in json.loads(path.read_text("utf-8")).get("parameters", [])
        }
        # The office's own terms of the objection process are read where they stand.
        silent = [key for key in sorted(keys) if not key.startswith(("obj.", "time."))]
        silent = [key for key in silent if f"`{key}`" not in told]

        assert not silent, report(silent, "say in docs/rules.md what it means.")
