"""Works out which steps can be busy at the same time, from the flows alone.

This is the concurrency relation of free-choice nets (Kovalyov and Esparza): two nodes are together
when a split leads to both; what follows one of them stays together with the other; a join is
together with something when all its incoming branches are.

Nodes that only follow one another are told apart by nothing, so each run of them has one bit, and
what a run is together with is one number: hundreds of plain branches cost hundreds of steps. With
choices or events in every branch it is the square of the runs, which ``size.py`` bounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import and_, or_

from workflows.engine.checks.model import Flow, Node, Scope
from workflows.engine.markup import children

Pair = tuple[str, str]


class Together:
    """Which nodes of a scope can be busy at the same time."""

    def __init__(self, scope: Scope, *, maybe: bool = False) -> None:
        """Work the relation out; ``maybe`` counts branches of which not all need be taken."""
        self.steps = 0
        """How often a run learnt of others; the work grows with it."""
        self._scope = scope
        self._maybe = maybe
        self._sources = _sources_of(scope)
        self._bits: dict[str, int] = {}
        self._last: dict[int, Node] = {}
        self._rows: dict[int, int] = {}
        self._fresh: dict[int, int] = {}
        self._joins: set[str] = set()
        self._before: dict[Pair, int] = {}
        for run in _runs(scope, self._sources):
            bit = self._new_bit(*run)
            self._last[bit] = scope.nodes[run[-1]]
        self._begin()
        self._follow_all()

    def are(self, first: str, second: str) -> bool:
        """Return whether both can be busy at once; one node with itself: by two tokens."""
        row = self._rows.get(self._bits.get(first, 0), 0)
        return bool(row & self._bits.get(second, 0))

    def find_apart(self, names: Sequence[str]) -> Pair | None:
        """Return the first two of these nodes that are never busy at once."""
        found: Pair | None = None
        behind = 0
        for at in reversed(range(len(names))):
            bit = self._bits[names[at]]
            if behind & ~self._rows[bit]:
                other = next(one for one in names[at + 1 :] if not self.are(names[at], one))
                found = (names[at], other)
            behind |= bit
        return found

    def _new_bit(self, *names: str) -> int:
        bit = 1 << len(self._rows)
        self._rows[bit] = 0
        self._bits |= dict.fromkeys(names, bit)
        return bit

    # What is together from the beginning

    def _begin(self) -> None:
        for node in self._scope.nodes.values():
            self._begin_all(self._taken(node))
            if node.is_event_subprocess and self._maybe:
                self._begin_beside(node)
        if not self._scope.of_kind("startEvent"):
            self._begin_all(_begin_together(self._scope))
        for boundary in self._scope.of_kind("boundaryEvent"):
            host = self._bits.get(boundary.xml.get("attachedToRef", ""))
            if host is None or boundary.is_interrupting:
                continue
            self._join(self._bits[boundary.id], host)
            if children(boundary.xml, "messageEventDefinition"):
                # It listens again, so that its own path may be walked by several at once.
                self._learn(self._bits[boundary.id], self._bits[boundary.id])

    def _begin_all(self, names: Sequence[str]) -> None:
        """Let these begin at the same time; one named twice begins twice."""
        bits = [self._bits[name] for name in names]
        everything, seen = reduce(or_, bits, 0), 0
        for bit in bits:
            self._learn(bit, everything if seen & bit else everything & ~bit)
            seen |= bit

    def _begin_beside(self, handler: Node) -> None:
        """Let an event sub-process run beside all else, and its event come at any time."""
        own, everything = self._bits[handler.id], reduce(or_, self._last, 0)
        self._join(own, everything & ~own)
        for start in children(handler.xml, "startEvent"):
            waiting = self._new_bit(start.get("id", ""))
            self._rows[waiting] |= everything
            for bit in self._last:
                self._rows[bit] |= waiting
            if str(start.get("isInterrupting", "true")).lower() != "true":
                self._learn(own, own)

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

    # What follows from it

    def _learn(self, bit: int, others: int) -> int:
        """Note what a run is together with, and return what of it is new."""
        fresh = others & ~self._rows[bit]
        if fresh:
            self.steps += 1
            self._rows[bit] |= fresh
            self._fresh[bit] = self._fresh.get(bit, 0) | fresh
        return fresh

    def _join(self, bit: int, others: int) -> None:
        """Note that a run and the others are together, on both sides."""
        for other in _each_bit(self._learn(bit, others)):
            self._learn(other, bit)

    def _follow_all(self) -> None:
        while self._fresh or self._joins:
            if self._fresh:
                # In waves, so that a run hears at once of all that has come up meanwhile.
                wave, self._fresh = self._fresh, {}
                for bit, fresh in wave.items():
                    self._follow(bit, fresh)
            else:
                join = self._joins.pop()
                rows = (self._rows[self._bits[one]] for one in self._sources[join])
                self._join(self._bits[join], reduce(and_, rows))

    def _follow(self, bit: int, staying: int) -> None:
        """Note what follows when a run moves on while the others stay."""
        moving = self._last.get(bit)
        if moving is None:
            return
        for boundary in moving.boundaries:
            event = self._bits[boundary.id]
            self._join(event, staying & ~event)
        for target in moving.successors:
            self._enter(self._scope.nodes[target], moving, staying)

    def _enter(self, target: Node, moving: Node, staying: int) -> None:
        is_join = len(target.incoming) > 1
        if is_join and target.kind == "parallelGateway":
            # Looked at once all its branches are as far as they come.
            self._joins.add(target.id)
        elif is_join and target.kind == "inclusiveGateway":
            self._join(self._bits[target.id], staying & ~self._awaited(target, moving.id))
        else:
            self._join(self._bits[target.id], staying)

    # Inclusive joins

    def _awaited(self, join: Node, moving: str) -> int:
        """Return for what an inclusive join waits: more may come, over other flows (13.4.3)."""
        others = (flow.source for flow in join.incoming if flow.source != moving)
        awaited = reduce(or_, (self._upstream(join.id, one) for one in others), 0)
        return awaited & ~self._upstream(join.id, moving)

    def _upstream(self, join: str, source: str) -> int:
        """Return from where a token can come to ``source`` without passing the join."""
        if (join, source) not in self._before:
            found: set[str] = set()
            pending = [source]
            while pending:
                name = pending.pop()
                if name not in found and name != join:
                    found.add(name)
                    pending += self._sources[name]
            self._before[join, source] = reduce(or_, {self._bits[name] for name in found}, 0)
        return self._before[join, source]


def _each_bit(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest
        bits ^= lowest


def _sources_of(scope: Scope) -> Mapping[str, list[str]]:
    """Return from where a token comes to each node: over a flow or link, or off an activity."""
    sources: dict[str, list[str]] = {name: [] for name in scope.nodes}
    for node in scope.nodes.values():
        for follower in [*node.successors, *(event.id for event in node.boundaries)]:
            sources[follower].append(node.id)
    return sources


def _runs(scope: Scope, sources: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """Yield every run of nodes of which each only follows the one before it."""
    followers = {
        node.id: node.successors[0]
        for node in scope.nodes.values()
        if _leads_on(node) and sources[node.successors[0]] == [node.id]
    }
    inside = {name for name in followers.values() if not scope.nodes[name].boundaries}
    begun: set[str] = set()
    # Behind the others: what is left then goes round in a circle that nothing leads into.
    for name in [*(one for one in scope.nodes if one not in inside), *inside]:
        run: list[str] = []
        here: str | None = name
        while here is not None and here not in begun and (not run or here in inside):
            run.append(here)
            begun.add(here)
            here = followers.get(here)
        if run:
            yield run


def _leads_on(node: Node) -> bool:
    """Return whether nothing tells the node from the one that follows it."""
    # An event on an activity is not together with itself, what follows it is; and inclusive joins
    # ask what lies before them.
    is_told_apart = node.boundaries or node.kind in ("boundaryEvent", "inclusiveGateway")
    return not is_told_apart and len(node.successors) == 1


def _is_default(node: Node, flow: Flow) -> bool:
    return bool(flow.id) and flow.id == node.xml.get("default")


def _begin_together(scope: Scope) -> list[str]:
    """Return where a scope without a start event begins."""
    return [
        node.id
        for node in scope.nodes.values()
        if not (node.incoming or node.is_event_subprocess or node.is_compensation)
        and node.kind != "boundaryEvent"
        and node.event != "link"
    ]
