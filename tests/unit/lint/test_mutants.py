"""Spoilt processes are noticed; those that pass break nothing, and a data file says why."""

from __future__ import annotations

import pytest

from tests.contracts.sources import ROOT
from webapp.cli.legal_lint import is_caught, read_beside
from workflows.engine.bundle import read_bundle
from workflows.lint.mutants import OPERATORS, list_mutants, read_equivalents

BPMN = ROOT / "bpmn"
SHIPPED = sorted(path.stem for path in BPMN.glob("*/*.bpmn") if path.stem == path.parent.name)
SAMPLE = 12
# Processes whose survivors have been looked at one by one.
MEASURED = sorted(read_equivalents())


def mutants(key):
    return list(list_mutants(read_bundle(BPMN, key=key)))


class TestMutants:
    @pytest.mark.parametrize("key", SHIPPED)
    def test_are_made_by_every_operator(self, key):
        made = {mutant.operator for mutant in mutants(key)}

        assert {"drop_choice", "unset_field"} <= made
        assert len(made & OPERATORS.keys()) > len(OPERATORS) * 2 // 3

    @pytest.mark.parametrize("key", SHIPPED)
    def test_have_names_of_their_own_and_differ_from_the_process(self, key):
        process, made = read_bundle(BPMN, key=key), mutants(key)

        assert len({mutant.id for mutant in made}) == len(made)
        assert all(mutant.bundle.hash != process.hash for mutant in made)

    @pytest.mark.parametrize("key", SHIPPED)
    def test_that_are_known_to_break_nothing_exist(self, key):
        known = read_equivalents().get(key, {})

        assert not known.keys() - {mutant.id for mutant in mutants(key)}
        assert all(len(reason) > 10 for reason in known.values())

    @pytest.mark.parametrize("key", MEASURED)
    def test_of_a_sample_are_caught_or_known(self, key):
        made, known = mutants(key), read_equivalents().get(key, {})
        beside = read_beside(BPMN)
        step = max(1, len(made) // SAMPLE)

        missed = [
            mutant.id
            for mutant in made[step // 2 :: step]
            if mutant.id not in known and not is_caught(mutant, beside)
        ]

        assert not missed, "say in workflows/lint/equivalents.json why they break nothing"

    @pytest.mark.long
    @pytest.mark.parametrize("key", MEASURED)
    def test_are_all_caught_but_those_that_break_nothing(self, key):
        beside = read_beside(BPMN)

        survivors = {mutant.id for mutant in mutants(key) if not is_caught(mutant, beside)}

        assert survivors == read_equivalents().get(key, {}).keys()
