"""Refuses flows that lead nowhere, gateways that cannot decide, and loops that never wait."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.engine.checks.model import Model, Node, Scope, label
from workflows.engine.expressions import compile_expression
from workflows.engine.findings import Finding
from workflows.engine.markup import tag
from workflows.errors import DiagramError

SPLITTING = frozenset({"exclusiveGateway", "parallelGateway", "eventBasedGateway"})


def check_flows(model: Model) -> Iterator[Finding]:
    """Yield a finding for every flow and node through which no case could pass rightly."""
    for scope in model.scopes.values():
        yield from _flow_ends(scope)
        yield from _starts_and_ends(scope, is_main=scope.id == model.bundle.main_process)
        for node in scope.nodes.values():
            yield from _ways_on(node)
        yield from _ways_out(scope)
        for node in scope.of_kind("exclusiveGateway"):
            yield from _decides(node)
        yield from _conditions(scope)


def _flow_ends(scope: Scope) -> Iterator[Finding]:
    pairs: set[tuple[str, str]] = set()
    for flow in scope.flows:
        facts = {"source": flow.source, "target": flow.target}
        where = (scope.file, flow.id, label(flow.xml))
        if not flow.id:
            yield Finding(*where, "S1", "flow_without_id", facts)
        if flow.source not in scope.nodes or flow.target not in scope.nodes:
            yield Finding(*where, "flow", "loose_flow", facts)
        if (flow.source, flow.target) in pairs:
            yield Finding(*where, "flow", "flow_twice", facts)
        pairs.add((flow.source, flow.target))


def _starts_and_ends(scope: Scope, *, is_main: bool) -> Iterator[Finding]:
    starts = scope.of_kind("startEvent")
    if not starts or (len(starts) > 1 and not is_main):
        yield scope.finding("starts", rule="start", count=len(starts))
    for start in starts:
        if not is_main and any(tag(child) == "messageEventDefinition" for child in start.xml):
            yield start.finding("message_start", rule="start")
    if not scope.of_kind("endEvent"):
        yield scope.finding("no_end", rule="S7")


def _ways_on(node: Node) -> Iterator[Finding]:
    if node.kind == "endEvent":
        if node.outgoing:
            yield node.finding("way_on_from_end", rule="flow")
    elif not node.outgoing:
        yield node.finding("no_way_on", rule="S7")
    if node.kind in ("startEvent", "boundaryEvent"):
        if node.incoming:
            yield node.finding("way_into_start", rule="flow")
    elif not node.incoming:
        yield node.finding("never_reached", rule="flow")
    if len(node.outgoing) > 1 and node.kind not in SPLITTING:
        yield node.finding("several_ways_on", rule="flow")


def _ways_out(scope: Scope) -> Iterator[Finding]:
    """Yield a finding for each node from which no end event can be reached (S7)."""
    leads_out = {node.id for node in scope.of_kind("endEvent")}
    pending = list(leads_out)
    while pending:
        for flow in scope.nodes[pending.pop()].incoming:
            if flow.source not in leads_out:
                leads_out.add(flow.source)
                pending.append(flow.source)
    for node in scope.nodes.values():
        if node.outgoing and node.id not in leads_out:
            yield node.finding("no_way_out", rule="S7")


def _decides(node: Node) -> Iterator[Finding]:
    """Yield a finding when the gateway could stand there with no condition true (S10)."""
    default = node.xml.get("default")
    if len(node.outgoing) == 1:
        if node.outgoing[0].condition is not None:
            yield node.finding("lone_condition", rule="S10")
        return
    if len(node.outgoing) > 1 and default not in {flow.id for flow in node.outgoing}:
        yield node.finding("no_default", rule="S10")
    for flow in node.outgoing:
        if flow.id == default and flow.condition is not None:
            yield node.finding("default_condition", rule="S10", target=flow.target)
        if flow.id != default and flow.condition is None:
            yield node.finding("no_condition", rule="S10", target=flow.target)


def _conditions(scope: Scope) -> Iterator[Finding]:
    for flow in scope.flows:
        source = scope.nodes.get(flow.source)
        if flow.condition is None or source is None:
            continue
        if source.kind != "exclusiveGateway":
            yield source.finding("condition_ignored", rule="flow", target=flow.target)
        try:
            compile_expression(flow.condition)
        except DiagramError as error:
            name = error.key.removeprefix("error.engine.")
            yield source.finding(name, rule="expression", target=flow.target, **error.facts)
