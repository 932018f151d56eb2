"""Refuses flows that lead nowhere, gateways that cannot decide, and loops that never wait."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.engine.checks.model import ACTIVITIES, Model, Node, Scope, label
from workflows.engine.expressions import compile_expression
from workflows.engine.findings import Finding
from workflows.errors import DiagramError

CONDITIONAL = ACTIVITIES | {"exclusiveGateway", "inclusiveGateway"}
"""From where a flow may carry a condition (BPMN 2.0, 8.4.13)."""
MAIN_STARTS = frozenset({"message", "signal"})
"""How a case may begin: nobody would start one by a timer or an error."""
SPLITTING = frozenset({"exclusiveGateway", "parallelGateway", "eventBasedGateway"})


def check_flows(model: Model) -> Iterator[Finding]:
    """Yield a finding for every flow and node through which no case could pass rightly."""
    is_wide = model.support.is_wide
    for scope in model.scopes.values():
        yield from _flow_ends(scope, is_wide=is_wide)
        yield from _starts_and_ends(model, scope)
        for node in scope.nodes.values():
            yield from _ways_on(node, is_wide=is_wide)
            yield from _ways_in(scope, node)
        yield from _ways_out(scope, is_wide=is_wide)
        for node in scope.of_kind("exclusiveGateway", "inclusiveGateway"):
            yield from _decides(node)
        yield from _conditions(scope, CONDITIONAL if is_wide else frozenset({"exclusiveGateway"}))


def _flow_ends(scope: Scope, *, is_wide: bool) -> Iterator[Finding]:
    pairs: set[tuple[str, str]] = set()
    for flow in scope.flows:
        facts = {"source": flow.source, "target": flow.target}
        where = (scope.file, flow.id, label(flow.xml))
        if not flow.id and not is_wide:
            yield Finding(*where, "S1", "flow_without_id", facts)
        if flow.source not in scope.nodes or flow.target not in scope.nodes:
            yield Finding(*where, "flow", "loose_flow", facts)
        if (flow.source, flow.target) in pairs and not is_wide:
            yield Finding(*where, "flow", "flow_twice", facts)
        pairs.add((flow.source, flow.target))


def _starts_and_ends(model: Model, scope: Scope) -> Iterator[Finding]:
    is_main, is_wide = scope.id == model.bundle.main_process, model.support.is_wide
    starts = scope.of_kind("startEvent")
    if scope.xml.get("triggeredByEvent") == "true" and is_wide:
        if len(starts) != 1 or not starts[0].event:
            yield scope.finding("event_start", rule="start", count=len(starts))
        return
    may_lack = is_wide and not is_main and scope.nodes
    if (not starts and not may_lack) or (len(starts) > 1 and not is_main):
        yield scope.finding("starts", rule="start", count=len(starts))
    for start in starts:
        if not is_main and start.event:
            yield start.finding("message_start", rule="start")
        elif start.event and start.event not in MAIN_STARTS:
            yield start.finding("event_wide", rule="start", kind=start.event, where="startEvent")
    if not scope.of_kind("endEvent") and not is_wide:
        yield scope.finding("no_end", rule="S7")


def _ways_on(node: Node, *, is_wide: bool) -> Iterator[Finding]:
    if node.kind == "endEvent":
        if node.outgoing:
            yield node.finding("way_on_from_end", rule="flow")
    elif not node.outgoing and not is_wide:
        yield node.finding("no_way_on", rule="S7")
    if len(node.outgoing) > 1 and node.kind not in SPLITTING and not is_wide:
        yield node.finding("several_ways_on", rule="flow")


def _ways_in(scope: Scope, node: Node) -> Iterator[Finding]:
    """Yield a finding for a flow where none may lead, and for what nothing leads to."""
    begins = node.kind in ("startEvent", "boundaryEvent") or node.is_event_subprocess
    begins = begins or node.is_compensation or _is_link(node, "intermediateCatchEvent")
    if begins:
        if node.incoming:
            yield node.finding("way_into_start", rule="flow")
    elif not node.incoming and scope.of_kind("startEvent"):
        yield node.finding("never_reached", rule="flow")


def _is_link(node: Node, kind: str) -> bool:
    return node.kind == kind and node.event == "link"


def _ways_out(scope: Scope, *, is_wide: bool) -> Iterator[Finding]:
    """Yield a finding for each node from which no end of a path can be reached (S7)."""
    leads_out = {node.id for node in scope.of_kind("endEvent")}
    if is_wide:
        leads_out |= {node.id for node in scope.nodes.values() if not node.outgoing}
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
    is_inclusive = node.kind == "inclusiveGateway"
    is_sure = is_inclusive and any(flow.condition is None for flow in node.outgoing)
    is_open = bool(node.outgoing) and default not in {flow.id for flow in node.outgoing}
    if is_open and not is_sure:
        yield node.finding("no_default", rule="S10")
    for flow in node.outgoing:
        if flow.id == default and flow.condition is not None:
            yield node.finding("default_condition", rule="S10", target=flow.target)
        if flow.id != default and flow.condition is None and not is_inclusive:
            yield node.finding("no_condition", rule="S10", target=flow.target)


def _conditions(scope: Scope, conditional: frozenset[str]) -> Iterator[Finding]:
    for node in scope.nodes.values():
        yield from _may_be_stuck(node, conditional)
    for flow in scope.flows:
        source = scope.nodes.get(flow.source)
        if flow.condition is None or source is None:
            continue
        if source.kind not in conditional:
            yield source.finding("condition_ignored", rule="flow", target=flow.target)
        try:
            compile_expression(flow.condition)
        except DiagramError as error:
            name = error.key.removeprefix("error.engine.")
            yield source.finding(name, rule="expression", target=flow.target, **error.facts)


def _may_be_stuck(node: Node, conditional: frozenset[str]) -> Iterator[Finding]:
    """Yield a finding for a task whose ways on all have conditions, with none to fall back on."""
    if node.kind not in conditional or node.kind.endswith("Gateway") or not node.outgoing:
        return
    default = node.xml.get("default")
    if all(flow.condition is not None and flow.id != default for flow in node.outgoing):
        yield node.finding("no_default", rule="S10")
    for flow in node.outgoing:
        if default and flow.id == default and flow.condition is not None:
            yield node.finding("default_condition", rule="S10", target=flow.target)
