"""Turns columns and rows into places: how wide a column is, how high a row and a lane."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from tools.diagram.figure import LABEL_WIDTH, TASK, Box, Flow, Node, Note, Scope
from tools.diagram.wording import block_of, width_of

GUTTER = 60
TRACK = 12
APART = 13
EDGE = 24
PADDING = 26
HEADER = 30
LEAST_LANE = 120


@dataclass
class Lines:
    """Where arrows may run: down the gutters between columns, along the gaps between rows."""

    x: set[float] = field(default_factory=set)
    y: set[float] = field(default_factory=set)


def size_hosts(scope: Scope) -> None:
    """Make an activity with several events on its edge wide enough, and each span its columns."""
    for node in scope.nodes.values():
        events = len(scope.boundaries(node.id))
        width, height = node.size
        if events > 1:
            node.size = (max(width, 160 if events == 2 else 100 * _slots(events)), height)
        node.span = max(1, round((node.size[0] + GUTTER) / (TASK[0] + GUTTER + 12)))


def _slots(events: int) -> int:
    """Return into how many parts the edge is cut: an even number, the marker's middle is free."""
    return events + events % 2


def set_places(scope: Scope, *, left: float, top: float) -> tuple[Box, Lines]:
    """Give every node, note and lane its box; return the whole and the lines for arrows."""
    lines = Lines()
    right = _columns(scope, left, lines)
    _sides_of_notes(scope)
    bottom = _rows(scope, top, lines)
    for node in scope.nodes.values():
        _set_boundaries(scope, node)
    for node in scope.nodes.values():
        x, y = node.box.middle
        lines.x.add(x)
        if not node.host:
            lines.y.add(y)
    _set_notes(scope)
    return Box(left, top, right - left, bottom - top), lines


def _columns(scope: Scope, left: float, lines: Lines) -> float:
    """Give columns and the nodes in them their place from left to right; return the right end."""
    placed = [node for node in scope.nodes.values() if not node.host]
    count = max((node.column + node.span for node in placed), default=1)
    widths = [50.0] * count
    for node in placed:
        if node.span == 1:
            widths[node.column] = max(widths[node.column], node.size[0])
    gutters = [_gutter(scope, column, widths[column]) for column in range(count)]
    for node in placed:
        last = node.column + node.span - 1
        room = sum(widths[node.column : last + 1]) + sum(gutters[node.column : last])
        widths[last] += max(0, node.size[0] - room)
    starts, x = [], left + EDGE
    _tracks(lines.x, left, x)
    for width, gutter in zip(widths, gutters, strict=True):
        starts.append(x)
        _tracks(lines.x, x + width, x + width + gutter)
        x += width + gutter
    for node in placed:
        last = node.column + node.span - 1
        room = starts[last] + widths[last] - starts[node.column]
        node.box = Box(starts[node.column] + (room - node.size[0]) / 2, 0, *node.size)
    return x


def _gutter(scope: Scope, column: int, width: float) -> float:
    """Return the room to the right of a column: for arrows that turn there, and their names."""
    turns, named = 0, 0.0
    for flow, source, target in scope.arrows():
        if source.column + source.span - 1 != column:
            continue
        turns += (source.lane, source.row) != (target.lane, target.row)
        if flow.name and source.is_round:
            free = (width - source.size[0]) / 2
            named = max(named, min(LABEL_WIDTH, width_of(flow.name)) + 34 - free)
    return max(GUTTER + TRACK * max(0, min(turns, 8) - 2), named)


def _rows(scope: Scope, top: float, lines: Lines) -> float:
    """Set the height of rows and lanes; return where the last lane ends."""
    members: dict[tuple[str, int], list[Node]] = defaultdict(list)
    for node in scope.nodes.values():
        if not node.host:
            members[node.lane, node.row].append(node)
    y = top
    for lane in scope.lanes or [""]:
        begin = y
        rows = sorted(row for one, row in members if one == lane)
        for row in rows:
            up = max(_above(scope, node) for node in members[lane, row])
            down = max(_below(scope, node) for node in members[lane, row])
            _tracks(lines.y, y, y + PADDING + up - 40)
            y += PADDING + up
            for node in members[lane, row]:
                node.box = Box(node.box.x, y - node.size[1] / 2, *node.size)
            _tracks(lines.y, y + down - 12, y + down + PADDING)
            y += down + PADDING
        y = max(y, begin + LEAST_LANE)
        scope.lane_boxes[lane] = Box(0, begin, 0, y - begin)
    return y


def _above(scope: Scope, node: Node) -> float:
    """Return how much room the node needs above its line."""
    notes = [note for note in scope.notes if scope.anchor(note.on) is node and note.above]
    room = node.size[1] / 2
    if notes:
        room += sum(note.size[1] + 14 for note in notes)
    elif node.kind.endswith("Gateway") and node.name:
        room += block_of(node.name, LABEL_WIDTH)[1] + 4
    return room


def _below(scope: Scope, node: Node) -> float:
    """Return how much room the node needs below its line."""
    room = node.size[1] / 2
    notes = [note for note in scope.notes if scope.anchor(note.on) is node and not note.above]
    events = scope.boundaries(node.id)
    if events:
        room += 22 + max(block_of(event.name, LABEL_WIDTH)[1] for event in events)
    elif node.is_round and node.name:
        room += block_of(node.name, LABEL_WIDTH)[1] + 6
    return room + sum(note.size[1] + 14 for note in notes)


def _sides_of_notes(scope: Scope) -> None:
    """Let notes stand above their nodes, but below where one above would be in the way."""
    before: list[Note] = []
    for note in sorted(scope.notes, key=lambda one: scope.anchor(one.on).column):
        node = scope.anchor(note.on)
        x = node.box.middle[0]
        for other in before:
            beside = scope.anchor(other.on)
            near = abs(beside.box.middle[0] - x) < (note.size[0] + other.size[0]) / 2 + 8
            if near and other.above and (beside.lane, beside.row) == (node.lane, node.row):
                note.above = False
        before.append(note)


def _set_boundaries(scope: Scope, host: Node) -> None:
    """Spread the events over the lower edge, so that their ways down do not cross."""
    events = scope.boundaries(host.id)
    if not events:
        return

    def depth(event: Node) -> tuple[float, float]:
        targets = [scope.anchor(f.target) for f in scope.flows if f.source == event.id]
        middle = max((one.box.middle for one in targets), default=(0, 0), key=lambda at: at[1])
        return (-middle[1], middle[0])

    events.sort(key=depth)
    slots = _slots(len(events))
    step = host.size[0] / slots
    for number, event in enumerate(events, start=slots - len(events)):
        x = host.box.x + step * (number + 0.5)
        event.box = Box(x - 18, host.box.bottom - 18, 36, 36)


def _set_notes(scope: Scope) -> None:
    stacked: dict[tuple[str, bool], float] = defaultdict(float)
    for note in scope.notes:
        node = scope.anchor(note.on)
        width, height = note.size
        x = node.box.middle[0] - width / 2
        used = stacked[node.id, note.above]
        y = node.box.y - 14 - height - used if note.above else node.box.bottom + 40 + used
        stacked[node.id, note.above] += height + 14
        note.box = Box(x, y, width, height)


def _tracks(lines: set[float], begin: float, end: float) -> None:
    """Add lines between two borders, a little apart from each other and from both."""
    count = int((end - begin - 2 * APART) // TRACK) + 1
    if count < 1:
        lines.add((begin + end) / 2)
        return
    first = (begin + end) / 2 - (count - 1) * TRACK / 2
    lines.update(first + number * TRACK for number in range(count))


def turned(flow: Flow, dx: float, dy: float) -> None:
    """Move an arrow that is drawn already."""
    flow.points = [(x + dx, y + dy) for x, y in flow.points]
    flow.label = flow.label.moved(dx, dy) if flow.label else None


def moved(note: Note, dx: float, dy: float) -> None:
    """Move a note that is drawn already."""
    note.box = note.box.moved(dx, dy)
