"""A bundle as a set of scopes with nodes and flows, which is what the checks reason about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from workflows.engine.blueprint import FLOW_NODES
from workflows.engine.bundle import Bundle
from workflows.engine.checks.support import TOKEN, Support
from workflows.engine.findings import Finding
from workflows.engine.markup import children, find_all, is_bpmn, own_attribute, read_markup, tag
from workflows.errors import DiagramError

ACTIVITIES = frozenset(
    {
        "userTask",
        "serviceTask",
        "businessRuleTask",
        "subProcess",
        "callActivity",
        "transaction",
        "receiveTask",
        "sendTask",
    }
)
CONTAINERS = frozenset({"process", "transaction", "subProcess"})


@dataclass(frozen=True)
class Flow:
    """A sequence flow."""

    id: str
    source: str
    target: str
    condition: str | None
    xml: etree._Element = field(repr=False)


@dataclass
class Node:
    """A flow node with the flows that enter and leave it, and the events attached to it."""

    id: str
    kind: str
    file: str
    scope: str
    xml: etree._Element = field(repr=False)
    incoming: list[Flow] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)
    boundaries: list[Node] = field(default_factory=list)
    jumps: list[str] = field(default_factory=list)
    """For a thrown link: the link that catches it, which follows without a flow."""

    def finding(self, name: str, *, rule: str, **facts: Any) -> Finding:
        """Return a finding about this node."""
        return Finding(self.file, self.id, label(self.xml), rule, name, facts)

    @property
    def is_repeated(self) -> bool:
        """Return whether the activity is carried out once per item."""
        return bool(children(self.xml, "multiInstanceLoopCharacteristics"))

    @property
    def is_interrupting(self) -> bool:
        """Return whether a boundary event ends the activity that it is attached to."""
        return str(self.xml.get("cancelActivity", "true")).lower() == "true"

    @property
    def is_event_subprocess(self) -> bool:
        """Return whether an event inside starts this sub-process, not a flow."""
        return self.kind == "subProcess" and self.xml.get("triggeredByEvent") == "true"

    @property
    def is_compensation(self) -> bool:
        """Return whether the activity is only carried out to undo another."""
        return str(self.xml.get("isForCompensation", "false")).lower() == "true"

    @property
    def event(self) -> str:
        """Return the kind of event, as in ``timer``; empty for a plain one."""
        for child in self.xml:
            if tag(child).endswith("EventDefinition"):
                return tag(child).removesuffix("EventDefinition")
        return ""

    @property
    def successors(self) -> list[str]:
        """Return the nodes that follow."""
        return [flow.target for flow in self.outgoing] + self.jumps

    @property
    def link(self) -> str | None:
        """Return the name of the link that the event throws or catches."""
        for definition in children(self.xml, "linkEventDefinition"):
            return str(definition.get("name") or self.xml.get("name", ""))
        return None


@dataclass
class Scope:
    """A process or an embedded sub-process."""

    id: str
    file: str
    xml: etree._Element = field(repr=False)
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)

    def finding(self, name: str, *, rule: str, **facts: Any) -> Finding:
        """Return a finding about the process as a whole."""
        return Finding(self.file, self.id, label(self.xml), rule, name, facts)

    def of_kind(self, *kinds: str) -> list[Node]:
        """Return the nodes of these kinds."""
        return [node for node in self.nodes.values() if node.kind in kinds]


@dataclass
class Model:
    """All diagrams of a bundle."""

    bundle: Bundle
    support: Support = TOKEN
    roots: dict[str, etree._Element] = field(default_factory=dict)
    scopes: dict[str, Scope] = field(default_factory=dict)
    processes: dict[str, Scope] = field(default_factory=dict)
    messages: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def nodes(self) -> Iterator[Node]:
        """Return every node of every scope."""
        for scope in self.scopes.values():
            yield from scope.nodes.values()

    def message_of(self, node: Node) -> str | None:
        """Return the name of the message that an event waits for or throws."""
        tasks = [node.xml] if node.kind in ("sendTask", "receiveTask") else []
        for definition in [*children(node.xml, "messageEventDefinition"), *tasks]:
            return self.messages.get((node.file, definition.get("messageRef", "")))
        return None

    def holders(self, scope: Scope) -> list[Node]:
        """Return the sub-process, or the calls, in which this scope runs."""
        return [node for node in self.nodes if self.inner_scope(node) is scope]

    def inner_scope(self, node: Node) -> Scope | None:
        """Return the scope that a sub-process or call opens."""
        if node.kind in ("subProcess", "transaction"):
            return self.scopes.get(node.id)
        if node.kind == "callActivity":
            return self.processes.get(node.xml.get("calledElement", ""))
        return None


def label(xml: etree._Element) -> str:
    """Return the name that the diagram shows, on one line."""
    return " ".join(str(xml.get("name", "")).split())


def read_model(bundle: Bundle, support: Support = TOKEN) -> tuple[Model, list[Finding]]:
    """Return the model of all files that can be read, and findings about the others."""
    model = Model(bundle, support)
    findings: list[Finding] = []
    for file in bundle.list_files(".bpmn"):
        try:
            model.roots[file] = read_markup(bundle.files[file], file=file)
        except DiagramError as error:
            findings.append(_unreadable(file, error))
    for file, root in model.roots.items():
        for message in find_all(root, "message"):
            model.messages[file, message.get("id", "")] = str(message.get("name", "")).strip()
        for process in find_all(root, "process"):
            scope = _add_scope(model, process, file)
            model.processes.setdefault(scope.id, scope)
    return model, findings


def _unreadable(file: str, error: DiagramError) -> Finding:
    name = error.key.removeprefix("error.engine.")
    return Finding(file=file, element="", label="", rule="xml", name=name, facts=dict(error.facts))


def _add_scope(model: Model, xml: etree._Element, file: str) -> Scope:
    scope = Scope(id=xml.get("id", ""), file=file, xml=xml)
    model.scopes.setdefault(scope.id, scope)
    for child in xml:
        if not is_bpmn(child):
            continue
        if tag(child) in FLOW_NODES:
            node = Node(child.get("id", ""), tag(child), file, scope.id, child)
            scope.nodes.setdefault(node.id, node)
        if tag(child) == "sequenceFlow":
            scope.flows.append(_flow(child))
        if tag(child) in CONTAINERS:
            _add_scope(model, child, file)
    _connect(scope)
    return scope


def _flow(xml: etree._Element) -> Flow:
    conditions = children(xml, "conditionExpression")
    return Flow(
        id=xml.get("id", ""),
        source=xml.get("sourceRef", ""),
        target=xml.get("targetRef", ""),
        condition=(conditions[0].text or "").strip() if conditions else None,
        xml=xml,
    )


def _connect(scope: Scope) -> None:
    for flow in scope.flows:
        if flow.source in scope.nodes and flow.target in scope.nodes:
            scope.nodes[flow.source].outgoing.append(flow)
            scope.nodes[flow.target].incoming.append(flow)
    for node in scope.of_kind("boundaryEvent"):
        host = scope.nodes.get(node.xml.get("attachedToRef", ""))
        if host is not None:
            host.boundaries.append(node)
    caught = {one.link: one.id for one in scope.of_kind("intermediateCatchEvent") if one.link}
    for node in scope.of_kind("intermediateThrowEvent"):
        if node.link in caught:
            node.jumps.append(caught[node.link])


def lane_roles(process: etree._Element) -> Mapping[str, str | None]:
    """Return the role of every lane by the lane's id."""
    return {lane.get("id", ""): own_attribute(lane, "role") for lane in find_all(process, "lane")}
