"""Wanders through a process on the token engine and looks, at every pause, whether all is right."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from tests.unit.engine.generating import EXITS
from tests.unit.engine.walk import RecordedOperations
from workflows.engine.bundle import Bundle
from workflows.engine.checks.model import read_model
from workflows.engine.expressions import names_in
from workflows.engine.token import program as p
from workflows.engine.token.compiler import program_of
from workflows.engine.token.engine import TokenEngine
from workflows.engine.token.instance import (
    ARRIVED,
    ASKED,
    INSIDE,
    MANY,
    MOVING,
    Instance,
    load,
    save,
)
from workflows.engine.values import Snapshot

SIGNALS = ("news", "other")


class Wanderer:
    """A case that is moved at random, and then brought to its end."""

    def __init__(self, bundle: Bundle, items: list[str], dice: random.Random) -> None:
        """Start the case."""
        self.bundle, self.dice = bundle, dice
        self.program = program_of(bundle)
        self.operations = RecordedOperations()
        self.engine = TokenEngine()
        self.names = sorted(conditions(bundle))
        self.reachable = reachable(self.program)
        lists = {name: dice.sample(["x", "y", "z"], dice.randint(0, 3)) for name in items}
        self.walked: list[Any] = []
        self.now = self.engine.start(
            bundle=bundle,
            start_event="begin",
            variables={**lists, **self.answers()},
            operations=self.operations,
        )
        self.look_round()

    def answers(self, *, on: bool = False) -> dict[str, Any]:
        """Return an answer to every condition; ``on`` means the way that leads to the end."""
        return {name: "stop" if on else self.dice.choice(EXITS) for name in self.names}

    # Moving

    def wander(self, moves: int) -> None:
        """Move at random as often as this, or until the case has ended."""
        for _ in range(moves):
            choices = list(self.choices())
            if self.now.is_finished or not choices:
                return
            weights = [8 if verb == "complete" else 1 for verb, _ in choices]
            self.move(*self.dice.choices(choices, weights)[0], on=False)

    def finish(self, moves: int) -> None:
        """Bring the case to its end: people first, and every answer leads on."""
        # A signal that nobody hears changes nothing but the answers.
        self.move("deliver_signal", {"name": "nobody"}, on=True)
        for _ in range(moves):
            choices = list(self.choices())
            if self.now.is_finished or not choices:
                break
            wanted = [one for one in choices if one[0] == "complete"] or choices
            self.move(*self.dice.choice(wanted), on=True)
        # Several tokens behind an event that happened often may wait for one message: no diagram
        # that passes the deployment check does so, and nothing tells them apart.
        assert self.now.is_finished or self.now.messages, f"does not end: {self.now.active}"

    def choices(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Return what may happen next, leaving out messages that do not name one receiver."""
        for step in self.now.steps:
            yield "complete", {"step_id": step.id}
        for timer in self.now.timers:
            yield "fire_timer", {"timer_id": timer.id}
        for name in sorted({wait.name for wait in self.now.signals}):
            yield "deliver_signal", {"name": name}
        waits = self.now.messages
        for wait in waits:
            same = [one for one in waits if one.name == wait.name]
            if wait.item is not None:
                same = [one for one in same if one.item == wait.item]
            if len(same) == 1:
                yield "deliver_message", {"name": wait.name, "item": wait.item}

    def move(self, verb: str, given: Mapping[str, Any], *, on: bool) -> None:
        """Make one move."""
        self.walked.append((verb, *given.values()))
        facts = dict(given)
        if verb != "fire_timer":
            facts["variables"] = self.answers(on=on)
        method = getattr(self.engine, verb)
        self.now = method(
            bundle=self.bundle, state=self.now.state, operations=self.operations, **facts
        )
        self.look_round()

    # What must hold at every pause

    def look_round(self) -> None:
        """Check every invariant."""
        instance = load(self.now.state, self.program)
        assert save(instance, self.program) == self.now.state, "saving again changes the state"
        looked = self.engine.look(bundle=self.bundle, state=self.now.state)
        assert waiting(looked) == waiting(self.now), "loading shows something else"
        assert self.now.failed == (), self.now.failed
        assert self.now.is_finished == (not instance.places) == (not instance.tokens)
        self._look_at_places(instance)
        self._look_at_tokens(instance)
        assert {one.element for one in self.now.steps} <= self.reachable

    def _look_at_places(self, instance: Instance) -> None:
        filled = {token.place for token in instance.tokens.values()}
        for place in instance.places.values():
            assert place.id in filled, "a scope without a token goes on"
            assert place.id < instance.next_id
            if place.owner:
                owner = instance.tokens[place.owner]
                assert owner.mode == INSIDE
                assert self.program.nodes[owner.node].body == place.scope

    def _look_at_tokens(self, instance: Instance) -> None:
        owners = Counter(place.owner for place in instance.places.values())
        standing: Counter[tuple[int, int, int, str | None]] = Counter()
        for token in instance.tokens.values():
            node = self.program.nodes[token.node]
            assert token.mode not in (MOVING, ASKED), "at rest nothing is on its way"
            assert token.id < instance.next_id
            assert instance.places[token.place].scope == node.scope
            assert node.id in self.reachable
            if token.mode == INSIDE:
                assert owners[token.id] == 1, "a scope is entered once by each token"
            if token.whole:
                assert instance.tokens[token.whole].mode in (MANY, "undo")
            if token.mode != ARRIVED:
                standing[token.place, token.node, token.whole, token.item] += 1
        for (_, number, _, _), count in standing.items():
            assert count == 1 or self.program.nodes[number].id in self.several

    @property
    def several(self) -> set[str]:
        """Return the elements that more than one token may stand on: behind repeated events."""
        nodes = self.program.nodes
        begin = [
            node.index
            for node in nodes
            if not node.interrupting and node.event is not None and node.event.kind != "timer"
        ]
        handlers = [
            handler
            for scope in self.program.scopes
            for handler, start in scope.handlers
            if not nodes[start].interrupting
        ]
        return follow(self.program, [*begin, *handlers])


def waiting(snapshot: Snapshot) -> tuple[Any, ...]:
    return snapshot.steps, snapshot.timers, snapshot.messages, snapshot.signals, snapshot.active


def conditions(bundle: Bundle) -> set[str]:
    """Return the variables that conditions read."""
    names: set[str] = set()
    for root in read_model(bundle)[0].roots.values():
        for xml in root.iter():
            tag = str(xml.tag).rpartition("}")[2]
            if tag in ("conditionExpression", "loopCondition", "completionCondition"):
                names |= {name for name in names_in(str(xml.text)) if name.startswith("v")}
    return names


def reachable(program: p.Program) -> set[str]:
    """Return the elements that a case can come to, by flows, attached events and scopes."""
    return follow(program, list(program.starts.values()))


def follow(program: p.Program, begin: list[int]) -> set[str]:
    """Return the elements that a token can come to from these."""
    found: set[int] = set()
    pending = list(begin)
    while pending:
        number = pending.pop()
        if number in found:
            continue
        found.add(number)
        node = program.nodes[number]
        pending += [flow.target for flow in node.out]
        pending += node.boundaries
        if node.compensation >= 0:
            pending.append(node.compensation)
        if node.body >= 0:
            scope = program.scopes[node.body]
            pending += scope.starts
        for handler, start in program.scopes[node.scope].handlers:
            pending += [handler, start]
    return {program.nodes[number].id for number in found}
