"""All that one process can do: every way to stand, and the steps between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
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

LARGEST: Final = 40_000
"""More ways to stand than this are not explored; the process has to be cut into smaller ones."""
CROWD: Final = 4
"""So many tokens on one element, and no repetition, can only be a loop that makes more of them."""
ROOT: Final = 0
"""Before the process begins."""


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
class Graph:
    """What a process can do from one beginning."""

    process: str
    entry: Values
    number: int = -1
    """The number of its summary, -1 for the main process."""
    standings: list[Standing] = field(default_factory=lambda: [Standing()])
    edges: list[list[Edge]] = field(default_factory=lambda: [[]])
    troubles: dict[Trouble, tuple[int, Edge]] = field(default_factory=dict)
    """Each trouble with the first step in which it was met."""
    passed: set[str] = field(default_factory=set)
    entered: dict[int, tuple[int, Edge]] = field(default_factory=dict)
    """The first step that entered each summary of a called process."""
    changed_beside: dict[int, dict[str, list[object]]] = field(default_factory=dict)
    """For each summary: the variables that were set beside the call while it went on."""
    is_complete: bool = True

    @property
    def is_main(self) -> bool:
        """Return whether this is the main process, whose end is the end of the case."""
        return self.number < 0

    def is_end(self, at: int) -> bool:
        """Return whether the process has come to its end there."""
        return at != ROOT and self.standings[at].is_finished

    @property
    def finished(self) -> set[int]:
        """Return the ways to stand at the end."""
        return {at for at in range(len(self.standings)) if self.is_end(at)}

    def all_edges(self) -> Iterator[tuple[int, Edge]]:
        """Yield every step with where it sets out."""
        for at, edges in enumerate(self.edges):
            for edge in edges:
                yield at, edge


class Explorer:
    """Explores one process from one beginning, nearest first."""

    def __init__(self, walk: Walk, likeness: Likeness) -> None:
        self._walk, self._likeness = walk, likeness
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._slots: list[tuple[int, ...]] = [()]
        self._pending: list[int] = []

    def explore(self, process: str, beginnings: Iterable[tuple[Sequence[int], Values]]) -> Graph:
        """Return the graph of all that follows from these start events and variables."""
        begun = list(beginnings)
        graph = Graph(process, begun[0][1])
        self._walk.is_covered = graph.passed.__contains__
        for starts, variables in begun:
            for taken in self._walk.begin(starts, variables):
                self._add(graph, ROOT, taken)
        done = 0
        while done < len(self._pending):
            at = self._pending[done]
            done += 1
            if len(graph.standings) > LARGEST:
                graph.is_complete = False
                break
            for taken in self._walk.steps(graph.standings[at]):
                self._add(graph, at, taken)
        return graph

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
        known = graph.standings[source].calls if edge.given and source != ROOT else {}
        for token, inside in taken.standing.calls.items():
            # What a call sets itself is no news to it; all else is, while it goes on.
            if token not in acting and token in known:
                _add_values(graph.changed_beside.setdefault(inside.summary, {}), edge.given)

    def _look_for_crowd(self, graph: Graph, source: int, edge: Edge) -> None:
        standing = graph.standings[edge.target]
        counts: dict[tuple[int, int, int], int] = {}
        for token in standing.instance.tokens.values():
            if not token.whole:
                # At a join one token over each flow is what it waits for.
                place = (token.node, token.place, token.via if token.mode == ARRIVED else 0)
                counts[place] = counts.get(place, 0) + 1
        crowded = [place[0] for place, count in counts.items() if count >= CROWD]
        if not crowded:
            if not standing.is_finished:
                self._pending.append(edge.target)
            return
        element = self._walk.cut.program.nodes[crowded[0]].id
        graph.troubles.setdefault(Trouble("unbounded", element), (source, edge))


def _add_values(table: dict[str, list[object]], given: Given) -> None:
    for name, value in given:
        values = table.setdefault(name.removeprefix(NEWS), [])
        if value not in values:
            values.append(value)


def reaching(graph: Graph, goals: Iterable[int]) -> set[int]:
    """Return every way to stand from which one of the goals can be reached."""
    before: dict[int, list[int]] = {}
    for source, edge in graph.all_edges():
        before.setdefault(edge.target, []).append(source)
    found = set(goals)
    pending = list(found)
    while pending:
        for source in before.get(pending.pop(), ()):
            if source not in found:
                found.add(source)
                pending.append(source)
    return found
