"""Finds each arrow its way: at right angles, around all shapes, with few turns and crossings."""

from __future__ import annotations

import heapq
import itertools
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tools.diagram.figure import Box, Flow
from tools.diagram.places import Lines

Point = tuple[float, float]
State = tuple[int, int, int]
RIGHT, DOWN, LEFT, UP = range(4)
STEPS = ((1, 0), (0, 1), (-1, 0), (0, -1))
TURN, CROSS, SHARE, LABEL = 45.0, 30.0, 9.0, 1.2
KNOT = 160.0
CHEAPEST = 0.7
"""What a stretch costs at least for its length, on top of arrows with the same end."""
MARGIN = 7
INFINITE = float("inf")


@dataclass(frozen=True)
class Port:
    """A point on the border of a shape, the way out of it, and what it costs to use it."""

    at: Point
    way: int
    cost: float
    key: str
    shared: float = 25.0
    """What it costs a second arrow to leave here."""


class Router:
    """The lines of a drawing, what stands in the way, and the arrows drawn so far."""

    def __init__(self, lines: Lines, walls: Iterable[Box], soft: Iterable[Box]) -> None:
        self.xs = sorted(lines.x)
        self.ys = sorted(lines.y)
        self.walls: set[State] = set()
        self.soft: dict[State, float] = defaultdict(float)
        self.used: dict[State, list[Flow]] = defaultdict(list)
        self.at: dict[tuple[int, int, int], list[Flow]] = defaultdict(list)
        self.turns: dict[tuple[int, int], list[Flow]] = defaultdict(list)
        self.ports: dict[str, list[str]] = defaultdict(list)
        for box in walls:
            self.walls.update(self._edges_in(box.grown(MARGIN)))
        for box in soft:
            for edge in self._edges_in(box):
                self.soft[edge] += LABEL

    def draw(self, flow: Flow, sources: list[Port], targets: list[Port]) -> bool:
        """Set the points of the arrow; return whether there was a way."""
        goals: dict[tuple[int, int], list[Port]] = defaultdict(list)
        for port in targets:
            spot = self._enter(port)
            if spot:
                goals[spot].append(port)
        found = self._search(flow, sources, goals)
        if found is None:
            return False
        source, spots, target = found
        self.ports[source.key].append("out")
        self.ports[target.key].append("in")
        self._remember(flow, spots, (source.way % 2, target.way % 2))
        inner = [(self.xs[x], self.ys[y]) for x, y in spots]
        flow.points = straight([source.at, *inner, target.at])
        return True

    def _search(
        self, flow: Flow, sources: list[Port], goals: dict[tuple[int, int], list[Port]]
    ) -> tuple[Port, list[tuple[int, int]], Port] | None:
        """Return the cheapest way, by A* over crossings of lines and directions."""
        ahead = self._outlook(goals)
        best, came = self._begin(sources)
        count = itertools.count()
        queue: list[tuple[float, int, State, Port | None]] = [
            (cost + ahead(state), next(count), state, None) for state, cost in best.items()
        ]
        heapq.heapify(queue)
        while queue:
            guess, _, at, end = heapq.heappop(queue)
            if end is not None:
                return self._way(at, came, end)
            cost = best[at]
            if guess > cost + ahead(at) + 0.001:
                continue
            for port, more in self._ends(at, goals):
                heapq.heappush(queue, (cost + more, next(count), at, port))
            for state, more in self._steps(flow, at):
                if cost + more < best.get(state, INFINITE):
                    best[state], came[state] = cost + more, at
                    heapq.heappush(queue, (best[state] + ahead(state), next(count), state, None))
        return None

    def _outlook(self, goals: dict[tuple[int, int], list[Port]]) -> Callable[[State], float]:
        """Return how to reckon the least that the rest of the way can cost."""
        spots = [(self.xs[x], self.ys[y]) for x, y in goals]
        known: dict[tuple[int, int], float] = {}

        def ahead(state: State) -> float:
            spot = state[:2]
            if spot not in known:
                x, y = self.xs[spot[0]], self.ys[spot[1]]
                known[spot] = CHEAPEST * min(abs(x - u) + abs(y - v) for u, v in spots)
            return known[spot]

        return ahead

    def _begin(self, sources: list[Port]) -> tuple[dict[State, float], dict[State, State | Port]]:
        best: dict[State, float] = {}
        came: dict[State, State | Port] = {}
        for port in sources:
            spot = self._enter(port)
            if spot is None:
                continue
            state = (*spot, port.way)
            cost = self._port_cost(port, "out") + self._reach(port, spot)
            if cost < best.get(state, INFINITE):
                best[state], came[state] = cost, port
        return best, came

    def _ends(
        self, state: State, goals: dict[tuple[int, int], list[Port]]
    ) -> Iterator[tuple[Port, float]]:
        for port in goals.get(state[:2], ()):
            turn = (port.way + 2 - state[2]) % 4
            if turn != 2:
                cost = self._port_cost(port, "in") + self._reach(port, state[:2])
                yield port, cost + (TURN if turn else 0)

    def _steps(self, flow: Flow, state: State) -> Iterator[tuple[State, float]]:
        x, y, way = state
        for turn in (0, 1, 3):
            onward = (way + turn) % 4
            dx, dy = STEPS[onward]
            nx, ny = x + dx, y + dy
            if not (0 <= nx < len(self.xs) and 0 <= ny < len(self.ys)):
                continue
            edge = (min(x, nx), min(y, ny), onward % 2)
            if edge in self.walls:
                continue
            length = abs(self.xs[nx] - self.xs[x]) + abs(self.ys[ny] - self.ys[y])
            cost = length * (1 + self.soft.get(edge, 0)) + (TURN if turn else 0)
            cost += self._company(flow, edge, length)
            others = self.at.get((nx, ny, 1 - onward % 2))
            if others:
                cost += CROSS * sum(not _related(flow, one) for one in others)
            cost += self._knots(flow, (nx, ny))
            if turn and self._is_passed(flow, (x, y)):
                cost += KNOT
            yield (nx, ny, onward), cost

    def _knots(self, flow: Flow, spot: tuple[int, int]) -> float:
        """Return what it costs to come where another arrow turns: they would look like one."""
        return KNOT * sum(not _related(flow, one) for one in self.turns.get(spot, ()))

    def _is_passed(self, flow: Flow, spot: tuple[int, int]) -> bool:
        return any(
            not _related(flow, one) for way in (0, 1) for one in self.at.get((*spot, way), ())
        )

    def _company(self, flow: Flow, edge: State, length: float) -> float:
        """Return what it costs to run on top of other arrows."""
        cost = 0.0
        for other in self.used.get(edge, ()):
            if other.target == flow.target:
                cost -= 0.15 * length
            elif other.source == flow.source:
                cost -= 0.1 * length
            else:
                cost += SHARE * length + 60
        return max(cost, (CHEAPEST - 1) * length)

    def _port_cost(self, port: Port, way: str) -> float:
        cost = port.cost
        for used in self.ports.get(port.key, ()):
            cost += (port.shared if way == "out" else 0) if used == way else 160
        return cost

    def _reach(self, port: Port, spot: tuple[int, int]) -> float:
        x, y = self.xs[spot[0]], self.ys[spot[1]]
        return abs(x - port.at[0]) + abs(y - port.at[1])

    def _enter(self, port: Port) -> tuple[int, int] | None:
        """Return the first crossing of lines straight out of the port."""
        along_x = port.way in (RIGHT, LEFT)
        fixed, moving = (self.ys, self.xs) if along_x else (self.xs, self.ys)
        at = port.at[1] if along_x else port.at[0]
        start = port.at[0] if along_x else port.at[1]
        index = bisect_left(fixed, at - 0.01)
        if index >= len(fixed) or abs(fixed[index] - at) > 0.01:
            return None
        ahead = port.way in (RIGHT, DOWN)
        other = (
            bisect_right(moving, start + MARGIN)
            if ahead
            else (bisect_left(moving, start - MARGIN) - 1)
        )
        if not 0 <= other < len(moving):
            return None
        return (other, index) if along_x else (index, other)

    def _edges_in(self, box: Box) -> Iterator[State]:
        """Yield the pieces of line that touch the inside of the box."""
        left = max(0, bisect_right(self.xs, box.x) - 1)
        right = bisect_left(self.xs, box.right)
        top = max(0, bisect_right(self.ys, box.y) - 1)
        bottom = bisect_left(self.ys, box.bottom)
        for x in range(left, right):
            for y in range(top, bottom + 1):
                if y < len(self.ys) and box.y < self.ys[y] < box.bottom:
                    yield (x, y, 0)
        for y in range(top, bottom):
            for x in range(left, right + 1):
                if x < len(self.xs) and box.x < self.xs[x] < box.right:
                    yield (x, y, 1)

    def _way(
        self, state: State, came: dict[State, State | Port], target: Port
    ) -> tuple[Port, list[tuple[int, int]], Port]:
        spots = [state[:2]]
        step = came[state]
        while not isinstance(step, Port):
            spots.append(step[:2])
            step = came[step]
        return step, spots[::-1], target

    def _remember(self, flow: Flow, spots: list[tuple[int, int]], ends: tuple[int, int]) -> None:
        """Keep where the arrow runs and turns; ``ends`` are its ways at both borders."""
        ways = [ends[0]]
        for (x, y), (nx, ny) in zip(spots, spots[1:], strict=False):
            ways.append(0 if y == ny else 1)
            self.used[min(x, nx), min(y, ny), ways[-1]].append(flow)
        ways.append(ends[1])
        for spot, before, behind in zip(spots, ways, ways[1:], strict=False):
            for way in {before, behind}:
                self.at[*spot, way].append(flow)
            if before != behind:
                self.turns[spot].append(flow)


def _related(one: Flow, other: Flow) -> bool:
    return one.source == other.source or one.target == other.target


def straight(points: list[Point]) -> list[Point]:
    """Return the points without those that lie on a straight line between others."""
    kept: list[Point] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        while len(kept) > 1 and (
            kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]
        ):
            kept.pop()
        kept.append(point)
    return kept
