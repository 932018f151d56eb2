"""All that one process can do: every way to stand, and the steps between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, NamedTuple

from workflows.engine.token.instance import ARRIVED
from workflows.lint.standing import Likeness, Standing
from workflows.lint.values import Values
from workflows.lint.walking import (
    ENTERED,
    INSIDE,
    NEWS,
    PASSED,
    Event,
    Given,
    Label,
    Taken,
    Trouble,
    Walk,
    is_news,
)

LARGEST: Final = 12_000
"""More ways to stand than this are not explored; the process has to be cut into smaller ones."""


class Edge(NamedTuple):
    """A step between two ways to stand. The tokens of its events are slots: see ``carry``."""

    target: int
    kind: str
    element: str
    events: tuple[Event, ...]
    given: Given
    carry: tuple[int, ...]
    """For each call at the target: its place among those at the source, or which of the calls
    entered in this step it is, as -1, -2 and so on."""
    weight: int
    """How many elements are passed, which is how long the step is in a path."""
    is_plain: bool
    """Whether no call is entered in it or goes on."""


@dataclass
class Ground:
    """What a process can do, however it begins: beginnings that come to stand alike go on alike."""

    standings: list[Standing] = field(default_factory=list)
    edges: list[list[Edge]] = field(default_factory=list)
    roots: set[int] = field(default_factory=set)
    """Where the process has not begun yet, one for each of its beginnings."""

    def is_end(self, at: int) -> bool:
        """Return whether the process has come to its end there."""
        return at not in self.roots and self.standings[at].is_finished

    @cached_property
    def ending(self) -> set[int]:
        """Return every way to stand from which the end can be reached, once all is explored."""
        ends = [at for at in range(len(self.standings)) if self.is_end(at)]
        return reaching(self.all_edges(), ends)

    def all_edges(self) -> Iterator[tuple[int, Edge]]:
        """Yield every step with where it sets out."""
        for at, edges in enumerate(self.edges):
            for edge in edges:
                yield at, edge


@dataclass
class Graph:
    """What a process can do from one beginning; what earlier beginnings led to is not its own."""

    process: str
    ground: Ground
    root: int
    number: int = -1
    """The number of its summary, -1 for the main process."""
    own: range = range(0)
    """The ways to stand that this beginning was the first to reach, its root before them."""
    troubles: dict[Trouble, tuple[int, Edge]] = field(default_factory=dict)
    """Each trouble with the first step in which it was met."""
    passed: set[str] = field(default_factory=set)
    entered: dict[int, tuple[int, Edge]] = field(default_factory=dict)
    """The first step that entered each summary of a called process."""
    changed_beside: dict[int, dict[str, list[object]]] = field(default_factory=dict)
    """For each summary: the variables that were set beside the call while it went on."""
    is_complete: bool = True

    @property
    def standings(self) -> list[Standing]:
        """Return the ways to stand, the root first of its own."""
        return self.ground.standings

    @property
    def edges(self) -> list[list[Edge]]:
        """Return the steps from each way to stand."""
        return self.ground.edges

    @property
    def is_main(self) -> bool:
        """Return whether this is the main process, whose end is the end of the case."""
        return self.number < 0

    def is_end(self, at: int) -> bool:
        """Return whether the process has come to its end there."""
        return self.ground.is_end(at)

    def own_edges(self) -> Iterator[tuple[int, Edge]]:
        """Yield every step that this beginning was the first to lead to, with where it sets out."""
        for at in self.own:
            for edge in self.edges[at]:
                yield at, edge


class Explorer:
    """Explores one process from one beginning after the other, nearest first."""

    def __init__(self, walk: Walk, likeness: Likeness, most: int = LARGEST) -> None:
        self._walk, self._likeness, self._most = walk, likeness, most
        self._ground = Ground()
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._slots: list[tuple[int, ...]] = []
        self._pending: list[int] = []
        self._parents: list[int] = []
        """From where each way to stand was first reached, -1 for a root."""
        self._counts: list[dict[tuple[int, int, int], int]] = []

    def explore(self, process: str, beginnings: Iterable[tuple[Sequence[int], Values]]) -> Graph:
        """Return the graph of all that follows from these start events and variables."""
        graph = Graph(process, self._ground, self._new_root())
        self._walk.is_covered = graph.passed.__contains__
        for starts, variables in beginnings:
            for taken in self._walk.begin(starts, variables):
                self._add(graph, graph.root, taken)
        self._go_on(graph)
        graph.own = range(graph.root, len(graph.standings))
        return graph

    def _new_root(self) -> int:
        root = len(self._ground.standings)
        self._ground.roots.add(root)
        self._ground.standings.append(Standing())
        self._ground.edges.append([])
        self._slots.append(())
        self._parents.append(-1)
        self._counts.append({})
        return root

    def _go_on(self, graph: Graph) -> None:
        """Take all steps from where the process now stands; earlier beginnings have gone on."""
        self._pending = [at for at in self._pending if at > graph.root]
        done = 0
        while done < len(self._pending):
            at = self._pending[done]
            done += 1
            graph.is_complete = graph.is_complete and len(graph.standings) <= self._most
            if not graph.is_complete:
                break
            for taken in self._walk.steps(graph.standings[at]):
                self._add(graph, at, taken)

    def _add(self, graph: Graph, source: int, taken: Taken) -> None:
        standing = taken.standing
        key = self._likeness.key(standing)
        target, is_new = self._numbers.setdefault(key, len(graph.standings)), False
        if target == len(graph.standings):
            is_new = True
            graph.standings.append(standing)
            graph.edges.append([])
            self._slots.append(self._likeness.slots(standing))
        edge = self._edge(source, target, taken)
        if is_new:
            self._look_for_crowd(graph, source, edge)
        if edge not in graph.edges[source]:
            graph.edges[source].append(edge)
        for trouble in taken.troubles:
            graph.troubles.setdefault(trouble, (source, edge))
        self._note(graph, source, edge, taken)

    def _edge(self, source: int, target: int, taken: Taken) -> Edge:
        """Return the step, with tokens told by their slots, which are alike in cases alike."""
        slots = {token: at for at, token in enumerate(self._slots[source])}
        events: list[Event] = []
        entered = 0
        for event in taken.events:
            if event.what == ENTERED:
                entered += 1
                if not event.is_done:
                    slots[event.token] = -entered
                event = event._replace(token=-entered)
            elif event.what == INSIDE:
                event = event._replace(token=slots[event.token])
            events.append(event)
        carry = tuple(slots[token] for token in self._likeness.slots(taken.standing))
        weight = sum(event.what == PASSED for event in events)
        is_plain = all(event.inside is None for event in events)
        return Edge(
            target,
            taken.kind,
            taken.element,
            tuple(events),
            taken.given,
            carry,
            weight,
            is_plain,
        )

    def _note(self, graph: Graph, source: int, edge: Edge, taken: Taken) -> None:
        acting = set()
        for event in taken.events:
            if event.what == PASSED:
                graph.passed.add(event.element)
            elif event.what == ENTERED and event.inside is not None:
                graph.entered.setdefault(event.inside.summary, (source, edge))
            elif not is_news(Label(event.given)):
                acting.add(event.token)
        known = graph.standings[source].calls if edge.given else {}
        for token, inside in taken.standing.calls.items():
            # What a call sets itself is no news to it; all else is, while it goes on.
            if token not in acting and token in known:
                _add_values(graph.changed_beside.setdefault(inside.summary, {}), edge.given)

    def _look_for_crowd(self, graph: Graph, source: int, edge: Edge) -> None:
        """Note when there are ever more tokens; what follows need not be explored then."""
        standing = graph.standings[edge.target]
        self._parents.append(source)
        self._counts.append(_count(standing))
        crowded = self._growing(graph, edge.target)
        if crowded is not None:
            element = self._walk.cut.program.nodes[crowded].id
            graph.troubles.setdefault(Trouble("unbounded", element), (source, edge))
            graph.is_complete = False
        elif not standing.is_finished:
            self._pending.append(edge.target)

    def _growing(self, graph: Graph, at: int) -> int | None:
        """Return the node on which tokens heap up, or None.

        Where a case stands as it stood before, and has one token more on a node that had one, the
        same steps can be taken again, and again.
        """
        counts = self._counts[at]
        crowded = [place for place, count in counts.items() if count > 1]
        if not crowded:
            return None
        values = self._likeness.values(graph.standings[at])
        before = self._parents[at]
        while before not in graph.ground.roots:
            earlier = self._counts[before]
            if (
                all(counts.get(place, 0) >= count for place, count in earlier.items())
                and any(0 < earlier.get(place, 0) < counts[place] for place in crowded)
                and self._likeness.values(graph.standings[before]) == values
            ):
                return next(p[0] for p in crowded if 0 < earlier.get(p, 0) < counts[p])
            before = self._parents[before]
        return None


def _count(standing: Standing) -> dict[tuple[int, int, int], int]:
    """Return how many tokens stand on each node, apart by scope and, at a join, by flow."""
    counts: dict[tuple[int, int, int], int] = {}
    scopes = {number: place.scope for number, place in standing.instance.places.items()}
    for token in standing.instance.tokens.values():
        if not token.whole:
            # At a join one token over each flow is what it waits for.
            via = token.via if token.mode == ARRIVED else 0
            key = (token.node, scopes[token.place], via)
            counts[key] = counts.get(key, 0) + 1
    return counts


def _add_values(table: dict[str, list[object]], given: Given) -> None:
    for name, value in given:
        values = table.setdefault(name.removeprefix(NEWS), [])
        if value not in values:
            values.append(value)


def reaching(edges: Iterable[tuple[int, Edge]], goals: Iterable[int]) -> set[int]:
    """Return every way to stand from which these steps lead to one of the goals."""
    before: dict[int, list[int]] = {}
    for source, edge in edges:
        before.setdefault(edge.target, []).append(source)
    found = set(goals)
    pending = list(found)
    while pending:
        for source in before.get(pending.pop(), ()):
            if source not in found:
                found.add(source)
                pending.append(source)
    return found
