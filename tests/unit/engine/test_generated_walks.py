"""Random processes, walked at random: against the reference, against each other, and by rule."""

from __future__ import annotations

import random

import pytest

from tests.unit.engine.generating import generate
from tests.unit.engine.test_random_walks import Pair
from tests.unit.engine.walk import ENGINES
from tests.unit.engine.wandering import Wanderer

MOVES = 30


def walk_beside_the_reference(name: str, seeds: range) -> None:
    """Walk generated processes that both engines run, comparing after every move."""
    for seed in seeds:
        bundle, _ = generate(f"narrow {seed}", wide=False)
        pair = Pair(bundle, random.Random(seed), ENGINES[name], start="begin")
        walked: list[tuple[str, str, str | None]] = []
        try:
            pair.compare()
            while len(walked) < MOVES and (move := pair.choose()):
                walked.append(move)
                pair.move(*move)
                pair.compare()
        except Exception as error:
            error.add_note(f"narrow {seed}: {walked}")
            raise


def wander(seeds: range, *, walks: int) -> None:
    """Walk generated processes of every construct, and bring each to its end."""
    for seed in seeds:
        bundle, items = generate(f"wide {seed}", wide=True)
        for number in range(walks):
            dice = random.Random(f"{seed} {number}")
            case = None
            try:
                case = Wanderer(bundle, items, dice)
                case.wander(MOVES)
                case.finish(300)
            except Exception as error:
                error.add_note(f"wide {seed}, walk {number}: {case and case.walked}")
                raise


class TestGeneratedProcesses:
    @pytest.mark.thorough
    def test_agree_with_the_reference_on_the_token_engine(self):
        walk_beside_the_reference("token", range(600))

    @pytest.mark.thorough
    def test_agree_with_the_reference_on_spiffworkflow(self):
        walk_beside_the_reference("spiff", range(60))

    @pytest.mark.thorough
    def test_hold_every_invariant_and_come_to_their_end(self):
        wander(range(500), walks=4)

    @pytest.mark.long
    @pytest.mark.parametrize("name, count", [("token", 6_000), ("spiff", 600)])
    def test_agree_with_the_reference_many_times(self, name, count):
        walk_beside_the_reference(name, range(10_000, 10_000 + count))

    @pytest.mark.long
    @pytest.mark.parametrize("part", range(4))
    def test_hold_every_invariant_many_times(self, part):
        begin = 10_000 * (part + 1)
        wander(range(begin, begin + 1_000), walks=4)
