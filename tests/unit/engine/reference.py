"""A second, very small engine that follows the letter of BPMN 2.0, to compare random walks with.

It keeps tokens in nested scopes in memory and shares only the reading of the XML with the engine
under test; joins count arrivals per flow, leaving a scope cancels everything in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from workflows.engine.bundle import Bundle
from workflows.engine.cells import cell_expression
from workflows.engine.checks.model import Flow, Model, Node, Scope, read_model
from workflows.engine.decisions import read_decision
from workflows.engine.expressions import evaluate
from workflows.engine.markup import children, own_attribute


@dataclass(eq=False)
class Token:
    """A token on a node; on an activity it holds what runs inside and which events are armed."""

    node: Node
    place: Place
    item: str | None
    via: str = ""
    armed: list[Node] = field(default_factory=list)
    inside: list[Place] = field(default_factory=list)
    repetitions: list[Token] | None = None
    whole: Token | None = None


@dataclass(eq=False)
class Place:
    """A running scope."""

    scope: Scope
    owner: Token | None
    item: str | None
    tokens: list[Token] = field(default_factory=list)


class Reference:
    """A case, moved by name."""

    def __init__(self, bundle: Bundle, variables: Mapping[str, Any]) -> None:
        self.model: Model = read_model(bundle)[0]
        self.variables = dict(variables)
        self.ended: Counter[str] = Counter()
        self.calls: Counter[tuple[str, str | None]] = Counter()
        self.thrown: list[tuple[str, str | None]] = []
        self.queue: list[Callable[[], None]] = []
        self.main = Place(self.model.processes[bundle.main_process], None, None)
        self.is_finished = False

    # What waits

    def tokens(self, place: Place | None = None) -> Iterator[Token]:
        for token in list((place or self.main).tokens):
            yield token
            for repetition in token.repetitions or []:
                yield repetition
                for inner in repetition.inside:
                    yield from self.tokens(inner)
            for inner in token.inside:
                yield from self.tokens(inner)

    def steps(self) -> Counter[tuple[str, str | None]]:
        return Counter(
            (token.node.id, token.item)
            for token in self.tokens()
            if token.node.kind == "userTask" and token.repetitions is None
        )

    def waits(self) -> Iterator[tuple[Token, Node]]:
        """Return every event that waits, with the token it belongs to."""
        for token in self.tokens():
            for boundary in token.armed:
                yield token, boundary
            if token.node.kind == "intermediateCatchEvent":
                yield token, token.node
            if token.node.kind == "eventBasedGateway":
                for target in token.node.successors:
                    yield token, token.place.scope.nodes[target]

    def timers(self) -> Counter[tuple[str, str | None]]:
        return Counter(
            (event.id, token.item)
            for token, event in self.waits()
            if children(event.xml, "timerEventDefinition")
        )

    def messages(self) -> Counter[tuple[str, str | None]]:
        named = [(self.model.message_of(event), token.item) for token, event in self.waits()]
        return Counter((name, item) for name, item in named if name)

    # Moves

    def start(self, event: str) -> None:
        self.leave(self.main, self.main.scope.nodes[event], None)
        self.run()

    def complete(self, element: str, item: str | None, variables: Mapping[str, Any]) -> None:
        self.variables.update(variables)
        token = next(
            token
            for token in self.tokens()
            if (token.node.id, token.item) == (element, item) and token.repetitions is None
        )
        self.finish(token)
        self.run()

    def fire(self, element: str, item: str | None) -> None:
        token, event = next(
            (token, event)
            for token, event in self.waits()
            if (event.id, token.item) == (element, item)
        )
        self.happen(token, event)
        self.run()

    def deliver(self, name: str, item: str | None) -> None:
        self.happen(*self.receivers(name, item)[0])
        self.run()

    def receivers(self, name: str, item: str | None) -> list[tuple[Token, Node]]:
        return [
            (token, event)
            for token, event in self.waits()
            if self.model.message_of(event) == name and item in (None, token.item)
        ]

    # The rules

    def run(self) -> None:
        while self.queue or self.thrown:
            if self.thrown:
                name, item = self.thrown.pop(0)
                heard = [
                    (token, event)
                    for token, event in self.waits()
                    if self.model.message_of(event) == name and token.item in (None, item)
                ]
                if heard:
                    self.happen(*heard[0])
                continue
            self.queue.pop(0)()

    def happen(self, token: Token, event: Node) -> None:
        place = token.place
        if event.kind != "boundaryEvent":
            place.tokens.remove(token)
            self.leave(place, event, token.item)
            return
        if event.is_interrupting:
            self.cancel(token)
        elif not self.model.message_of(event):
            token.armed.remove(event)
        self.leave(place, event, token.item)

    def leave(self, place: Place, node: Node, item: str | None) -> None:
        for flow in node.outgoing:
            self.arrive(place, flow, item)

    def arrive(self, place: Place, flow: Flow, item: str | None) -> None:
        """Put a token on the flow; it enters the next node when its turn comes."""
        node = place.scope.nodes[flow.target]
        token = Token(node, place, item, via=flow.id)
        place.tokens.append(token)
        self.queue.append(lambda: self.enter(token) if self.lives(token) else None)

    def lives(self, token: Token) -> bool:
        return token in self.tokens()

    def enter(self, token: Token) -> None:
        node, place = token.node, token.place
        rule = {
            "userTask": self.begin_activity,
            "subProcess": self.begin_activity,
            "callActivity": self.begin_activity,
            "serviceTask": self.begin_activity,
            "businessRuleTask": self.begin_activity,
            "parallelGateway": self.join,
            "exclusiveGateway": self.choose,
            "endEvent": self.end,
        }.get(node.kind)
        if rule is not None:
            rule(token)
        elif node.kind == "intermediateThrowEvent":
            self.thrown.append((str(self.model.message_of(node)), token.item))
            place.tokens.remove(token)
            self.leave(place, node, token.item)

    def join(self, token: Token) -> None:
        place, flows = token.place, {flow.id for flow in token.node.incoming}
        here = [one for one in place.tokens if one.node is token.node]
        waiting = {one.via: one for one in here if one is token or one.armed == [one.node]}
        token.armed = [token.node]
        if set(waiting) == flows:
            for one in waiting.values():
                place.tokens.remove(one)
            self.leave(place, token.node, token.item)

    def choose(self, token: Token) -> None:
        node = token.node
        default = node.xml.get("default")
        names = {**self.variables, "item": token.item}
        chosen = [
            flow
            for flow in node.outgoing
            if flow.id != default and flow.condition and evaluate(flow.condition, names)
        ] or [flow for flow in node.outgoing if flow.id == default or len(node.outgoing) == 1]
        token.place.tokens.remove(token)
        self.arrive(token.place, chosen[0], token.item)

    def end(self, token: Token) -> None:
        place = token.place
        self.ended[token.node.id] += 1
        place.tokens.remove(token)
        if self.model.message_of(token.node):
            self.thrown.append((str(self.model.message_of(token.node)), token.item))
        if children(token.node.xml, "terminateEventDefinition"):
            for other in list(place.tokens):
                self.cancel(other)
        self.settle(place)

    def settle(self, place: Place) -> None:
        """Complete the scope when no token is left in it."""
        if place.tokens:
            return
        if place.owner is None:
            self.is_finished = True
        elif place in place.owner.inside:
            place.owner.inside.remove(place)
            self.finish(place.owner)

    def begin_activity(self, token: Token) -> None:
        token.armed = list(token.node.boundaries)
        loop = children(token.node.xml, "multiInstanceLoopCharacteristics")
        if not loop:
            self.begin_one(token)
            return
        items = list(dict.fromkeys(self.variables[str(own_attribute(loop[0], "collection"))]))
        token.repetitions = [Token(token.node, token.place, item, whole=token) for item in items]
        if not items:
            self.finish(token)
        for repetition in list(token.repetitions):
            self.begin_one(repetition)

    def begin_one(self, token: Token) -> None:
        node = token.node
        inner = self.model.inner_scope(node)
        if inner is not None:
            place = Place(inner, token, token.item)
            token.inside.append(place)
            start = inner.of_kind("startEvent")[0]
            self.leave(place, start, token.item)
        elif node.kind == "serviceTask":
            self.calls[str(own_attribute(node.xml, "operation")), token.item] += 1
            self.finish(token)
        elif node.kind == "businessRuleTask":
            self.decide(token)
            self.finish(token)

    def decide(self, token: Token) -> None:
        file = str(own_attribute(token.node.xml, "decision"))
        table = read_decision(self.model.bundle, file=file)
        names = {**self.variables, "item": token.item}
        for rule in table.rules:
            cells = [(entry.input.expression, entry.text) for entry in rule.inputEntries]
            conditions = [cell_expression(column=column, cell=text) for column, text in cells]
            if all(evaluate(condition, names) for condition in conditions if condition):
                for entry in rule.outputEntries:
                    self.variables[entry.output.name] = evaluate(entry.text, names)
                return

    def finish(self, token: Token) -> None:
        if token.whole is not None:
            whole = token.whole
            assert whole.repetitions is not None
            whole.repetitions.remove(token)
            if not whole.repetitions:
                self.finish(whole)
            return
        token.place.tokens.remove(token)
        self.leave(token.place, token.node, token.item)

    def cancel(self, token: Token) -> None:
        """Take a token away with everything inside it; nothing in it happens any more."""
        token.place.tokens.remove(token)
        token.inside, token.repetitions = [], None
