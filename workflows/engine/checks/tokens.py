"""Works out which steps can be busy at the same time, from the flows alone.

This is the concurrency relation of free-choice nets (Kovalyov and Esparza): two nodes are together
when a split leads to both; what follows one of them stays together with the other; a join is
together with something when all its incoming branches are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, combinations_with_replacement

from workflows.engine.checks.model import Model, Node, Scope
from workflows.engine.findings import Finding
from workflows.engine.markup import children

Pair = tuple[str, str]


class Together:
    """Which nodes of a scope can be busy at the same time."""

    def __init__(self, scope: Scope) -> None:
        """Work the relation out."""
        self._scope = scope
        self._pairs: set[Pair] = set()
        self._pending: list[Pair] = []
        self._begin()
        while self._pending:
            first, second = self._pending.pop()
            self._follow(first, second)
            self._follow(second, first)

    def are(self, first: str, second: str) -> bool:
        """Return whether both can be busy at once; one node with itself: by two tokens."""
        return (first, second) in self._pairs

    def _begin(self) -> None:
        for gateway in self._scope.of_kind("parallelGateway"):
            for first, second in combinations(gateway.successors, 2):
                self._add(first, second)
        for boundary in self._scope.of_kind("boundaryEvent"):
            host = self._scope.nodes.get(boundary.xml.get("attachedToRef", ""))
            if host is None or boundary.is_interrupting:
                continue
            self._add(boundary.id, host.id)
            if children(boundary.xml, "messageEventDefinition"):
                # It listens again, so that its own path may be walked by several at once.
                self._add(boundary.id, boundary.id)

    def _add(self, first: str, second: str) -> None:
        if (first, second) not in self._pairs:
            self._pairs |= {(first, second), (second, first)}
            self._pending.append((first, second))

    def _follow(self, moving: str, staying: str) -> None:
        """Add what the pair leads to when the first of the two moves on."""
        node = self._scope.nodes[moving]
        for boundary in node.boundaries:
            if boundary.id != staying:
                self._add(boundary.id, staying)
        for target in node.successors:
            if self._may_enter(self._scope.nodes[target], moving, staying):
                self._add(target, staying)

    def _may_enter(self, target: Node, moving: str, staying: str) -> bool:
        if target.kind != "parallelGateway" or len(target.incoming) < 2:
            return True
        sources = {flow.source for flow in target.incoming}
        return all(self.are(source, staying) for source in sources | {moving})


def check_joins(model: Model) -> Iterator[Finding]:
    """Yield a finding for each parallel join whose branches never come together."""
    for scope in model.scopes.values():
        together = Together(scope)
        for gateway in scope.of_kind("parallelGateway"):
            sources = [flow.source for flow in gateway.incoming]
            apart = [
                pair for pair in combinations(sources, 2) if not together.are(pair[0], pair[1])
            ]
            if apart:
                yield gateway.finding(
                    "join_waits_for_ever", rule="join", one=apart[0][0], other=apart[0][1]
                )


@dataclass(frozen=True)
class Receiver:
    """An event that waits for a message, with the path of calls and sub-processes to it."""

    node: Node
    message: str
    path: tuple[Pair, ...]
    """Scope and node, from the main process inwards; for a boundary event, to its host."""


def check_messages(model: Model) -> Iterator[Finding]:
    """Yield a finding for two receivers of one message that can wait at the same time (S13)."""
    main = model.processes.get(model.bundle.main_process)
    if main is None:
        return
    known = {scope_id: Together(scope) for scope_id, scope in model.scopes.items()}
    receivers = list(_list_receivers(model, main, ()))
    told: set[Pair] = set()
    for first, second in combinations_with_replacement(receivers, 2):
        pair = (first.node.id, second.node.id)
        if first.message == second.message and pair not in told and _clash(first, second, known):
            told.add(pair)
            yield first.node.finding(
                "several_receivers", rule="S13", message=first.message, other=second.node.id
            )


def _list_receivers(model: Model, scope: Scope, path: tuple[Pair, ...]) -> Iterator[Receiver]:
    for node in scope.nodes.values():
        message = model.message_of(node)
        if message and node.kind == "boundaryEvent":
            host = node.xml.get("attachedToRef", "")
            yield Receiver(node, message, (*path, (scope.id, host)))
        elif message and node.kind == "intermediateCatchEvent":
            yield Receiver(node, message, (*path, (scope.id, _waiting_node(scope, node))))
        inner = model.inner_scope(node)
        if inner is not None:
            yield from _list_receivers(model, inner, (*path, (scope.id, node.id)))


def _waiting_node(scope: Scope, node: Node) -> str:
    """Return where the token stands while the event waits: at the event gateway before it."""
    for flow in node.incoming:
        if scope.nodes[flow.source].kind == "eventBasedGateway":
            return flow.source
    return node.id


def _clash(first: Receiver, second: Receiver, known: dict[str, Together]) -> bool:
    """Return whether both can wait at once, with nothing but their name to tell them apart."""
    for one, other in zip(first.path, second.path, strict=False):
        if known[one[0]].are(one[1], other[1]):
            return True
        if one != other:
            return False
    return first is not second
