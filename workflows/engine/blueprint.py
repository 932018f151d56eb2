"""What the diagrams say about each element, read straight from the XML and free of any engine."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from lxml import etree

from workflows.engine.bundle import Bundle
from workflows.engine.markup import (
    BPMN,
    JIANNUO,
    children,
    find_all,
    is_bpmn,
    own_attribute,
    read_markup,
    tag,
)
from workflows.engine.recent import RecentlyUsed
from workflows.errors import DiagramError, NotFound

FLOW_NODES = frozenset(
    {
        "startEvent",
        "endEvent",
        "boundaryEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "userTask",
        "serviceTask",
        "businessRuleTask",
        "subProcess",
        "callActivity",
        "exclusiveGateway",
        "parallelGateway",
        "eventBasedGateway",
        "inclusiveGateway",
        "transaction",
        "receiveTask",
        "sendTask",
    }
)
"""The kinds of element a process may be built from; the deployment check refuses the rest."""
SWITCHES: Mapping[str, bool] = {"true": True, "false": False}


@dataclass(frozen=True)
class Element:
    """One box, circle or diamond of a diagram."""

    id: str
    kind: str
    name: str
    process: str
    file: str
    role: str | None = None
    form: str | None = None
    operation: str | None = None
    decision: str | None = None
    clock: str | None = None
    message: str | None = None
    timer: str | None = None
    attached_to: str | None = None
    interrupting: bool = True
    calls: str | None = None
    collection: str | None = None
    scope: str = ""
    flows: tuple[str, ...] = ()
    """The elements that its sequence flows lead to, in the order drawn."""
    attributes: Mapping[str, str] = field(default_factory=dict, hash=False)
    """All of our own attributes by name, such as ``letter`` on a call."""

    @property
    def drawn_sets(self) -> Mapping[str, tuple[Any, ...]]:
        """Return what the drawing itself may set: ``jiannuo:sets="outcome=done"``, or ``into``."""
        parts = (part.partition("=") for part in self.attributes.get("sets", "").split(","))
        answered = {self.attributes["into"]: (True, False)} if "into" in self.attributes else {}
        return answered | {
            name.strip(): (SWITCHES.get(value.strip(), value.strip()),)
            for name, mark, value in parts
            if mark
        }

    @property
    def not_by(self) -> frozenset[str]:
        """Return the steps whose doer may not do this one: a decision needs a second person."""
        return frozenset(self.attributes.get("not_by", "").split())

    @property
    def answers_to(self) -> tuple[str, ...]:
        """Return the forms whose newest answers this step speaks of, to be shown with it."""
        return tuple(self.attributes.get("answers_to", "").split())

    @property
    def drawn_clock(self) -> Mapping[str, str]:
        """Return the clock that the drawing itself starts, with the rule that it runs by."""
        names = self.attributes
        return {names["starts"]: names.get("rule", "")} if "starts" in names else {}


@dataclass(frozen=True)
class Blueprint:
    """All elements of a bundle by id, with their labels in each language."""

    main_process: str
    elements: Mapping[str, Element] = field(hash=False)
    process_names: Mapping[str, str] = field(hash=False)
    texts: Mapping[str, Mapping[str, str]] = field(hash=False)

    def element(self, element_id: str) -> Element:
        """Return the element. Raises NotFound when the diagrams have none of this id."""
        if element_id not in self.elements:
            raise NotFound("error.engine.no_such_element", element=element_id)
        return self.elements[element_id]

    @property
    def starts(self) -> tuple[Element, ...]:
        """Return the start events of the main process."""
        return self._main("startEvent")

    @property
    def ends(self) -> tuple[Element, ...]:
        """Return the end events of the main process."""
        return self._main("endEvent")

    def label(self, element_id: str, language: str = "zh") -> str:
        """Return the element's name in this language, its Chinese name where none is given."""
        translated = self.texts.get(language, {}).get(element_id)
        return translated or self.element(element_id).name or element_id

    def _main(self, kind: str) -> tuple[Element, ...]:
        return tuple(
            element
            for element in self.elements.values()
            if element.kind == kind and element.scope == self.main_process
        )


_blueprints: RecentlyUsed[Blueprint] = RecentlyUsed(limit=64)


def blueprint(bundle: Bundle) -> Blueprint:
    """Return the blueprint of the bundle, read once per process.

    Raises DiagramError when a file cannot be read.
    """
    return _blueprints.get(key=bundle.hash, make=lambda: _read(bundle))


def _read(bundle: Bundle) -> Blueprint:
    elements: dict[str, Element] = {}
    names: dict[str, str] = {}
    for file in bundle.list_files(".bpmn"):
        root = read_markup(bundle.files[file], file=file)
        messages = {node.get("id"): node.get("name", "") for node in find_all(root, "message")}
        for process in find_all(root, "process"):
            names[process.get("id", "")] = process.get("name", "")
            roles, flows = _roles(process), _flows(process)
            for node in _flow_nodes(process):
                element = _element(node, process=process, file=file, roles=roles, names=messages)
                element = replace(element, flows=tuple(flows.get(element.id, ())))
                elements.setdefault(element.id, element)
    return Blueprint(
        main_process=bundle.main_process,
        elements=MappingProxyType(elements),
        process_names=MappingProxyType(names),
        texts=MappingProxyType(_texts(bundle)),
    )


def _flow_nodes(process: etree._Element) -> Iterator[etree._Element]:
    for node in process.iter(f"{{{BPMN}}}*"):
        if is_bpmn(node) and tag(node) in FLOW_NODES:
            yield node


def _roles(process: etree._Element) -> dict[str, str]:
    """Return the role of each element that a lane lists."""
    roles: dict[str, str] = {}
    for lane in find_all(process, "lane"):
        role = own_attribute(lane, "role")
        for reference in children(lane, "flowNodeRef"):
            if role and reference.text:
                roles[reference.text.strip()] = role
    return roles


def _flows(process: etree._Element) -> dict[str, list[str]]:
    """Return where the sequence flows of each element lead."""
    targets: dict[str, list[str]] = {}
    for flow in find_all(process, "sequenceFlow"):
        targets.setdefault(flow.get("sourceRef", ""), []).append(flow.get("targetRef", ""))
    return targets


def _element(
    node: etree._Element,
    *,
    process: etree._Element,
    file: str,
    roles: Mapping[str, str],
    names: Mapping[str | None, str],
) -> Element:
    loop = children(node, "multiInstanceLoopCharacteristics")
    parent = node.getparent()
    return Element(
        id=node.get("id", ""),
        kind=tag(node),
        name=" ".join(node.get("name", "").split()),
        process=process.get("id", ""),
        file=file,
        role=_role(node, roles),
        form=own_attribute(node, "form"),
        operation=own_attribute(node, "operation"),
        decision=own_attribute(node, "decision"),
        clock=own_attribute(node, "clock"),
        message=_message(node, names),
        timer=_timer(node),
        attached_to=node.get("attachedToRef"),
        interrupting=node.get("cancelActivity", "true").lower() == "true",
        calls=node.get("calledElement"),
        collection=own_attribute(loop[0], "collection") if loop else None,
        scope=parent.get("id", "") if parent is not None else "",
        attributes=MappingProxyType(_attributes(node)),
    )


def _role(node: etree._Element, roles: Mapping[str, str]) -> str | None:
    """Return the role of the lane that the element, or the sub-process around it, stands in.

    An element may name a role of its own, which counts first: boxes inside a sub-process have no
    lane of their own in the diagram.
    """
    current: etree._Element | None = node
    while current is not None and is_bpmn(current):
        role = own_attribute(current, "role") or roles.get(current.get("id", ""))
        if role:
            return role
        current = current.getparent()
    return None


def _attributes(node: etree._Element) -> dict[str, str]:
    prefix = f"{{{JIANNUO}}}"
    return {
        str(name)[len(prefix) :]: str(value)
        for name, value in node.attrib.items()
        if str(name).startswith(prefix)
    }


def _message(node: etree._Element, names: Mapping[str | None, str]) -> str | None:
    for definition in children(node, "messageEventDefinition"):
        return names.get(definition.get("messageRef")) or None
    return None


def _timer(node: etree._Element) -> str | None:
    """Return the text of the timer: a clock and a point on it, as in ``reply@due``."""
    for definition in children(node, "timerEventDefinition"):
        for kind in ("timeDate", "timeDuration"):
            for text in children(definition, kind):
                return (text.text or "").strip()
        return ""
    return None


def _texts(bundle: Bundle) -> dict[str, Mapping[str, str]]:
    texts: dict[str, dict[str, str]] = {}
    for file in bundle.list_files(".json"):
        folder, _, name = file.rpartition("/")
        if folder.rpartition("/")[2] != "texts":
            continue
        texts.setdefault(name.removesuffix(".json"), {}).update(_labels(bundle, file))
    return {language: MappingProxyType(labels) for language, labels in texts.items()}


def _labels(bundle: Bundle, file: str) -> dict[str, str]:
    try:
        labels = json.loads(bundle.files[file])
    except ValueError as error:
        raise DiagramError("error.engine.not_json", file=file, detail=str(error)) from error
    if not isinstance(labels, dict):
        raise DiagramError("error.engine.not_json", file=file, detail="object expected")
    return {str(key): str(value) for key, value in labels.items()}
