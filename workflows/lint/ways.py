"""The flows of a case as one map without circles, to add up how long the longest way takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workflows.lint.facts import Facts

Spot = tuple[tuple[str, ...], str, bool]
"""An element with the calls around it; True is the far side of a call, where it is done."""


@dataclass
class Ways:
    """Where each element leads, through calls, over messages, and off an activity by its events.

    ``whole`` are calls that are not looked into, because they have a term of their own; ``closed``
    are elements that are not entered.
    """

    facts: Facts
    whole: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()
    _back: set[tuple[Spot, Spot]] = field(default_factory=set)

    def order(self, begins: Sequence[Spot]) -> list[Spot]:
        """Return all spots that are reached, each before those that it leads to.

        A flow that leads back is left out: a way goes round no circle.
        """
        done: dict[Spot, None] = {}
        for begin in begins:
            self._visit(begin, done)
        return list(done)[::-1]

    def _visit(self, begin: Spot, done: dict[Spot, None]) -> None:
        if begin in done:
            return
        on_way = {begin}
        stack: list[tuple[Spot, Iterator[Spot]]] = [(begin, self._next(begin))]
        while stack:
            spot, following = stack[-1]
            target = next(following, None)
            if target is None:
                stack.pop()
                on_way.discard(spot)
                done[spot] = None
            elif target in on_way:
                self._back.add((spot, target))
            elif target not in done:
                on_way.add(target)
                stack.append((target, self._next(target)))

    @property
    def circles(self) -> list[tuple[Spot, Spot]]:
        """Return the flows that lead back, as far as ways have been put in order."""
        return sorted(self._back)

    def following(self, spot: Spot) -> list[Spot]:
        """Return where a spot leads, without the flows that lead back."""
        return [one for one in self._next(spot) if (spot, one) not in self._back]

    def spots(self, element: str) -> list[Spot]:
        """Return every place in which an element stands."""
        process = self.facts.plan.elements[element].process
        return [(calls, element, False) for calls in self._contexts(process)]

    def _contexts(self, process: str) -> list[tuple[str, ...]]:
        if process == self.facts.bundle.main_process:
            return [()]
        found: list[tuple[str, ...]] = []
        for one in self.facts.plan.elements.values():
            if one.calls == process and one.id not in self.whole:
                found += [(*calls, one.id) for calls in self._contexts(one.process)]
        return found

    # One step

    def _next(self, spot: Spot) -> Iterator[Spot]:
        yield from (one for one in self._leads_to(spot) if one[1] not in self.closed)

    def _leads_to(self, spot: Spot) -> Iterator[Spot]:
        calls, element, is_behind = spot
        one = self.facts.plan.elements[element]
        if one.calls and element not in self.whole and not is_behind:
            starts = [each for each in self._starts(one.calls)]
            yield from (((*calls, element), start, False) for start in starts)
            return
        node = self.facts.nodes[element]
        for event in node.boundaries:
            if event.is_interrupting:
                yield (calls, event.id, False)
        yield from ((calls, target, False) for target in node.successors)
        if one.kind == "endEvent":
            yield from self._behind_end(calls, element)

    def _starts(self, process: str) -> list[str]:
        return [
            one.id
            for one in self.facts.plan.elements.values()
            if one.scope == process and one.kind == "startEvent"
        ]

    def _behind_end(self, calls: tuple[str, ...], element: str) -> Iterator[Spot]:
        one = self.facts.plan.elements[element]
        if one.message:
            for other in self.facts.plan.elements.values():
                if other.message == one.message and other.kind != "endEvent":
                    yield from self.spots(other.id)
        elif calls and one.scope == one.process:
            yield (calls[:-1], calls[-1], True)


Advance = Callable[[str, Any], Any]
"""How far time has come when an element is done that began at this time."""


@dataclass(frozen=True)
class Reached:
    """A time, and the way on which it is that late."""

    at: Any
    way: tuple[Spot, ...] = ()


def latest(
    ways: Ways, begun: Mapping[Spot, Reached], goals: frozenset[str], advance: Advance
) -> Mapping[Spot, Reached]:
    """Return for each goal that is reached how late it is done, and on which way.

    No way goes on behind a goal. ``advance`` never makes the later one of two times the earlier.
    """
    arrived: dict[Spot, Any] = {spot: one.at for spot, one in begun.items()}
    came: dict[Spot, Spot] = {}
    found: dict[Spot, Reached] = {}
    for spot in ways.order(list(begun)):
        if spot not in arrived:
            continue
        done = arrived[spot] if spot[2] else advance(spot[1], arrived[spot])
        if spot[1] in goals:
            found[spot] = Reached(done, _way(came, begun, spot))
            continue
        for target in ways.following(spot):
            if target not in arrived or (target in came and arrived[target] < done):
                arrived[target], came[target] = done, spot
    return found


def _way(came: Mapping[Spot, Spot], begun: Mapping[Spot, Reached], spot: Spot) -> tuple[Spot, ...]:
    way = [spot]
    while way[-1] in came:
        way.append(came[way[-1]])
    return (*begun[way[-1]].way[:-1], *reversed(way))
