"""Which row of its lane a node stands in: on the line of what leads to it, where that is free."""

from __future__ import annotations

from collections import defaultdict

from tools.diagram.columns import longest_ways
from tools.diagram.figure import Flow, Node, Scope

Cell = tuple[str, int, int]
NEW_ROW = 1.5


class _Grid:
    """The cells that are taken by nodes, and those an arrow is to go through."""

    def __init__(self, scope: Scope, forward: list[Flow]) -> None:
        self.scope = scope
        self.taken: set[Cell] = set()
        self.crossed: dict[Cell, int] = defaultdict(int)
        self.height: dict[str, int] = defaultdict(int)
        self.ways = longest_ways(scope, forward)
        self.before: dict[str, list[Flow]] = defaultdict(list)
        self.after: dict[str, list[Node]] = defaultdict(list)
        for flow in forward:
            self.before[scope.anchor(flow.target).id].append(flow)
            self.after[flow.source].append(scope.anchor(flow.target))

    def place(self, node: Node) -> None:
        """Choose the row that costs least."""
        rows = range(self.height[node.lane] + 1)
        node.row = min(rows, key=lambda row: (self._cost(node, row), row))
        self.height[node.lane] = max(self.height[node.lane], node.row + 1)
        for column in range(node.column, node.column + node.span):
            self.taken.add((node.lane, node.row, column))
        for flow in self.before[node.id]:
            source = self.scope.anchor(flow.source)
            for column in range(source.column + source.span, node.column):
                self.crossed[node.lane, node.row, column] += 1
        self._keep_free(node)

    def _keep_free(self, node: Node) -> None:
        """Keep the line to what the node mainly leads to from being built over."""
        here = [one for one in self.after[node.id] if one.lane == node.lane]
        if here:
            target = max(here, key=lambda one: self.ways[one.id])
            for column in range(node.column + node.span, target.column):
                self.crossed[node.lane, node.row, column] += 1

    def _cost(self, node: Node, row: int) -> float:
        cells = [(node.lane, row, c) for c in range(node.column, node.column + node.span)]
        if any(cell in self.taken for cell in cells):
            return 1000 + row
        cost = 6.0 * sum(self.crossed[cell] for cell in cells)
        if row >= self.height[node.lane]:
            cost += NEW_ROW
        flows = self.before[node.id]
        weight = 1 / max(1, len(flows))
        cost += sum(weight * self._stretch(flow, node, row) for flow in flows)
        return cost if flows else cost + row

    def _stretch(self, flow: Flow, node: Node, row: int) -> float:
        """Return how far and through what the arrow would go."""
        source = self.scope.anchor(flow.source)
        between = range(source.column + source.span, node.column)
        ways = {row, source.row} if source.lane == node.lane else {row}
        blocked = min(sum((node.lane, y, x) in self.taken for x in between) for y in ways)
        cost = min(6.0, 4.0 * blocked)
        if source.lane != node.lane:
            return cost + 0.4 * row
        wanted = source.row if self._is_main(flow, node) else source.row + 1
        if self.scope.nodes[flow.source].host:
            wanted = source.row + 1
            cost += 4 if row <= source.row else 0
        return cost + 2 * abs(row - wanted)

    def _is_main(self, flow: Flow, node: Node) -> bool:
        """Return whether the target goes on longest of all that the source leads to here."""
        here = [one for one in self.after[flow.source] if one.lane == node.lane]
        return bool(here) and max(here, key=lambda one: self.ways[one.id]).id == node.id


def set_rows(scope: Scope, forward: list[Flow]) -> None:
    """Give every node its row."""
    grid = _Grid(scope, forward)
    placed = [node for node in scope.nodes.values() if not node.host]
    flows = {one for flow in scope.flows for one in (flow.source, flow.target)}
    alone = [node for node in placed if node.id not in flows and not _has_branch(scope, node)]
    rest = [node for node in placed if node not in alone]
    rest.sort(key=lambda node: (node.column, -grid.ways[node.id]))
    for node in rest:
        grid.place(node)
    for node in alone:
        # Event sub-processes have no flow: each gets a row below all others.
        node.row = grid.height[node.lane]
        grid.height[node.lane] += 1


def _has_branch(scope: Scope, node: Node) -> bool:
    return bool(scope.boundaries(node.id))
