"""Refuses what the engine does not know, or accepts and then runs wrongly."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from workflows.engine.blueprint import FLOW_NODES
from workflows.engine.checks.model import CONTAINERS, Model, Scope, label
from workflows.engine.findings import Finding
from workflows.engine.markup import children, is_bpmn, tag

PICTURE = frozenset(
    {
        "documentation",
        "extensionElements",
        "laneSet",
        "sequenceFlow",
        "incoming",
        "outgoing",
        "textAnnotation",
        "association",
        "group",
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "ioSpecification",
        "property",
        "dataInputAssociation",
        "dataOutputAssociation",
        "multiInstanceLoopCharacteristics",
        "standardLoopCharacteristics",
    }
)
"""What may stand in a process beside its nodes: it is drawn or described, not run."""

EVENT_DEFINITIONS = {
    "startEvent": ("messageEventDefinition",),
    "endEvent": ("messageEventDefinition", "terminateEventDefinition"),
    "boundaryEvent": ("messageEventDefinition", "timerEventDefinition"),
    "intermediateCatchEvent": ("messageEventDefinition", "timerEventDefinition"),
    "intermediateThrowEvent": ("messageEventDefinition",),
}

TRAPS = {
    "signalEventDefinition": "S2",
    "escalationEventDefinition": "S6",
    "errorEventDefinition": "S6",
    "linkEventDefinition": "S8",
    "compensateEventDefinition": "S9",
    "adHocSubProcess": "S17",
    "scriptTask": "script",
}
GENERATED_ID = re.compile(r"[A-Z][A-Za-z]*_(?=\w*\d)[0-9a-z]{6,}")
READABLE_ID = re.compile(r"[A-Za-z_][\w.-]*")


def check_kinds(model: Model) -> Iterator[Finding]:
    """Yield a finding for everything outside the short list of what the engine runs rightly."""
    for scope in model.scopes.values():
        yield from _unknown_children(scope)
        for node in scope.nodes.values():
            yield from _event_definitions(scope, node.id)
            yield from _repetition(scope, node.id)
            yield from _quantities(scope, node.id)


def _unknown_children(scope: Scope) -> Iterator[Finding]:
    if tag(scope.xml) == "subProcess" and scope.xml.get("triggeredByEvent") == "true":
        yield scope.finding("event_subprocess", rule="S3")
    for child in scope.xml:
        kind = tag(child)
        if not is_bpmn(child) or kind in FLOW_NODES or kind in PICTURE:
            continue
        if kind.endswith("EventDefinition") or kind in CONTAINERS:
            continue
        name = "script" if kind == "scriptTask" else "kind"
        yield _about(scope, child, name, rule=TRAPS.get(kind, "kind"), kind=kind)


def _event_definitions(scope: Scope, node_id: str) -> Iterator[Finding]:
    node = scope.nodes[node_id]
    if node.kind not in EVENT_DEFINITIONS:
        return
    found = [tag(child) for child in node.xml if tag(child).endswith("EventDefinition")]
    for kind in found:
        if kind not in EVENT_DEFINITIONS[node.kind]:
            yield node.finding("event", rule=TRAPS.get(kind, "kind"), kind=kind, where=node.kind)
    if len(found) > 1:
        yield node.finding("several_events", rule="kind")
    if not found and node.kind in ("boundaryEvent", "intermediateCatchEvent"):
        yield node.finding("no_event", rule="kind")
    if children(node.xml, "eventDefinitionRef"):
        yield node.finding("event_reference", rule="S17")


def _repetition(scope: Scope, node_id: str) -> Iterator[Finding]:
    node = scope.nodes[node_id]
    if children(node.xml, "standardLoopCharacteristics"):
        yield node.finding("standard_loop", rule="S17")
    for loop in children(node.xml, "multiInstanceLoopCharacteristics"):
        ignored = [
            name
            for name in ("behavior", "noneBehaviorEventRef", "oneBehaviorEventRef")
            if loop.get(name)
        ]
        ignored += ["isSequential"] if loop.get("isSequential") == "true" else []
        ignored += [tag(child) for child in loop if tag(child) not in ("documentation", "")]
        ignored = [name for name in ignored if name != "extensionElements"]
        if ignored:
            yield node.finding("repetition", rule="S17", what=", ".join(sorted(set(ignored))))
        if not loop.get("{urn:jiannuo:bpmn:1}collection"):
            yield node.finding("no_collection", rule="collection")


def _quantities(scope: Scope, node_id: str) -> Iterator[Finding]:
    node = scope.nodes[node_id]
    for name in ("startQuantity", "completionQuantity"):
        if node.xml.get(name, "1") != "1":
            yield node.finding("quantity", rule="S17", what=name)
    if node.xml.get("isForCompensation") == "true":
        yield node.finding("event", rule="S9", kind="isForCompensation", where=node.kind)
    if node.xml.get("parallelMultiple") == "true":
        yield node.finding("several_events", rule="kind")


def _about(scope: Scope, xml: etree._Element, name: str, *, rule: str, kind: str) -> Finding:
    return Finding(
        file=scope.file,
        element=xml.get("id", ""),
        label=label(xml),
        rule=rule,
        name=name,
        facts={"kind": kind},
    )


def check_ids(model: Model) -> Iterator[Finding]:
    """Yield a finding for every id that is missing, generated, or used twice in the bundle."""
    seen: Counter[str] = Counter()
    for file, root in model.roots.items():
        for xml in root.iter():
            if not is_bpmn(xml) or (tag(xml) not in FLOW_NODES and tag(xml) != "process"):
                continue
            node_id = xml.get("id", "")
            seen[node_id] += 1
            name = _wrong_id(node_id, seen[node_id])
            if name:
                yield Finding(file, node_id, label(xml), "id", name, {"kind": tag(xml)})


def _wrong_id(node_id: str, times: int) -> str | None:
    if not node_id:
        return "no_id"
    if GENERATED_ID.fullmatch(node_id) or not READABLE_ID.fullmatch(node_id):
        return "unreadable_id"
    return "id_twice" if times == 2 else None
