"""Refuses what the engine does not know, or accepts and then runs wrongly."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from workflows.engine.blueprint import FLOW_NODES
from workflows.engine.checks.model import Model, Node, Scope, label
from workflows.engine.checks.support import Support
from workflows.engine.expressions import compile_expression
from workflows.engine.findings import Finding
from workflows.engine.markup import children, find_all, is_bpmn, own_attribute, tag
from workflows.errors import DiagramError

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

TRAPS = {
    "signalEventDefinition": "S2",
    "escalationEventDefinition": "S6",
    "errorEventDefinition": "S6",
    "linkEventDefinition": "S8",
    "compensateEventDefinition": "S9",
    "adHocSubProcess": "S17",
    "scriptTask": "script",
}
CORRELATION = ("correlationKey", "correlationProperty")
BEHAVIOURS = ("behavior", "noneBehaviorEventRef", "oneBehaviorEventRef")
GENERATED_ID = re.compile(r"[A-Z][A-Za-z]*_(?=\w*\d)[0-9a-z]{6,}")
LONGEST_ID = 64
"""The database keeps 80 characters, and the number of a token may stand before an id."""
READABLE_ID = re.compile(r"[A-Za-z_][\w.-]*")


def check_kinds(model: Model) -> Iterator[Finding]:
    """Yield a finding for everything outside the short list of what the engine runs rightly."""
    yield from _correlations(model)
    for scope in model.scopes.values():
        yield from _unknown_children(model.support, scope)
        for node in scope.nodes.values():
            yield from _event_definitions(model.support, node)
            if model.support.is_wide:
                yield from _wide_repetition(node)
            else:
                yield from _repetition(node)
            yield from _quantities(model.support, node)


def _correlations(model: Model) -> Iterator[Finding]:
    """Refuse correlation by the contents of a message: the engines tell receivers apart by item."""
    for file, root in model.roots.items():
        for kind in CORRELATION:
            for element in find_all(root, kind):
                yield Finding(
                    file=file,
                    element=element.get("id", ""),
                    label=label(element),
                    rule="S13",
                    name="correlation",
                    facts={"kind": kind},
                )


def _unknown_children(support: Support, scope: Scope) -> Iterator[Finding]:
    is_event = tag(scope.xml) == "subProcess" and scope.xml.get("triggeredByEvent") == "true"
    if is_event and not support.is_wide:
        yield scope.finding("event_subprocess", rule="S3")
    for child in scope.xml:
        kind = tag(child)
        if not is_bpmn(child) or kind in support.kinds or kind in PICTURE:
            continue
        if kind.endswith("EventDefinition"):
            continue
        name = "script" if kind == "scriptTask" else "kind_wide" if support.is_wide else "kind"
        yield _about(scope, child, name, rule=TRAPS.get(kind, "kind"), kind=kind)


def _event_definitions(support: Support, node: Node) -> Iterator[Finding]:
    if node.kind not in support.events:
        return
    found = [tag(child) for child in node.xml if tag(child).endswith("EventDefinition")]
    for kind in found:
        if kind not in support.events[node.kind]:
            name = "event_wide" if support.is_wide else "event"
            yield node.finding(name, rule=TRAPS.get(kind, "kind"), kind=kind, where=node.kind)
    if len(found) > 1:
        yield node.finding("several_events", rule="kind")
    if not found and node.kind in ("boundaryEvent", "intermediateCatchEvent"):
        yield node.finding("no_event", rule="kind")
    if children(node.xml, "eventDefinitionRef"):
        yield node.finding("event_reference", rule="S17")


def _repetition(node: Node) -> Iterator[Finding]:
    if children(node.xml, "standardLoopCharacteristics"):
        yield node.finding("standard_loop", rule="S17")
    for loop in children(node.xml, "multiInstanceLoopCharacteristics"):
        ignored = _ignored(loop, ())
        ignored += ["isSequential"] if loop.get("isSequential") == "true" else []
        if ignored:
            yield node.finding("repetition", rule="S17", what=", ".join(sorted(set(ignored))))
        if not own_attribute(loop, "collection"):
            yield node.finding("no_collection", rule="collection")


def _wide_repetition(node: Node) -> Iterator[Finding]:
    """Yield a finding for markers that leave open how often, or say what no engine here does."""
    for loop in children(node.xml, "standardLoopCharacteristics"):
        most = loop.get("loopMaximum", "0")
        if not most.isdecimal() or not (int(most) or children(loop, "loopCondition")):
            yield node.finding("loop_without_end", rule="S17")
        yield from _expressions(node, loop)
    for loop in children(node.xml, "multiInstanceLoopCharacteristics"):
        ignored = _ignored(loop, ("loopCardinality", "completionCondition"))
        if ignored:
            what = ", ".join(sorted(set(ignored)))
            yield node.finding("repetition_wide", rule="S17", what=what)
        counts = [bool(own_attribute(loop, "collection")), bool(children(loop, "loopCardinality"))]
        if sum(counts) != 1:
            yield node.finding("no_collection_wide", rule="collection")
        yield from _expressions(node, loop)


def _ignored(loop: etree._Element, known: tuple[str, ...]) -> list[str]:
    """Return what a marker says beside what is understood."""
    names = [name for name in BEHAVIOURS if loop.get(name) not in (None, "All")]
    inside = [tag(child) for child in loop if is_bpmn(child)]
    return names + [
        name for name in inside if name not in ("documentation", "extensionElements", *known)
    ]


def _expressions(node: Node, loop: etree._Element) -> Iterator[Finding]:
    for name in ("loopCondition", "loopCardinality", "completionCondition"):
        for child in children(loop, name):
            try:
                compile_expression("".join(child.itertext()))
            except DiagramError as error:
                key = error.key.removeprefix("error.engine.")
                facts = {"target": name, **error.facts}
                yield node.finding(key, rule="expression", **facts)


def _quantities(support: Support, node: Node) -> Iterator[Finding]:
    for name in ("startQuantity", "completionQuantity"):
        if node.xml.get(name, "1") != "1":
            yield node.finding("quantity", rule="S17", what=name)
    if node.xml.get("instantiate") == "true":
        yield node.finding("quantity", rule="S17", what="instantiate")
    if node.xml.get("eventGatewayType", "Exclusive") != "Exclusive":
        yield node.finding("quantity", rule="S17", what="eventGatewayType")
    if node.is_compensation and not support.is_wide:
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
    if len(node_id) > LONGEST_ID:
        return "long_id"
    if GENERATED_ID.fullmatch(node_id) or not READABLE_ID.fullmatch(node_id):
        return "unreadable_id"
    return "id_twice" if times == 2 else None
