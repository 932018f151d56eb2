"""Random walks must agree, move by move, with the small reference that follows BPMN's letter."""

from __future__ import annotations

import ast
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.engine import patterns, test_traps
from tests.unit.engine.drawing import table
from tests.unit.engine.reference import Reference
from tests.unit.engine.walk import Walker
from workflows.engine.blueprint import blueprint
from workflows.engine.bundle import Bundle, read_bundle
from workflows.engine.checks.model import read_model
from workflows.engine.decisions import read_decision
from workflows.engine.engine import CaseEngine
from workflows.engine.expressions import compile_expression, names_in


def objection() -> Bundle:
    """Return the real process, with a decision table that always has an answer."""
    bundle = read_bundle(Path(__file__).parents[3] / "bpmn", key="objection")
    origins = ("platform", "department", "upstream")
    rules = table(*((f"'{one}'", f"'{one}'") for one in origins), reads="record_origin")
    files = {**bundle.files, "decisions/source.dmn": rules.encode()}
    return Bundle(key=bundle.key, main_process=bundle.main_process, files=files)


WALKS = 25
MOVES = 40
BUNDLES = {
    "withdrawal": patterns.WITHDRAWAL,
    "thrown_inside": patterns.THROWN_INSIDE,
    "verification": patterns.verification(),
    "interrupted_items": patterns.INTERRUPTED_ITEMS,
    "supplement": patterns.SUPPLEMENT,
    "join_in_loop": patterns.JOIN_IN_LOOP,
    "report": patterns.REPORT,
    "decided": patterns.DECIDED,
    "failing": patterns.FAILING,
    "repeated_user": test_traps.repeated("user", interrupting=False),
    "repeated_call": test_traps.repeated("call", interrupting=True),
    "repeated_sub": test_traps.repeated("sub", interrupting=True),
    "loop": test_traps.LOOP,
    "objection": objection(),
}


def vocabulary(bundle: Bundle) -> dict[str, list[Any]]:
    """Return the variables that conditions read, each with the values that matter to it."""
    model, _ = read_model(bundle)
    words: dict[str, list[Any]] = {}
    for scope in model.scopes.values():
        for flow in scope.flows:
            if not flow.condition:
                continue
            tree = ast.walk(compile_expression(flow.condition))
            values = [node.value for node in tree if isinstance(node, ast.Constant)]
            for name in names_in(flow.condition):
                words.setdefault(name, []).extend(values)
    # Mostly an answer that some condition asks for, sometimes another.
    words = {name: 4 * values + OTHERS for name, values in words.items()}
    for file in bundle.list_files(".dmn"):
        table = read_decision(bundle, file=file)
        for rule in table.rules:
            for entry in rule.inputEntries:
                words.setdefault(entry.input.expression, []).append(value_of(entry.text))
    return words


OTHERS = [None, True, False]


def value_of(cell: str) -> Any:
    """Return a value that meets a plain cell of a decision table."""
    value = None if cell in ("", "-") else ast.literal_eval(cell)
    return value[0] if isinstance(value, list | tuple) else value


class Pair:
    """The engine and the reference, moved together."""

    def __init__(
        self, bundle: Bundle, dice: random.Random, engine: CaseEngine, start: str = ""
    ) -> None:
        self.dice = dice
        self.words = vocabulary(bundle)
        self.habits = {name: dice.choice(values) for name, values in sorted(self.words.items())}
        plan = blueprint(bundle)
        names = sorted({one.collection for one in plan.elements.values() if one.collection})
        items = {name: dice.sample(["x", "y", "z"], dice.randint(0, 3)) for name in names}
        variables = {**items, **self.answers()}
        self.case = Walker(bundle, reload=dice.random() < 0.2, engine=engine)
        self.reference = Reference(bundle, variables)
        start = start or dice.choice(plan.starts).id
        self.case.start(start, **variables)
        self.reference.start(start)

    def answers(self) -> dict[str, Any]:
        """Return an answer for every condition: mostly this walk's habit, or it would end soon."""
        return {
            name: self.habits[name] if self.dice.random() < 0.85 else self.dice.choice(values)
            for name, values in sorted(self.words.items())
        }

    def moves(self) -> Iterator[tuple[str, str, str | None]]:
        """Return what may happen next, leaving out what does not name one thing."""
        for (element, item), count in sorted(self.reference.steps().items(), key=str):
            if count == 1:
                yield "complete", element, item
        for (element, item), count in sorted(self.reference.timers().items(), key=str):
            if count == 1:
                yield "fire", element, item
        for name, item in sorted(self.reference.messages(), key=str):
            if len(self.reference.receivers(name, item)) == 1:
                yield "deliver", name, item

    def choose(self) -> tuple[str, str, str | None] | None:
        """Return the next move, mostly the work of a person; nothing when nothing may happen."""
        moves = list(self.moves())
        weights = [12 if verb == "complete" else 1 for verb, _, _ in moves]
        return self.dice.choices(moves, weights)[0] if moves else None

    def move(self, verb: str, name: str, item: str | None) -> None:
        if verb == "complete":
            answers = self.answers()
            self.reference.complete(name, item, answers)
            self.case.complete(name, item=item, **answers)
        elif verb == "fire":
            self.reference.fire(name, item)
            wait = next(
                one for one in self.case.now.timers if (one.element, one.item) == (name, item)
            )
            self.case.fire(f"{wait.clock}@{wait.point}", item=item, element=name)
        else:
            self.reference.deliver(name, item)
            self.case.deliver(name, item=item)

    def compare(self) -> None:
        now, reference = self.case.now, self.reference
        assert Counter((one.element, one.item) for one in now.steps) == reference.steps()
        assert Counter((one.element, one.item) for one in now.timers) == reference.timers()
        assert Counter((one.name, one.item) for one in now.messages) == reference.messages()
        assert Counter(self.case.operations.calls) == reference.calls
        assert Counter(self.case.ended) == reference.ended
        assert now.is_finished == reference.is_finished
        assert now.failed == ()


def walk_together(name: str, seeds: range, engine: CaseEngine) -> None:
    """Walk as often as there are seeds, comparing after every move."""
    for seed in seeds:
        pair = Pair(BUNDLES[name], random.Random(f"{name} {seed}"), engine)
        walked: list[tuple[str, str, str | None]] = []
        try:
            pair.compare()
            while len(walked) < MOVES and (move := pair.choose()):
                walked.append(move)
                pair.move(*move)
                pair.compare()
        except Exception as error:
            error.add_note(f"{name}, seed {seed}: {walked}")
            raise


class TestRandomWalks:
    @pytest.mark.thorough
    @pytest.mark.parametrize("name", BUNDLES)
    def test_agree_with_the_reference(self, name, engine):
        walk_together(name, range(WALKS), engine)

    @pytest.mark.long
    @pytest.mark.parametrize("name", BUNDLES)
    def test_agree_with_the_reference_many_times(self, name, engine):
        walk_together(name, range(1000, 1400), engine)
