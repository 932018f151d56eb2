"""Where arrows may leave and enter each shape, and in which order they are drawn."""

from __future__ import annotations

from dataclasses import replace

from tools.diagram.figure import LABEL_WIDTH, Box, Figure, Flow, Node, Scope
from tools.diagram.places import Lines
from tools.diagram.routes import DOWN, LEFT, RIGHT, UP, Port, Router
from tools.diagram.wording import block_of

LEAVE = {
    "Gateway": {RIGHT: 0.0, DOWN: 20.0, UP: 25.0},
    "": {RIGHT: 0.0, DOWN: 90.0, UP: 130.0},
}
ENTER = {
    "Gateway": {LEFT: 0.0, UP: 10.0, DOWN: 20.0},
    "": {LEFT: 0.0, UP: 70.0, DOWN: 90.0},
}
WRONG_WAY = 120.0
"""What it costs to set out upwards for something that stands further down, or the reverse."""


def draw_flows(scope: Scope, lines: Lines) -> Router:
    """Draw the flows of a scope, short ones first and those that lead back last."""
    walls = [node.box for node in scope.nodes.values()]
    walls += [note.box for note in scope.notes]
    router = Router(lines, walls, _names(scope))
    for flow in sorted(scope.flows, key=lambda one: _effort(scope, one)):
        source, target = scope.nodes[flow.source], scope.nodes[flow.target]
        count = sum(one.source == flow.source for one in scope.flows)
        ends = _leaving(source, target, count), _entering(source, target)
        if not router.draw(flow, *ends):
            flow.points = _bent(source.box, target.box)
    return router


def draw_messages(figure: Figure, router: Router) -> None:
    """Draw the arrows to and from the pools of others, last of all."""
    for flow in figure.messages:
        ends = []
        for end in (flow.source, flow.target):
            pool = figure.boxes.get(end) if end not in figure.scope.nodes else None
            ends.append(_on_pool(pool, router) if pool else _speaking(figure.scope, end))
        if not router.draw(flow, *ends):
            flow.points = [ends[0][0].at, ends[1][0].at]


def _effort(scope: Scope, flow: Flow) -> tuple[bool, float]:
    one, two = scope.anchor(flow.source), scope.anchor(flow.target)
    back = two.column <= one.column and not scope.nodes[flow.source].host
    (x, y), (u, v) = one.box.middle, two.box.middle
    return back, abs(u - x) + 3 * abs(v - y)


def _names(scope: Scope) -> list[Box]:
    """Return about where the names outside shapes will stand."""
    boxes = []
    for node in scope.nodes.values():
        if not (node.is_round and node.name):
            continue
        width, height = block_of(node.name, LABEL_WIDTH)
        x = node.box.middle[0] + 4 if node.host else node.box.middle[0] - width / 2
        is_gateway = node.kind.endswith("Gateway")
        y = node.box.y - height - 4 if is_gateway else node.box.bottom + 3
        boxes.append(Box(x, y, width, height))
    return boxes


def _sides(node: Node, costs: dict[int, float]) -> list[Port]:
    (x, y), box = node.box.middle, node.box
    points = {RIGHT: (box.right, y), DOWN: (x, box.bottom), LEFT: (box.x, y), UP: (x, box.y)}
    return [Port(points[way], way, cost, f"{node.id} {way}") for way, cost in costs.items()]


def _leaving(node: Node, target: Node, count: int) -> list[Port]:
    """Return where an arrow may leave; up to three of one diamond are kept apart."""
    if node.host:
        return _sides(node, {DOWN: 0.0})
    costs = dict(LEAVE["Gateway" if node.kind.endswith("Gateway") else ""])
    away = UP if target.box.middle[1] >= node.box.middle[1] else DOWN
    costs[away] += WRONG_WAY * (target.box.middle[0] > node.box.middle[0])
    return [replace(port, shared=110 if count <= 3 else 25) for port in _sides(node, costs)]


def _entering(source: Node, node: Node) -> list[Port]:
    costs = dict(ENTER["Gateway" if node.kind.endswith("Gateway") else ""])
    if node.host:
        return []
    away = UP if source.box.middle[1] > node.box.middle[1] else DOWN
    costs[away] += WRONG_WAY * (node.box.middle[0] > source.box.middle[0])
    return _sides(node, costs)


def _speaking(scope: Scope, node_id: str) -> list[Port]:
    """Return where messages arrive at or leave a node, away from the events on its edge."""
    node = scope.nodes[node_id]
    events = [event.box.middle[0] for event in scope.boundaries(node_id)]
    if node.host:
        x, y = node.box.middle
        return [Port((x + 9, y + 15.6), DOWN, 0.0, f"{node.id} message")]
    ports = _sides(node, {UP: 0.0, DOWN: 0.0, LEFT: 300.0, RIGHT: 300.0})
    for x in speaking_lines(node):
        ports.append(Port((x, node.box.y), UP, 5.0, f"{node.id} up {x}"))
        if all(abs(x - event) > 26 for event in events):
            ports.append(Port((x, node.box.bottom), DOWN, 5.0, f"{node.id} down {x}"))
    return ports


def speaking_lines(node: Node) -> list[float]:
    """Return where else than in the middle a message may meet the upper or lower edge."""
    if node.host:
        return [node.box.middle[0] + 9]
    return [] if node.is_round else [node.box.x + 25, node.box.right - 25]


def _on_pool(pool: Box, router: Router) -> list[Port]:
    """Return a port at each line that meets the pool."""
    is_above = pool.bottom <= router.ys[0] + 1
    y, way = (pool.bottom, DOWN) if is_above else (pool.y, UP)
    inside = [x for x in router.xs if pool.x + 40 < x < pool.right]
    return [Port((x, y), way, 0.0, f"{pool.x} {pool.y} {x}") for x in inside]


def _bent(one: Box, two: Box) -> list[tuple[float, float]]:
    """Return a plain way for the case that no free one was found."""
    (x, y), (u, v) = one.middle, two.middle
    begin = one.right if u >= x else one.x
    end = two.x if u >= x else two.right
    half = (begin + end) / 2
    return [(begin, y), (half, y), (half, v), (end, v)]
