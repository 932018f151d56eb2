"""Which column a node stands in: as far to the right as its longest way from a start."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from tools.diagram.figure import Flow, Scope

Steps = dict[str, list[str]]


def forward_flows(scope: Scope) -> list[Flow]:
    """Return the flows that do not lead back to where the way has been already."""
    out: dict[str, list[tuple[str, Flow]]] = defaultdict(list)
    entered = set()
    for flow, source, target in scope.arrows():
        out[source.id].append((target.id, flow))
        entered.add(target.id)
    placed = [node.id for node in scope.nodes.values() if not node.host]
    backward: set[str] = set()
    finished: set[str] = set()
    for origin in sorted(placed, key=lambda one: one in entered):
        if origin not in finished:
            _walk(origin, out, finished, backward)
    return [flow for flow in scope.flows if flow.id not in backward]


def _walk(
    origin: str,
    out: dict[str, list[tuple[str, Flow]]],
    finished: set[str],
    backward: set[str],
) -> None:
    """Go down every way from the origin; a flow to a node of the present way leads back."""
    path = [origin]
    ways = [iter(out[origin])]
    while path:
        step = next(ways[-1], None)
        if step is None:
            finished.add(path.pop())
            ways.pop()
        elif step[0] in path:
            backward.add(step[1].id)
        elif step[0] not in finished:
            path.append(step[0])
            ways.append(iter(out[step[0]]))


def set_columns(scope: Scope, forward: list[Flow]) -> None:
    """Give every node its column."""
    before: Steps = defaultdict(list)
    for flow in forward:
        before[scope.anchor(flow.target).id].append(scope.anchor(flow.source).id)
    for node_id in _in_order(scope, before):
        node = scope.nodes[node_id]
        ends = [scope.nodes[one].column + scope.nodes[one].span for one in before[node_id]]
        node.column = max(ends, default=0)
    for node in scope.nodes.values():
        if not node.host and not before[node.id]:
            _pull(scope, node.id, forward)


def _pull(scope: Scope, node_id: str, forward: list[Flow]) -> None:
    """Move a node without a way in close to what it leads to."""
    node = scope.nodes[node_id]
    ahead = [
        scope.anchor(flow.target).column
        for flow in forward
        if scope.anchor(flow.source).id == node_id
    ]
    if ahead and not scope.boundaries(node_id):
        node.column = max(0, min(ahead) - node.span)


def longest_ways(scope: Scope, forward: list[Flow]) -> dict[str, int]:
    """Return of each node how many steps its longest way to an end has."""
    after: Steps = defaultdict(list)
    for flow in forward:
        after[scope.anchor(flow.source).id].append(scope.anchor(flow.target).id)
    length: dict[str, int] = {}
    for node_id in _in_order(scope, after):
        length[node_id] = max((length[one] + 1 for one in after[node_id]), default=0)
    return length


def _in_order(scope: Scope, before: Steps) -> Iterable[str]:
    """Return the placed nodes so that each stands behind those named before it."""
    order: list[str] = []
    done: set[str] = set()
    for node in scope.nodes.values():
        pending = [] if node.host else [node.id]
        while pending:
            missing = [one for one in before[pending[-1]] if one not in done]
            if missing and pending[-1] not in done:
                pending.append(missing[0])
                continue
            last = pending.pop()
            if last not in done:
                done.add(last)
                order.append(last)
    return order
