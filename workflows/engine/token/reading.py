"""Lets the library read the diagrams, and adds from the XML what its specification drops.

The library resolves processes, messages, signals, errors and escalations. It does not keep whether
an event sub-process interrupts, links, compensation, the ids of flows, conditions behind anything
but a gateway, nor a signal that an end event throws; and it follows the flows recursively, so that
it loses what no flow leads to and cannot read a long diagram. So each box keeps its XML, and each
process reads its boxes one after the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.event_parsers import EventDefinitionParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec

from workflows.engine.blueprint import FLOW_NODES
from workflows.engine.bundle import Bundle
from workflows.engine.markup import children, find_all, is_bpmn, read_markup, tag
from workflows.engine.timers import split_timer
from workflows.errors import DiagramError

CONTAINERS = frozenset({"subProcess", "transaction"})


@dataclass(frozen=True)
class Way:
    """A sequence flow."""

    id: str
    source: str
    target: str
    condition: str | None


@dataclass(frozen=True)
class Happening:
    """What an event waits for or throws: its kind, and the name or code that tells it apart."""

    kind: str
    name: str = ""
    point: str = ""


class Box(BpmnTaskSpec):  # type: ignore[misc]
    """A box, circle or diamond as the library's specification holds it, with its XML."""

    def __init__(self, wf_spec: Any, bpmn_id: str, *, node: Any, happening: Any, **rest: Any):
        """Keep what the library has no place for."""
        super().__init__(wf_spec, bpmn_id, **rest)
        self.node = node
        self.kind = tag(node)
        self.happening: Happening | None = happening
        self.ways: list[Way] = []


class BoxParser(EventDefinitionParser):  # type: ignore[misc]
    """Reads one element of any kind, without following its flows."""

    def parse_incoming_data_references(self) -> list[Any]:
        """Return nothing: the case has one set of variables."""
        return []

    def parse_outgoing_data_references(self) -> list[Any]:
        """Return nothing: the case has one set of variables."""
        return []

    def parse_node(self) -> Box:
        """Return the element; an embedded sub-process is also read as a process of its own."""
        if tag(self.node) in CONTAINERS:
            self.process_parser.parser.create_parser(self.node, filename=self.filename)
        return Box(
            self.spec,
            self.bpmn_id,
            node=self.node,
            happening=self._happening(),
            **self.bpmn_attributes,
        )

    def _happening(self) -> Happening | None:
        if tag(self.node) in ("sendTask", "receiveTask"):
            return Happening("message", self.parse_message_event(self.node).name or "")
        definitions = [one for one in self.node if tag(one).endswith("EventDefinition")]
        if not definitions:
            return None
        kind = tag(definitions[0]).removesuffix("EventDefinition")
        readers: dict[str, Callable[[Any], Happening]] = {
            "timer": self._timer,
            "message": lambda one: Happening(kind, self.parse_message_event(one).name or ""),
            "signal": lambda one: Happening(kind, self.parse_signal_event(one).name or ""),
            "error": lambda one: Happening(kind, self.parse_error_event(one).code or ""),
            "escalation": lambda one: Happening(kind, self.parse_escalation_event(one).code or ""),
            "link": lambda one: Happening(kind, one.get("name") or self.node.get("name", "")),
            "compensate": lambda one: Happening(kind, one.get("activityRef", "")),
            "cancel": lambda _: Happening(kind),
            "terminate": lambda _: Happening(kind),
        }
        if kind not in readers:
            self.raise_validation_exception(f"There is no support for {kind} events.")
        return readers[kind](definitions[0])

    def _timer(self, definition: Any) -> Happening:
        """Return the timer: our timers name a clock and a point, never an instant."""
        texts = children(definition, "timeDate") + children(definition, "timeDuration")
        clock, point = split_timer(texts[0].text if texts else None)
        return Happening("timer", clock, point)


class BareProcess(BpmnProcessSpec):  # type: ignore[misc]
    """A process without the hidden steps that the library adds for its own run time."""

    def __init__(self, **options: Any) -> None:
        """Begin empty, so that no element of a diagram meets a hidden one of its name."""
        super().__init__(**options)
        self.task_specs.clear()
        self.associations: dict[str, str] = {}
        self.node: Any = None


class BoxProcessParser(ProcessParser):  # type: ignore[misc]
    """Reads every element of a process, whether a flow leads to it or not."""

    def _parse(self) -> None:
        self.spec = BareProcess(
            name=self.bpmn_id, description=self.get_name(), filename=self.filename
        )
        self.spec.node = self.node
        for child in self.node:
            if is_bpmn(child) and tag(child) in FLOW_NODES:
                self.parse_node(child)
        for child in children(self.node, "sequenceFlow"):
            self._connect(child)
        for child in children(self.node, "association"):
            self.spec.associations[child.get("sourceRef", "")] = child.get("targetRef", "")

    def _connect(self, flow: Any) -> None:
        boxes = self.spec.task_specs
        source, target = boxes.get(flow.get("sourceRef")), boxes.get(flow.get("targetRef"))
        if source is None or target is None:
            raise ValidationException("A flow leads nowhere.", node=flow, file_name=self.filename)
        conditions = children(flow, "conditionExpression")
        condition = "".join(conditions[0].itertext()).strip() if conditions else None
        way = Way(flow.get("id", ""), source.name, target.name, condition or None)
        source.ways.append(way)
        source.connect(target)


class BoxReader(BpmnParser):  # type: ignore[misc]
    """Reads the diagrams of one bundle; an allow-list of kinds."""

    PROCESS_PARSER_CLASS = BoxProcessParser
    PARSER_CLASSES = {full_tag(kind): (BoxParser, Box) for kind in FLOW_NODES}

    def _add_data_stores(self, bpmn: Any) -> None:
        """Leave data stores to the reader of the picture."""

    def _add_correlations(self, bpmn: Any) -> None:
        """Leave correlation keys out: a message is told apart by its item."""


def read_processes(bundle: Bundle) -> dict[str, BareProcess]:
    """Return the main process and every process it calls or holds, by id.

    Raises DiagramError when a diagram cannot be read.
    """
    parser = BoxReader()
    try:
        for file in bundle.list_files(".bpmn"):
            root = read_markup(bundle.files[file], file=file)
            _name_flows(root)
            parser.add_bpmn_xml(root, filename=file)
        return _reach(parser, bundle.main_process)
    except ValidationException as error:
        raise DiagramError(
            "error.engine.unreadable",
            file=str(error.file_name or ""),
            element=str(error.id or ""),
            detail=str(error),
        ) from error
    except RecursionError as error:
        raise DiagramError(
            "error.engine.unreadable", file="", element=bundle.main_process, detail="too deep"
        ) from error


def _name_flows(root: etree._Element) -> None:
    """Give a flow without an id one; the library would drop the flow without a word (S1)."""
    for number, flow in enumerate(find_all(root, "sequenceFlow")):
        if not flow.get("id"):
            flow.set("id", f"flow.{number}")


def _reach(parser: BoxReader, main: str) -> dict[str, BareProcess]:
    """Read what the main process needs, wherever in the bundle it stands."""
    found: dict[str, BareProcess] = {}
    pending = [main]
    while pending:
        name = pending.pop()
        if name in found:
            continue
        found[name] = parser.get_spec(name)
        for box in found[name].task_specs.values():
            if box.kind in CONTAINERS:
                pending.append(box.name)
            elif box.kind == "callActivity":
                pending.append(box.node.get("calledElement", ""))
    return found
