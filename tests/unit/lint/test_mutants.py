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

    def test_of_a_sample_are_caught_for_the_most_part(self):
        made, beside = mutants("objection"), read_beside(BPMN)
        sample = made[:: max(1, len(made) // SAMPLE)]

        missed = [mutant.id for mutant in sample if not is_caught(mutant, beside)]

        # Those that pass break nothing or break what no duty says; `jiannuo lint --mutants` names
        # them for the reader to look at.
        assert len(missed) * 4 <= len(sample), missed
