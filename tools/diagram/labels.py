"""Finds names of shapes and arrows a place that covers nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tools.diagram.figure import LABEL_WIDTH, Box, Flow, Node, Scope
from tools.diagram.wording import block_of

Point = tuple[float, float]


class Room:
    """What stands where, so that a name can avoid it."""

    def __init__(self, scope: Scope, messages: list[Flow]) -> None:
        self.shapes = [node.box for node in scope.nodes.values()]
        self.shapes += [note.box for note in scope.notes]
        self.names: list[Box] = []
        self.pieces = [
            piece for flow in (*scope.flows, *messages) for piece in _pieces(flow.points)
        ]

    def best(self, places: Iterator[tuple[float, Box]]) -> Box:
        """Return the place that covers least, and keep it free of other names."""
        found = min(places, key=lambda place: place[0] + self._covered(place[1]))[1]
        self.names.append(found)
        return found

    def _covered(self, box: Box) -> float:
        cost = 90.0 * sum(box.grown(-1).meets(shape) for shape in self.shapes)
        cost += 40.0 * sum(box.grown(-1).meets(name) for name in self.names)
        return cost + 15.0 * sum(box.grown(-1).meets(piece) for piece in self.pieces)


def place_labels(scope: Scope, messages: list[Flow], lane_borders: list[float]) -> None:
    """Give each name outside a shape, and each name of an arrow, its place."""
    room = Room(scope, messages)
    if scope.lane_boxes:
        left = min(box.x for box in scope.lane_boxes.values())
        right = max(box.right for box in scope.lane_boxes.values())
        room.pieces += [Box(left, y - 1, right - left, 2) for y in lane_borders]
    for node in scope.nodes.values():
        if node.is_round and node.name:
            scope.labels[node.id] = room.best(_around(node))
    for flow in (*scope.flows, *messages):
        if flow.name and flow.points:
            twins = [one for one in scope.flows if one.source == flow.source and one is not flow]
            flow.label = room.best(_along(flow, max(map(_shared_with(flow), twins), default=0)))


def _around(node: Node) -> Iterator[tuple[float, Box]]:
    """Yield places beside a shape, the usual one first."""
    width, height = block_of(node.name, LABEL_WIDTH)
    x, box = node.box.middle[0], node.box
    below = Box(x - width / 2, box.bottom + 4, width, height)
    above = Box(x - width / 2, box.y - 4 - height, width, height)
    beside = 6 if node.kind.endswith("Event") else 4
    corners = [
        Box(x + beside, box.bottom + 2, width, height),
        Box(x - beside - width, box.bottom + 2, width, height),
        Box(x + beside, box.y - 2 - height, width, height),
        Box(x - beside - width, box.y - 2 - height, width, height),
    ]
    if node.host:
        yield 0, corners[0]
        yield 1, corners[1]
        yield 6, below
        for corner in corners[:2]:
            yield 4, corner.moved(0, 16)
            yield 8, corner.moved(0, 32)
        return
    first, second = (below, above) if node.kind.endswith("Event") else (above, below)
    yield 0, first
    yield 2, second
    yield from enumerate(corners, start=4)
    if node.kind.endswith("Gateway"):
        yield 5, Box(box.right - 10, box.y - height + 6, width, height)
        yield 5, Box(box.right - 10, box.bottom - 6, width, height)


def _shared_with(flow: Flow) -> Callable[[Flow], float]:
    """Return how to reckon the length that an arrow runs on top of this one from the start."""

    def shared(other: Flow) -> float:
        length = 0.0
        pairs = zip(_steps(flow), _steps(other), strict=False)
        for (one, two), (three, four) in pairs:
            if one != three or _way(one, two) != _way(three, four):
                break
            length += min(_length(one, two), _length(three, four))
            if two != four:
                break
        return length

    return shared


def _steps(flow: Flow) -> Iterator[tuple[Point, Point]]:
    return zip(flow.points, flow.points[1:], strict=False)


def _length(one: Point, two: Point) -> float:
    return abs(two[0] - one[0]) + abs(two[1] - one[1])


def _way(one: Point, two: Point) -> tuple[bool, bool, bool]:
    return two[0] > one[0], two[1] > one[1], two[1] == one[1]


def _along(flow: Flow, shared: float) -> Iterator[tuple[float, Box]]:
    """Yield places along an arrow, close to where it begins to run alone first."""
    width, height = block_of(flow.name, LABEL_WIDTH)
    way = 0.0
    for number, (one, two) in enumerate(zip(flow.points, flow.points[1:], strict=False)):
        length = abs(two[0] - one[0]) + abs(two[1] - one[1])
        for at in range(0, max(1, int(length)), 20):
            cost = (way + at) / 25 + number + (60 if way + at < shared else 0)
            yield from ((cost + more, box) for more, box in _beside(one, two, at, (width, height)))
        way += length


def _beside(
    one: Point, two: Point, at: float, size: tuple[int, int]
) -> Iterator[tuple[float, Box]]:
    width, height = size
    if one[1] == two[1]:
        x = one[0] + 14 + at if two[0] >= one[0] else one[0] - 14 - at - width
        over = max(0.0, width + at + 14 - abs(two[0] - one[0])) / 4
        yield over, Box(x, one[1] - height - 3, width, height)
        yield over + 1.5, Box(x, one[1] + 3, width, height)
    else:
        y = one[1] + 4 + at if two[1] >= one[1] else one[1] - 4 - at - height
        over = max(0.0, height + at + 4 - abs(two[1] - one[1])) / 4
        yield over, Box(one[0] + 5, y, width, height)
        yield over + 0.5, Box(one[0] - 5 - width, y, width, height)


def _pieces(points: list[Point]) -> Iterator[Box]:
    for (x, y), (u, v) in zip(points, points[1:], strict=False):
        yield Box(min(x, u) - 1, min(y, v) - 1, abs(u - x) + 2, abs(v - y) + 2)
