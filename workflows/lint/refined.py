"""A graph once more, with the inside of its calls told apart as far as some duties ask.

The graph of a process knows its calls only by the variables that they set. A duty may ask more:
that a letter was served inside one of them. Telling that apart needs no engine: each call is
followed by a finer summary beside the steps that are known already.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from workflows.lint.graph import Edge, Graph
from workflows.lint.marks import END
from workflows.lint.walking import PASSED, Event, Label

if TYPE_CHECKING:
    from workflows.lint.standing import Inside
    from workflows.lint.summary import Summary


class Slot(NamedTuple):
    """How far a call is, by its finer summary."""

    summary: Summary
    state: int


Slots = tuple[Slot | None, ...]
"""How far each call is; None for one that these duties have nothing to do with."""


class Act(NamedTuple):
    """What a call did in a step: it began, went on or ended."""

    slot: int
    summary: Summary
    label: Label
    is_done: bool


class Fine(NamedTuple):
    """A step of the finer graph; without an edge only a call goes on, and nobody else notices."""

    target: int
    source: int
    edge: Edge | None
    acts: tuple[Act, ...]
    label: Label
    weight: int


@dataclass
class _Draft:
    """A finer step in the making."""

    marks: tuple[int, ...] = ()
    acts: tuple[Act, ...] = ()
    states: dict[int, Slot] = field(default_factory=dict)


BEGIN = -2
"""The state of a call before it begins."""


class Refined:
    """The finer graph, made as far as it is asked for."""

    def __init__(self, graph: Graph, mask: int, refine: Callable[[int, int], Summary]) -> None:
        self.graph, self._refine = graph, refine
        self.mask = mask
        # Nobody summarises the main process, so its own marks need no filter.
        self._own = -1 if graph.is_main else mask
        self.states: list[tuple[int, Slots]] = []
        self._numbers: dict[tuple[int, tuple[tuple[int, int] | None, ...]], int] = {}
        self._edges: dict[int, list[Fine]] = {}
        self.begin = self._number(graph.root, ())

    def beginning(self, graph: Graph) -> Refined:
        """Return the same as another beginning of the process sees it; what is known is shared."""
        other = copy(self)
        other.graph, other.begin = graph, self._number(graph.root, ())
        return other

    def edges(self, at: int) -> list[Fine]:
        """Return the steps from here."""
        if at not in self._edges:
            self._edges[at] = list(self._make(at))
        return self._edges[at]

    def is_end(self, at: int) -> bool:
        """Return whether the process has come to its end there."""
        return self.graph.is_end(self.states[at][0])

    def all_edges(self) -> Iterator[Fine]:
        """Yield every step that can be taken."""
        at = 0
        while at < len(self.states):
            yield from self.edges(at)
            at += 1

    def _make(self, at: int) -> Iterator[Fine]:
        where, slots = self.states[at]
        seen: set[tuple[int, Label, str, str]] = set()
        for edge in self.graph.edges[where]:
            for draft in self._drafts(edge, slots):
                fine = self._fine(at, edge, slots, draft)
                key = (fine.target, fine.label, edge.kind, edge.element)
                if key not in seen:
                    seen.add(key)
                    yield fine
        yield from self._inner(at, where, slots)

    def _inner(self, at: int, where: int, slots: Slots) -> Iterator[Fine]:
        """Yield the steps of calls that only a duty sees."""
        for number, slot in enumerate(slots):
            if slot is None:
                continue
            for opening in slot.summary.go_on(slot.state):
                if opening.is_done or opening.label.given:
                    continue
                after = (*slots[:number], Slot(slot.summary, opening.state), *slots[number + 1 :])
                act = Act(number, slot.summary, opening.label, False)
                label = Label((), opening.label.marks)
                yield Fine(self._number(where, after), at, None, (act,), label, 1)

    def _drafts(self, edge: Edge, slots: Slots) -> list[_Draft]:
        if edge.is_plain:
            return [self._plain(edge)]
        if not any(one.inside and self._is_seen(one.inside.summary) for one in edge.events):
            draft = self._plain(edge)
            draft.acts = tuple(self._unseen(one, one.inside) for one in edge.events if one.inside)
            return [draft]
        drafts = [_Draft()]
        for event in edge.events:
            if event.what == PASSED:
                if event.bits & self._own:
                    for draft in drafts:
                        draft.marks += (event.bits & self._own,)
                continue
            drafts = [more for draft in drafts for more in self._act(draft, event, slots)]
        return drafts

    def _plain(self, edge: Edge) -> _Draft:
        return _Draft(tuple(one.bits & self._own for one in edge.events if one.bits & self._own))

    def _is_seen(self, number: int) -> bool:
        """Return whether these duties have to do with what is inside of a call."""
        return self._refine(number, self.mask).refined.mask != 0

    def _unseen(self, event: Event, inside: Inside) -> Act:
        """Return what a call did of which nothing but its variables is seen."""
        summary = self._refine(inside.summary, 0)
        return Act(event.token, summary, Label(event.given), event.is_done)

    def _act(self, draft: _Draft, event: Event, slots: Slots) -> Iterator[_Draft]:
        assert event.inside is not None
        if not self._is_seen(event.inside.summary):
            draft.acts += (self._unseen(event, event.inside),)
            yield draft
            return
        if event.token < 0:
            summary = self._refine(event.inside.summary, self.mask)
            state = BEGIN
        else:
            known = draft.states.get(event.token) or slots[event.token]
            assert known is not None
            summary, state = known
        for opening in summary.fitting(state, event.given, event.is_done):
            act = Act(event.token, summary, opening.label, opening.is_done)
            states = {**draft.states, event.token: Slot(summary, opening.state)}
            marks = draft.marks + opening.label.marks
            yield _Draft(marks, (*draft.acts, act), states)

    def _fine(self, at: int, edge: Edge, slots: Slots, draft: _Draft) -> Fine:
        after = tuple(
            draft.states.get(number) or (slots[number] if number >= 0 else None)
            for number in edge.carry
        )
        is_over = self.graph.is_main and self.graph.is_end(edge.target)
        marks = (*draft.marks, END) if is_over else draft.marks
        target = self._number(edge.target, after)
        weight = edge.weight + len(draft.acts)
        return Fine(target, at, edge, draft.acts, Label(edge.given, marks), max(1, weight))

    def _number(self, where: int, slots: Slots) -> int:
        key = (where, tuple((one.summary.number, one.state) if one else None for one in slots))
        if key not in self._numbers:
            self._numbers[key] = len(self.states)
            self.states.append((where, slots))
        return self._numbers[key]


Path = list[Fine]


def shortest(refined: Refined, is_reached: Callable[[int], bool]) -> Path | None:
    """Return the shortest path to a way to stand, by its number in the graph, or None."""
    numbers = count()
    best = {refined.begin: 0}
    came: dict[int, Fine] = {}
    queue = [(0, next(numbers), refined.begin)]
    while queue:
        cost, _, at = heapq.heappop(queue)
        if cost > best[at]:
            continue
        if is_reached(refined.states[at][0]):
            return back(came, at)
        for fine in refined.edges(at):
            total = cost + fine.weight
            if total < best.get(fine.target, total + 1):
                best[fine.target] = total
                came[fine.target] = fine
                heapq.heappush(queue, (total, next(numbers), fine.target))
    return None


def back(came: dict[int, Fine], at: int) -> Path:
    """Return the path that led here."""
    path: Path = []
    while at in came:
        path.append(came[at])
        at = came[at].source
    return path[::-1]


def ending_with(refined: Refined, source: int, edge: Edge) -> Path:
    """Return the shortest path whose last step is this one."""
    path = shortest(refined, lambda at: at == source) or []
    at = path[-1].target if path else refined.begin
    return [*path, next(fine for fine in refined.edges(at) if _is_same(fine.edge, edge))]


def _is_same(one: Edge | None, other: Edge) -> bool:
    """Return whether a step is the other, as far as steps are kept apart."""
    return one is not None and (one.target, one.kind, one.element, one.given) == (
        other.target,
        other.kind,
        other.element,
        other.given,
    )
