"""Refuses loops and calls that would go round for ever without waiting for anybody (S18)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workflows.engine.checks.model import Model, Scope
from workflows.engine.findings import Finding

WAITING = frozenset({"userTask", "intermediateCatchEvent", "eventBasedGateway", "receiveTask"})


def check_loops(model: Model) -> Iterator[Finding]:
    """Yield a finding for processes that call themselves, and for loops that never wait."""
    circle = _calls_in_a_circle(model)
    if circle:
        yield model.scopes[circle[0]].finding("call_circle", rule="call", path=" > ".join(circle))
        return
    if model.support.is_wide:
        # A way out was found already (S7), and the engine stops a loop that does not take it.
        return
    for scope in model.scopes.values():
        loop = find_circle(_automatic_steps(model, scope))
        if loop:
            yield scope.nodes[loop[0]].finding("endless_loop", rule="S18", path=" > ".join(loop))


def _calls_in_a_circle(model: Model) -> list[str]:
    inner: dict[str, list[str]] = {scope_id: [] for scope_id in model.scopes}
    for node in model.nodes:
        scope = model.inner_scope(node)
        if scope is not None:
            inner[node.scope].append(scope.id)
    return find_circle(inner)


def _automatic_steps(model: Model, scope: Scope) -> Mapping[str, list[str]]:
    """Return the flows between nodes that a case may pass without waiting."""
    passing = {node_id for node_id in scope.nodes if may_pass(model, scope, node_id)}
    return {
        node_id: [target for target in scope.nodes[node_id].successors if target in passing]
        for node_id in passing
    }


def may_pass(model: Model, scope: Scope, node_id: str) -> bool:
    """Return whether a case may pass the node without anybody or anything having to come."""
    node = scope.nodes[node_id]
    if node.kind == "boundaryEvent":
        return False
    if node.is_repeated:
        return True
    inner = model.inner_scope(node)
    if inner is None:
        return node.kind not in WAITING
    return _may_run_through(model, inner)


def _may_run_through(model: Model, scope: Scope) -> bool:
    pending = [start.id for start in scope.of_kind("startEvent")]
    seen = set(pending)
    while pending:
        node = scope.nodes[pending.pop()]
        if node.kind == "endEvent":
            return True
        for target in node.successors:
            if target not in seen and may_pass(model, scope, target):
                seen.add(target)
                pending.append(target)
    return False


def find_circle(edges: Mapping[str, list[str]]) -> list[str]:
    """Return the nodes of one circle in a graph, nothing when there is none."""
    finished: set[str] = set()
    for origin in edges:
        path = [origin] if origin not in finished else []
        ways = [iter(edges[origin])]
        while path:
            target = next(ways[-1], None)
            if target is None:
                finished.add(path.pop())
                ways.pop()
            elif target in path:
                return path[path.index(target) :]
            elif target not in finished:
                path.append(target)
                ways.append(iter(edges.get(target, [])))
    return []
