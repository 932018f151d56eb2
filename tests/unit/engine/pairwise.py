"""The check's relation worked out pair by pair: slow, and plain enough to be read as its rule."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from workflows.engine.checks.model import Flow, Node, Scope
from workflows.engine.markup import children

Pair = tuple[str, str]


class Pairwise:
    """Which nodes of a scope can be busy at the same time, one pair after another."""

    def __init__(self, scope: Scope, *, maybe: bool = False) -> None:
        """Work the relation out; ``maybe`` counts branches of which not all need be taken."""
        self._scope = scope
        self._maybe = maybe
        self._before: dict[Pair, set[str]] = {}
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
        for node in self._scope.nodes.values():
            self._add_all(combinations(self._taken(node), 2))
            if node.is_event_subprocess and self._maybe:
                self._begin_beside(node)
        starts = [] if self._scope.of_kind("startEvent") else _begin_together(self._scope)
        self._add_all(combinations(starts, 2))
        for boundary in self._scope.of_kind("boundaryEvent"):
            host = self._scope.nodes.get(boundary.xml.get("attachedToRef", ""))
            if host is None or boundary.is_interrupting:
                continue
            self._add(boundary.id, host.id)
            if children(boundary.xml, "messageEventDefinition"):
                # It listens again, so that its own path may be walked by several at once.
                self._add(boundary.id, boundary.id)

    def _begin_beside(self, handler: Node) -> None:
        """Let an event sub-process run beside all else, and its event come at any time."""
        self._add_all((handler.id, other) for other in self._scope.nodes if other != handler.id)
        for start in children(handler.xml, "startEvent"):
            waiting = start.get("id", "")
            self._pairs |= {(waiting, other) for other in self._scope.nodes}
            self._pairs |= {(other, waiting) for other in self._scope.nodes}
            if str(start.get("isInterrupting", "true")).lower() != "true":
                self._add(handler.id, handler.id)

    def _taken(self, node: Node) -> list[str]:
        """Return what follows the node at the same time."""
        if node.kind in ("exclusiveGateway", "eventBasedGateway"):
            return []
        if node.kind == "inclusiveGateway" or not self._maybe:
            sure = node.kind == "parallelGateway"
            return [
                flow.target
                for flow in node.outgoing
                if self._maybe or sure or (flow.condition is None and not _is_default(node, flow))
            ]
        return node.successors

    def _add_all(self, pairs: Iterable[Pair]) -> None:
        for first, second in pairs:
            self._add(first, second)

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
        if target.kind == "inclusiveGateway" and len(target.incoming) > 1:
            return not self._is_awaited(target, moving, staying)
        if target.kind != "parallelGateway" or len(target.incoming) < 2:
            return True
        sources = [flow.source for flow in target.incoming]
        return self.are(moving, staying) and all(self.are(one, staying) for one in sources)

    def _is_awaited(self, join: Node, moving: str, staying: str) -> bool:
        """Return whether an inclusive join waits: more may come, and over other flows (13.4.3)."""
        own = [flow.source for flow in join.incoming if flow.source == moving]
        others = [flow.source for flow in join.incoming if flow.source != moving]
        may_fill = any(staying in self._upstream(join, source) for source in others)
        return may_fill and not any(staying in self._upstream(join, source) for source in own)

    def _upstream(self, join: Node, source: str) -> set[str]:
        """Return the nodes from which a token can come to ``source`` without passing the join."""
        if (join.id, source) not in self._before:
            found: set[str] = set()
            pending = [source]
            while pending:
                name = pending.pop()
                if name not in found and name != join.id:
                    found.add(name)
                    pending += self._sources(self._scope.nodes[name])
            self._before[join.id, source] = found
        return self._before[join.id, source]

    def _sources(self, node: Node) -> list[str]:
        sources = [flow.source for flow in node.incoming]
        sources += [one.id for one in self._scope.nodes.values() if node.id in one.jumps]
        host = node.xml.get("attachedToRef")
        return [*sources, host] if host in self._scope.nodes else sources


def _is_default(node: Node, flow: Flow) -> bool:
    return bool(flow.id) and flow.id == node.xml.get("default")


def _begin_together(scope: Scope) -> list[str]:
    return [
        node.id
        for node in scope.nodes.values()
        if not (node.incoming or node.is_event_subprocess or node.is_compensation)
        and node.kind != "boundaryEvent"
        and node.event != "link"
    ]
