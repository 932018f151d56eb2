"""Refuses joins whose branches never come together, and messages with several receivers at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations_with_replacement

from workflows.engine.checks.model import Model, Node, Scope
from workflows.engine.checks.together import Pair, Together
from workflows.engine.findings import Finding


def check_joins(model: Model) -> Iterator[Finding]:
    """Yield a finding for each parallel join whose branches never come together."""
    for scope in model.scopes.values():
        joins = [one for one in scope.of_kind("parallelGateway") if len(one.incoming) > 1]
        together = Together(scope) if joins else None
        for gateway in joins:
            assert together is not None
            apart = together.find_apart([flow.source for flow in gateway.incoming])
            if apart:
                yield gateway.finding(
                    "join_waits_for_ever", rule="join", one=apart[0], other=apart[1]
                )


@dataclass(frozen=True)
class Receiver:
    """An event that waits for a message, with the path of calls and sub-processes to it."""

    node: Node
    message: str
    path: tuple[Pair, ...]
    """Scope and node, from the main process inwards; for a boundary event, to its host."""


def check_messages(model: Model) -> Iterator[Finding]:
    """Yield a finding for two receivers of one message that can wait at the same time (S13)."""
    main = model.processes.get(model.bundle.main_process)
    if main is None:
        return
    known: dict[str, Together] = {}

    def together_in(scope: str) -> Together:
        if scope not in known:
            known[scope] = Together(model.scopes[scope], maybe=True)
        return known[scope]

    for receivers in _by_message(_list_receivers(model, main, ())):
        told: set[str] = set()
        for first, second in combinations_with_replacement(receivers, 2):
            # One other place is reason enough: all pairs of hundreds would be a long list.
            if first.node.id not in told and _clash(first, second, together_in):
                told.add(first.node.id)
                yield first.node.finding(
                    "several_receivers", rule="S13", message=first.message, other=second.node.id
                )


def _by_message(receivers: Iterable[Receiver]) -> Iterable[list[Receiver]]:
    found: dict[str, list[Receiver]] = {}
    for receiver in receivers:
        found.setdefault(receiver.message, []).append(receiver)
    return found.values()


def _list_receivers(model: Model, scope: Scope, path: tuple[Pair, ...]) -> Iterator[Receiver]:
    for node in scope.nodes.values():
        message = model.message_of(node)
        if message and node.kind == "boundaryEvent":
            host = node.xml.get("attachedToRef", "")
            yield Receiver(node, message, (*path, (scope.id, host)))
        elif message and node.kind in ("intermediateCatchEvent", "receiveTask"):
            yield Receiver(node, message, (*path, (scope.id, _waiting_node(scope, node))))
        inner = model.inner_scope(node)
        if inner is not None and node.is_event_subprocess:
            for start in inner.of_kind("startEvent"):
                started_by = model.message_of(start)
                if started_by:
                    yield Receiver(start, started_by, (*path, (scope.id, start.id)))
        if inner is not None:
            yield from _list_receivers(model, inner, (*path, (scope.id, node.id)))


def _waiting_node(scope: Scope, node: Node) -> str:
    """Return where the token stands while the event waits: at the event gateway before it."""
    for flow in node.incoming:
        if scope.nodes[flow.source].kind == "eventBasedGateway":
            return flow.source
    return node.id


def _clash(first: Receiver, second: Receiver, together_in: Callable[[str], Together]) -> bool:
    """Return whether both can wait at once, with nothing but their name to tell them apart."""
    for one, other in zip(first.path, second.path, strict=False):
        if together_in(one[0]).are(one[1], other[1]):
            return True
        if one != other:
            return False
    return first is not second
