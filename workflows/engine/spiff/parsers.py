"""Teaches the library's parser our attributes, and builds our own kinds of step from them."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.event_parsers import (
    BoundaryEventParser,
    EndEventParser,
    EventBasedGatewayParser,
    IntermediateCatchEventParser,
    IntermediateThrowEventParser,
    StartEventParser,
)
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.task_parsers import (
    CallActivityParser,
    ConditionalGatewayParser,
    GatewayParser,
    SubprocessParser,
    SubWorkflowParser,
)
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag, one
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from workflows.engine.bundle import Bundle
from workflows.engine.decisions import read_decision
from workflows.engine.markup import own_attribute
from workflows.engine.spiff.activities import Call, PerItem, Scope, Service, Step
from workflows.engine.spiff.decisions import BusinessRule
from workflows.engine.spiff.events import (
    Boundary,
    CaseMessage,
    Catch,
    ClockTimer,
    End,
    EventGateway,
    Start,
    Throw,
)
from workflows.engine.spiff.gateways import Choice, EndJoin, Parallel
from workflows.engine.timers import split_timer


class _Quiet:
    """Leaves out what the library would read and we do not use: data associations."""

    def parse_incoming_data_references(self) -> list[Any]:
        """Return nothing: the case has one set of variables."""
        return []

    def parse_outgoing_data_references(self) -> list[Any]:
        """Return nothing: the case has one set of variables."""
        return []


class _Repeated(_Quiet):
    """Reads ``jiannuo:collection`` of an activity that is carried out once per item."""

    def _add_multiinstance_task(self: Any, loop_characteristics: Any) -> None:
        original = self.spec.task_specs.pop(self.task.name)
        self.task = PerItem(
            self.spec,
            original.name,
            collection=own_attribute(loop_characteristics, "collection") or "",
            bpmn_name=original.bpmn_name,
            lane=original.lane,
        )
        self._copy_task_attrs(original)
        self.task.watch()


class StepParser(_Repeated, TaskParser):  # type: ignore[misc]
    """Reads user tasks."""


class ServiceParser(_Repeated, TaskParser):  # type: ignore[misc]
    """Reads service tasks with their operation."""

    def create_task(self) -> Service:
        """Create the step that calls the operation."""
        operation = own_attribute(self.node, "operation") or ""
        return Service(self.spec, self.bpmn_id, operation=operation, **self.bpmn_attributes)


class BusinessRuleParser(_Repeated, TaskParser):  # type: ignore[misc]
    """Reads business-rule tasks with their decision table."""

    def create_task(self) -> BusinessRule:
        """Create the step that evaluates the table."""
        file = own_attribute(self.node, "decision") or ""
        table = read_decision(self.process_parser.parser.bundle, file=file)
        return BusinessRule(
            self.spec, self.bpmn_id, operation=file, table=table, **self.bpmn_attributes
        )


class ScopeParser(_Repeated, SubWorkflowParser):  # type: ignore[misc]
    """Reads embedded sub-processes."""


class CallParser(_Repeated, CallActivityParser):  # type: ignore[misc]
    """Reads calls of other processes."""

    def create_task(self) -> Call:
        """Create the step that calls the process."""
        return Call(
            self.spec,
            self.bpmn_id,
            letter=own_attribute(self.node, "letter"),
            subworkflow_spec=SubprocessParser.get_call_activity_spec(self),
            **self.bpmn_attributes,
        )


class _Events(_Quiet):
    """Reads timers as points on a clock, and messages by name."""

    def parse_timer_event(self: Any, event: Any) -> ClockTimer:
        """Return the timer; its text names a clock and a point."""
        text = one(event.xpath("./bpmn:timeDate", namespaces=self.nsmap)).text
        clock, point = split_timer(text)
        return ClockTimer(clock, point)

    def parse_message_event(self: Any, message_event: Any) -> CaseMessage:
        """Return the message by the name that its definition gives."""
        messages = self.process_parser.parser.messages
        return CaseMessage(messages[message_event.get("messageRef")])


class StartParser(_Events, StartEventParser):  # type: ignore[misc]
    """Reads start events."""


class EndParser(_Events, EndEventParser):  # type: ignore[misc]
    """Reads end events."""


class BoundaryParser(_Events, BoundaryEventParser):  # type: ignore[misc]
    """Reads boundary events."""


class CatchParser(_Events, IntermediateCatchEventParser):  # type: ignore[misc]
    """Reads events that wait."""


class ThrowParser(_Events, IntermediateThrowEventParser):  # type: ignore[misc]
    """Reads events that throw."""


class EventGatewayParser(_Quiet, EventBasedGatewayParser):  # type: ignore[misc]
    """Reads event-based gateways."""

    def create_task(self) -> EventGateway:
        """Create the gateway without choices; the library connects them one by one."""
        return EventGateway(self.spec, self.bpmn_id, **self.bpmn_attributes)


class ChoiceParser(_Quiet, ConditionalGatewayParser):  # type: ignore[misc]
    """Reads exclusive gateways."""


class ParallelParser(_Quiet, GatewayParser):  # type: ignore[misc]
    """Reads parallel gateways."""


class ProcessSpec(BpmnProcessSpec):  # type: ignore[misc]
    """A process whose hidden end counts every token."""

    def __init__(self, **options: Any) -> None:
        """Put our own end in place of the library's."""
        super().__init__(**options)
        name = f"{self.name}.EndJoin"
        inner = self.task_specs["End"]
        del self.task_specs[name]
        inner.inputs = []
        self.end = EndJoin(self, name)
        self.end.connect(inner)


class CaseProcessParser(ProcessParser):  # type: ignore[misc]
    """Reads a process, leaving its data objects to the reader of the picture."""

    def create_spec(self) -> ProcessSpec:
        """Create the specification of the process."""
        return ProcessSpec(name=self.bpmn_id, description=self.get_name(), filename=self.filename)

    def _parse(self) -> None:
        self.spec = self.create_spec()
        self.add_tasks()


class CaseParser(BpmnParser):  # type: ignore[misc]
    """Reads the diagrams of one bundle."""

    PROCESS_PARSER_CLASS = CaseProcessParser

    # An allow-list: the library knows more kinds of element, and runs some of them wrongly.
    PARSER_CLASSES = {
        full_tag("startEvent"): (StartParser, Start),
        full_tag("endEvent"): (EndParser, End),
        full_tag("boundaryEvent"): (BoundaryParser, Boundary),
        full_tag("intermediateCatchEvent"): (CatchParser, Catch),
        full_tag("intermediateThrowEvent"): (ThrowParser, Throw),
        full_tag("userTask"): (StepParser, Step),
        full_tag("serviceTask"): (ServiceParser, Service),
        full_tag("businessRuleTask"): (BusinessRuleParser, BusinessRule),
        full_tag("subProcess"): (ScopeParser, Scope),
        full_tag("callActivity"): (CallParser, Call),
        full_tag("exclusiveGateway"): (ChoiceParser, Choice),
        full_tag("parallelGateway"): (ParallelParser, Parallel),
        full_tag("eventBasedGateway"): (EventGatewayParser, EventGateway),
    }

    def __init__(self, bundle: Bundle) -> None:
        """Keep the bundle, in which decision tables are looked up."""
        super().__init__()
        self.bundle = bundle

    def _add_data_stores(self, bpmn: Any) -> None:
        """Leave data stores to the reader of the picture."""
