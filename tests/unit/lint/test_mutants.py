"""Spoilt processes are noticed; those that pass break nothing, and a data file says why."""

from __future__ import annotations

from functools import cache

import pytest

from tests.contracts.sources import ROOT
from webapp.cli.legal_lint import is_caught, read_beside
from workflows.engine.bundle import read_bundle
from workflows.lint.mutants import OPERATORS, Mutant, list_mutants, read_equivalents

BPMN = ROOT / "bpmn"
SHIPPED = sorted(path.stem for path in BPMN.glob("*/*.bpmn") if path.stem == path.parent.name)
SAMPLE = 4
"""How many mutants of each process the fast gate tries; the long test tries all."""


@cache
def mutants(key: str) -> list[Mutant]:
    return list(list_mutants(read_bundle(BPMN, key=key)))


class TestMutants:
    def test_are_made_by_every_operator(self):
        made = {mutant.operator for key in SHIPPED for mutant in mutants(key)}

        assert made >= {*OPERATORS, "drop_row", "drop_choice", "unset_field"}

    @pytest.mark.parametrize("key", SHIPPED)
    def test_have_names_of_their_own(self, key):
        assert len({mutant.id for mutant in mutants(key)}) == len(mutants(key))

    @pytest.mark.parametrize("key", SHIPPED)
    def test_differ_from_the_process(self, key):
        process, made = read_bundle(BPMN, key=key), mutants(key)

        assert all(mutant.bundle.hash != process.hash for mutant in made[:: len(made) // 20])

    def test_that_are_known_to_break_nothing_exist(self):
        known = read_equivalents()
        unused: set[str] = set()
        for key, reasons in known.items():
            unused |= reasons.keys()
            assert all(len(reason) > 10 for reason in reasons.values())
            assert reasons.keys() & {mutant.id for mutant in mutants(key)}, key
        for key in SHIPPED:
            unused -= {mutant.id for mutant in mutants(key)}

        assert set(SHIPPED) == known.keys()
        assert not unused

    @pytest.mark.thorough
    @pytest.mark.parametrize("key", SHIPPED)
    def test_of_a_sample_are_caught_unless_they_break_nothing(self, key):
        made, beside, known = mutants(key), read_beside(BPMN), read_equivalents()[key]
        telling = [one for one in made if one.id not in known]
        sample = telling[len(telling) // (2 * SAMPLE) :: len(telling) // SAMPLE]

        assert len(sample) >= SAMPLE
        assert not [mutant.id for mutant in sample if not is_caught(mutant, beside)]

    @pytest.mark.long
    @pytest.mark.timeout(7200)  # The largest process has a thousand mutants, a second each.
    @pytest.mark.parametrize("key", SHIPPED)
    def test_that_pass_are_those_known_to_break_nothing(self, key):
        made, beside, known = mutants(key), read_beside(BPMN), read_equivalents()[key]

        missed = {mutant.id for mutant in made if not is_caught(mutant, beside)}

        assert missed == known.keys() & {mutant.id for mutant in made}
