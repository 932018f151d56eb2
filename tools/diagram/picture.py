"""Lays a figure out from the inside to the outside, and writes the picture's part of the file."""

from __future__ import annotations

from collections.abc import Iterator

from tools.diagram.arrows import draw_flows, draw_messages, speaking_lines
from tools.diagram.columns import forward_flows, set_columns
from tools.diagram.figure import Box, Figure, Flow, Node, Note, Scope
from tools.diagram.labels import place_labels
from tools.diagram.places import HEADER, Lines, moved, set_places, size_hosts, turned
from tools.diagram.routes import Router
from tools.diagram.rows import set_rows

LEFT, TOP = 160, 80
POOL, APART = 60, 60


def lay_out(figure: Figure) -> None:
    """Give everything in the figure its place."""
    _lay_out_inside(figure.scope)
    top = TOP + len(figure.above) * (POOL + APART)
    whole, lines = _grid(figure.scope, LEFT + 2 * HEADER, top)
    pool = Box(LEFT, top, whole.right - LEFT, whole.height)
    figure.boxes[figure.pool] = pool
    for box in figure.scope.lane_boxes.values():
        box.x, box.width = LEFT + HEADER, pool.width - HEADER
    for number, other in enumerate(reversed(figure.above), start=1):
        y = pool.y - number * (POOL + APART)
        figure.boxes[other] = Box(LEFT, y, pool.width, POOL)
    for number, other in enumerate(figure.below):
        y = pool.bottom + APART + number * (POOL + APART)
        figure.boxes[other] = Box(LEFT, y, pool.width, POOL)
    for flow in figure.messages:
        for end in {flow.source, flow.target} & set(figure.scope.nodes):
            lines.x.update(speaking_lines(figure.scope.nodes[end]))
    router = _draw(figure.scope, lines, pool)
    draw_messages(figure, router)
    borders = [box.y for box in figure.scope.lane_boxes.values()]
    place_labels(figure.scope, figure.messages, [*borders, pool.bottom])


def _lay_out_inside(scope: Scope) -> None:
    """Lay out sub-processes first, because their size decides what is around them."""
    for node in scope.nodes.values():
        inside = node.inside
        if inside is None:
            continue
        _lay_out_inside(inside)
        whole, lines = _grid(inside, 0, 22)
        _draw(inside, lines, whole)
        place_labels(inside, [], [])
        node.size = (whole.width, whole.height + 30)


def _grid(scope: Scope, left: float, top: float) -> tuple[Box, Lines]:
    size_hosts(scope)
    forward = forward_flows(scope)
    set_columns(scope, forward)
    set_rows(scope, forward)
    return set_places(scope, left=left, top=top)


def _draw(scope: Scope, lines: Lines, around: Box) -> Router:
    for node in scope.nodes.values():
        if node.inside:
            _move(node.inside, node.box.x, node.box.y)
    lines.y.update({around.y - 20, around.bottom + 20})
    return draw_flows(scope, lines)


def _move(scope: Scope, dx: float, dy: float) -> None:
    """Move the inside of a sub-process to where its frame stands."""
    for node in scope.nodes.values():
        node.box = node.box.moved(dx, dy)
        if node.inside:
            _move(node.inside, dx, dy)
    for flow in scope.flows:
        turned(flow, dx, dy)
    for note in scope.notes:
        moved(note, dx, dy)
    scope.labels = {name: box.moved(dx, dy) for name, box in scope.labels.items()}


def picture_of(figure: Figure) -> Iterator[str]:
    """Yield the lines of the picture."""
    yield f'  <bpmndi:BPMNDiagram id="diagram_{figure.process}">'
    plane = f'id="plane_{figure.process}" bpmnElement="{figure.plane}"'
    yield f"    <bpmndi:BPMNPlane {plane}>"
    flat = ' isHorizontal="true"'
    pools = [figure.pool, *figure.above, *figure.below] if figure.pool else []
    yield from _shape(figure.pool, figure.boxes[figure.pool], flat) if pools else ()
    for lane in figure.scope.lanes:
        yield from _shape(lane, figure.scope.lane_boxes[lane], flat)
    for pool in pools[1:]:
        yield from _shape(pool, figure.boxes[pool], flat)
    yield from _nodes(figure.scope)
    yield from _edges(figure.scope)
    for flow in figure.messages:
        yield from _edge(flow)
    yield "    </bpmndi:BPMNPlane>"
    yield "  </bpmndi:BPMNDiagram>"


def _nodes(scope: Scope) -> Iterator[str]:
    """Yield activities before the events on their edges, which are drawn on top."""
    for node in sorted(scope.nodes.values(), key=lambda one: bool(one.host)):
        yield from _shape(node.id, node.box, _more(node), scope.labels.get(node.id))
        if node.inside:
            yield from _nodes(node.inside)
    for note in scope.notes:
        yield from _shape(note.id, note.box)


def _more(node: Node) -> str:
    if node.kind == "exclusiveGateway":
        return ' isMarkerVisible="true"'
    return ' isExpanded="true"' if node.inside else ""


def _edges(scope: Scope) -> Iterator[str]:
    for flow in scope.flows:
        yield from _edge(flow)
    for note in scope.notes:
        yield from _edge(_tie(scope, note))
    for node in scope.nodes.values():
        if node.inside:
            yield from _edges(node.inside)


def _tie(scope: Scope, note: Note) -> Flow:
    """Return the line between a note and its node."""
    box = scope.nodes[note.on].box
    x = box.middle[0]
    ends = (box.y, note.box.bottom) if note.above else (box.bottom, note.box.y)
    return Flow(note.association, note.on, note.id, points=[(x, ends[0]), (x, ends[1])])


def _shape(identity: str, box: Box, more: str = "", label: Box | None = None) -> Iterator[str]:
    yield f'      <bpmndi:BPMNShape id="{identity}_di" bpmnElement="{identity}"{more}>'
    yield f"        {_bounds(box)}"
    yield from _label(label)
    yield "      </bpmndi:BPMNShape>"


def _edge(flow: Flow) -> Iterator[str]:
    yield f'      <bpmndi:BPMNEdge id="{flow.id}_di" bpmnElement="{flow.id}">'
    for x, y in flow.points:
        yield f'        <di:waypoint x="{round(x)}" y="{round(y)}" />'
    yield from _label(flow.label)
    yield "      </bpmndi:BPMNEdge>"


def _label(box: Box | None) -> Iterator[str]:
    if box:
        yield "        <bpmndi:BPMNLabel>"
        yield f"          {_bounds(box)}"
        yield "        </bpmndi:BPMNLabel>"


def _bounds(box: Box) -> str:
    place = f'x="{round(box.x)}" y="{round(box.y)}"'
    return f'<dc:Bounds {place} width="{round(box.width)}" height="{round(box.height)}" />'
