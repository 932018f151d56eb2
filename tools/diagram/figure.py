"""What of a diagram is drawn: its scopes, nodes, arrows and notes, and where each stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from tools.diagram.wording import block_of
from workflows.engine.markup import children, find_all, tag

SIZES = {"Event": (36, 36), "Gateway": (50, 50)}
TASK = (100, 80)
NOTE_WIDTH = 240
LABEL_WIDTH = 88


@dataclass
class Box:
    """A rectangle by its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Return the right border."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Return the lower border."""
        return self.y + self.height

    @property
    def middle(self) -> tuple[float, float]:
        """Return the centre."""
        return self.x + self.width / 2, self.y + self.height / 2

    def grown(self, by: float) -> Box:
        """Return the box with a margin around it."""
        return Box(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)

    def meets(self, other: Box) -> bool:
        """Return whether the two share any area."""
        return (
            self.x < other.right
            and other.x < self.right
            and self.y < other.bottom
            and other.y < self.bottom
        )

    def moved(self, dx: float, dy: float) -> Box:
        """Return the box at another place."""
        return Box(self.x + dx, self.y + dy, self.width, self.height)


@dataclass
class Node:
    """A box, circle or diamond; a sub-process holds the scope that is drawn inside it."""

    id: str
    kind: str
    name: str
    host: str = ""
    lane: str = ""
    inside: Scope | None = None
    column: int = 0
    span: int = 1
    row: int = 0
    size: tuple[float, float] = TASK
    box: Box = field(default_factory=lambda: Box(0, 0, 0, 0))

    @property
    def is_round(self) -> bool:
        """Return whether the name stands outside the shape."""
        return self.kind.endswith(("Event", "Gateway"))


@dataclass
class Flow:
    """An arrow and the points it goes through."""

    id: str
    source: str
    target: str
    name: str = ""
    points: list[tuple[float, float]] = field(default_factory=list)
    label: Box | None = None


@dataclass
class Note:
    """A text beside a node."""

    id: str
    text: str
    on: str
    association: str
    size: tuple[float, float] = (0, 0)
    box: Box = field(default_factory=lambda: Box(0, 0, 0, 0))
    above: bool = True


@dataclass
class Scope:
    """A process or the inside of a sub-process."""

    id: str
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    lanes: list[str] = field(default_factory=list)
    lane_boxes: dict[str, Box] = field(default_factory=dict)
    labels: dict[str, Box] = field(default_factory=dict)

    def boundaries(self, host: str) -> list[Node]:
        """Return the events on the edge of a node, in the order of the file."""
        return [node for node in self.nodes.values() if node.host == host]

    def anchor(self, node_id: str) -> Node:
        """Return the node that has a place of its own: for an event on an edge its activity."""
        node = self.nodes[node_id]
        return self.nodes[node.host] if node.host else node

    def arrows(self) -> Iterator[tuple[Flow, Node, Node]]:
        """Yield each flow with the placed nodes at its ends."""
        for flow in self.flows:
            yield flow, self.anchor(flow.source), self.anchor(flow.target)


@dataclass
class Figure:
    """A whole file: one process in its pool, and the pools of others above and below."""

    plane: str
    process: str
    pool: str
    scope: Scope
    above: list[str]
    below: list[str]
    messages: list[Flow]
    boxes: dict[str, Box] = field(default_factory=dict)


class FigureError(ValueError):
    """A file that cannot be laid out; says why."""


def read_figure(root: etree._Element) -> Figure:
    """Return what is to be drawn. Raises FigureError for several processes in one file."""
    processes = find_all(root, "process")
    if len(processes) != 1:
        raise FigureError(f"one process per file is laid out, this one has {len(processes)}")
    process = processes[0]
    identity = str(process.get("id"))
    scope = _scope(process)
    _set_lanes(scope, process)
    pool, others = "", []
    for participant in find_all(root, "participant"):
        if participant.get("processRef") == identity:
            pool = str(participant.get("id"))
        else:
            others.append(str(participant.get("id")))
    messages = [_flow(one) for one in find_all(root, "messageFlow")]
    for end in (end for one in messages for end in (one.source, one.target)):
        if end not in scope.nodes and end not in others:
            raise FigureError(f"a message names {end}: no pool, and no step outside sub-processes")
    plane = str(next(iter(find_all(root, "collaboration")), process).get("id"))
    return Figure(plane, identity, pool, scope, others[::2], others[1::2], messages)


def _set_lanes(scope: Scope, process: etree._Element) -> None:
    for lane in find_all(process, "lane"):
        scope.lanes.append(str(lane.get("id")))
        for reference in children(lane, "flowNodeRef"):
            scope.nodes[(reference.text or "").strip()].lane = str(lane.get("id"))
    for node in scope.nodes.values():
        node.lane = node.lane or (scope.lanes[0] if scope.lanes else "")


def _scope(element: etree._Element) -> Scope:
    scope = Scope(str(element.get("id")))
    texts = {one.get("id"): one for one in children(element, "textAnnotation")}
    for child in element:
        kind = tag(child)
        if kind.endswith(("Event", "Gateway", "Task", "Activity")) or kind in (
            "task",
            "subProcess",
            "transaction",
        ):
            node = _node(child, kind)
            scope.nodes[node.id] = node
    scope.flows = [_flow(one) for one in children(element, "sequenceFlow")]
    for one in children(element, "association"):
        ends = [str(one.get("sourceRef")), str(one.get("targetRef"))]
        note = next((end for end in ends if end in texts), None)
        on = next((end for end in ends if end in scope.nodes), None)
        if note and on:
            text = texts.pop(note)
            said = "".join(text.itertext()).strip()
            blocks = [block_of(line, NOTE_WIDTH) for line in said.splitlines() or [""]]
            made = Note(note, said, on, str(one.get("id")))
            width = max(block[0] for block in blocks)
            made.size = (max(100, width + 18), sum(block[1] for block in blocks) + 12)
            scope.notes.append(made)
    if texts:
        raise FigureError(
            f"tie these notes to a node with an association: {sorted(map(str, texts))}"
        )
    return scope


def _node(element: etree._Element, kind: str) -> Node:
    node = Node(str(element.get("id")), kind, " ".join(element.get("name", "").split()))
    node.host = element.get("attachedToRef", "")
    node.size = next((size for end, size in SIZES.items() if kind.endswith(end)), TASK)
    if kind in ("subProcess", "transaction"):
        node.inside = _scope(element)
    return node


def _flow(element: etree._Element) -> Flow:
    said = [element.get(key, "") for key in ("id", "sourceRef", "targetRef", "name")]
    return Flow(*said)
