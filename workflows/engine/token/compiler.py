"""Compiles the parsed diagrams of a bundle into the program that its cases run on."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from workflows.engine.bundle import Bundle
from workflows.engine.decisions import read_decision
from workflows.engine.expressions import Condition, compile_condition
from workflows.engine.markup import children, own_attribute
from workflows.engine.recent import RecentlyUsed
from workflows.engine.token import program as p
from workflows.engine.token.reading import BareProcess, Box, read_processes
from workflows.errors import DiagramError

OPS = {
    "startEvent": p.PASS,
    "boundaryEvent": p.PASS,
    "userTask": p.USER,
    "serviceTask": p.WORK,
    "businessRuleTask": p.RULE,
    "intermediateCatchEvent": p.CATCH,
    "receiveTask": p.CATCH,
    "eventBasedGateway": p.EVENT_GATE,
    "exclusiveGateway": p.CHOICE,
    "parallelGateway": p.PARALLEL,
    "inclusiveGateway": p.INCLUSIVE,
    "subProcess": p.SCOPE,
    "transaction": p.SCOPE,
    "callActivity": p.SCOPE,
    "intermediateThrowEvent": p.THROW,
    "sendTask": p.THROW,
    "endEvent": p.END,
}

_programs: RecentlyUsed[p.Program] = RecentlyUsed(limit=32)


def program_of(bundle: Bundle) -> p.Program:
    """Return the program of the bundle, compiled on first use.

    Raises DiagramError when a diagram cannot be read or compiled.
    """
    return _programs.get(key=bundle.hash, make=lambda: compile_bundle(bundle))


def forget_all() -> None:
    """Forget every program, so that the next move compiles again."""
    _programs.clear()


def compile_bundle(bundle: Bundle) -> p.Program:
    """Compile the bundle. Raises DiagramError when a diagram cannot be read."""
    return _Compiler(bundle, read_processes(bundle)).program()


class _Compiler:
    """Numbers all scopes and nodes, then writes each node with the numbers of its neighbours."""

    def __init__(self, bundle: Bundle, processes: Mapping[str, BareProcess]) -> None:
        self.bundle = bundle
        self.processes = processes
        self.scopes = {name: number for number, name in enumerate(processes)}
        self.boxes: list[tuple[BareProcess, Box]] = [
            (process, box) for process in processes.values() for box in process.task_specs.values()
        ]
        self.numbers = {box.name: number for number, (_, box) in enumerate(self.boxes)}
        self.attached: dict[str, list[Box]] = {}
        self.slots: dict[str, list[Any]] = {}
        for _, box in self.boxes:
            if box.kind == "boundaryEvent":
                self.attached.setdefault(box.node.get("attachedToRef", ""), []).append(box)
            for way in box.ways:
                self.slots.setdefault(way.target, []).append(way)

    def program(self) -> p.Program:
        main = self.processes[self.bundle.main_process]
        starts = {
            box.name: self.numbers[box.name]
            for box in main.task_specs.values()
            if box.kind == "startEvent"
        }
        return p.Program(
            hash=self.bundle.hash[:16],
            scopes=tuple(self.scope(process) for process in self.processes.values()),
            nodes=tuple(self.node(process, box) for process, box in self.boxes),
            numbers=MappingProxyType(self.numbers),
            scope_numbers=MappingProxyType(self.scopes),
            starts=MappingProxyType(starts),
        )

    # Scopes

    def scope(self, process: BareProcess) -> p.Scope:
        boxes = list(process.task_specs.values())
        handlers = [box for box in boxes if is_event_subprocess(box)]
        return p.Scope(
            index=self.scopes[process.name],
            id=process.name,
            starts=tuple(self.numbers[box.name] for box in self.starts_of(process)),
            handlers=tuple((self.numbers[box.name], self.start_event(box)) for box in handlers),
            is_event=process.node.get("triggeredByEvent") == "true",
            is_transaction=process.node.tag.endswith("transaction"),
        )

    def starts_of(self, process: BareProcess) -> list[Box]:
        """Return where a token begins: at the plain start, or at all that no flow leads to."""
        boxes = list(process.task_specs.values())
        starts = [box for box in boxes if box.kind == "startEvent"]
        if starts:
            return [box for box in starts if box.happening is None][:1] or starts[:1]
        return [
            box
            for box in boxes
            if box.name not in self.slots
            and box.kind != "boundaryEvent"
            and (box.happening is None or box.happening.kind != "link")
            and not is_event_subprocess(box)
            and box.node.get("isForCompensation") != "true"
        ]

    def start_event(self, box: Box) -> int:
        inside = self.processes[box.name].task_specs.values()
        starts = [one for one in inside if one.kind == "startEvent"]
        if len(starts) != 1 or starts[0].happening is None:
            raise DiagramError(
                "error.engine.unreadable",
                file=str(self.processes[box.name].file or ""),
                element=box.name,
                detail="an event sub-process needs one start event with a trigger",
            )
        return self.numbers[starts[0].name]

    # Nodes

    def node(self, process: BareProcess, box: Box) -> p.Node:
        ways = self.ways(box)
        default = box.node.get("default")
        happening = box.happening
        boundaries = tuple(self.numbers[one.name] for one in self.attached.get(box.name, ()))
        return p.Node(
            index=self.numbers[box.name],
            id=box.name,
            op=OPS[box.kind],
            scope=self.scopes[process.name],
            out=tuple(self.flow(way) for way in ways),
            default=next((at for at, way in enumerate(ways) if default and way.id == default), -1),
            slots=len(self.slots.get(box.name, ())),
            event=p.Event(happening.kind, happening.name, happening.point) if happening else None,
            interrupting=is_interrupting(box),
            boundaries=boundaries,
            offers=self.offers(box, boundaries),
            body=self.body(box),
            repeat=self.repeat(box),
            operation=self.operation(box),
            table=self.table(box),
            letter=own_attribute(box.node, "letter"),
            compensation=self.compensation(process, box),
            undoes=self.undoes(box),
            upstream=self.upstream(process, box) if box.kind == "inclusiveGateway" else (),
        )

    def ways(self, box: Box) -> list[Any]:
        """Return the flows out of a box; a thrown link leads to the link of its name."""
        if box.kind == "intermediateThrowEvent" and box.happening and box.happening.kind == "link":
            return [way for other in self.link_targets(box) for way in other.ways]
        return list(box.ways)

    def link_targets(self, box: Box) -> list[Box]:
        assert box.happening is not None
        process = next(one for one, other in self.boxes if other is box)
        return [
            other
            for other in process.task_specs.values()
            if other.kind == "intermediateCatchEvent"
            and other.happening is not None
            and (other.happening.kind, other.happening.name) == ("link", box.happening.name)
        ][:1]

    def flow(self, way: Any) -> p.Flow:
        return p.Flow(
            target=self.numbers[way.target],
            slot=next(at for at, one in enumerate(self.slots[way.target]) if one is way),
            condition=_condition(way.condition),
        )

    def offers(self, box: Box, boundaries: tuple[int, ...]) -> tuple[int, ...]:
        own: tuple[int, ...] = (self.numbers[box.name],) if OPS[box.kind] == p.CATCH else ()
        if box.kind == "eventBasedGateway":
            own = tuple(self.numbers[way.target] for way in box.ways)
        offered = (*own, *boundaries)
        return tuple(one for one in offered if self.is_awaited(self.boxes[one][1]))

    def is_awaited(self, box: Box) -> bool:
        """Return whether the event comes from outside, and is not thrown up from within."""
        return box.happening is not None and box.happening.kind in p.AWAITED

    def body(self, box: Box) -> int:
        if box.kind in ("subProcess", "transaction"):
            return self.scopes[box.name]
        if box.kind == "callActivity":
            return self.scopes[box.node.get("calledElement", "")]
        return -1

    def operation(self, box: Box) -> str:
        name = "decision" if box.kind == "businessRuleTask" else "operation"
        return own_attribute(box.node, name) or ""

    def table(self, box: Box) -> Any:
        if box.kind != "businessRuleTask":
            return None
        return read_decision(self.bundle, file=self.operation(box))

    def repeat(self, box: Box) -> p.Repeat | None:
        for loop in children(box.node, "multiInstanceLoopCharacteristics"):
            return p.Repeat(
                sequential=loop.get("isSequential") == "true",
                collection=own_attribute(loop, "collection") or "",
                cardinality=_condition(_text(loop, "loopCardinality")),
                until=_condition(_text(loop, "completionCondition")),
            )
        for loop in children(box.node, "standardLoopCharacteristics"):
            return p.Repeat(
                is_loop=True,
                condition=_condition(_text(loop, "loopCondition")),
                test_before=loop.get("testBefore") == "true",
                maximum=int(loop.get("loopMaximum", "0")),
            )
        return None

    def compensation(self, process: BareProcess, box: Box) -> int:
        for event in self.attached.get(box.name, ()):
            if event.happening is not None and event.happening.kind == "compensate":
                return self.numbers.get(process.associations.get(event.name, ""), -1)
        return -1

    def undoes(self, box: Box) -> int:
        if box.happening is None or box.happening.kind != "compensate":
            return -1
        return self.numbers.get(box.happening.name, -1)

    # Inclusive joins: BPMN 2.0, 13.4.3

    def upstream(self, process: BareProcess, box: Box) -> tuple[frozenset[int], ...]:
        before: dict[str, set[str]] = {}
        for other in process.task_specs.values():
            for way in self.ways(other):
                before.setdefault(way.target, set()).add(other.name)
        for host, events in self.attached.items():
            # What leaves an activity by an event attached to it is on its way as well.
            for event in events:
                before.setdefault(event.name, set()).add(host)
        return tuple(
            frozenset(self.numbers[one] for one in _leading_to(way.source, before, box.name))
            for way in self.slots.get(box.name, ())
        )


def _leading_to(source: str, before: Mapping[str, set[str]], join: str) -> set[str]:
    """Return the nodes from which a token may come to ``source`` without passing the join."""
    found: set[str] = set()
    pending = [source]
    while pending:
        name = pending.pop()
        if name != join and name not in found:
            found.add(name)
            pending.extend(before.get(name, ()))
    return found


def is_event_subprocess(box: Box) -> bool:
    """Return whether an event inside starts this sub-process, not a flow."""
    return box.kind == "subProcess" and box.node.get("triggeredByEvent") == "true"


def is_interrupting(box: Box) -> bool:
    """Return whether the event ends what it happens in; the library reads it for boundaries only.

    S3: ``isInterrupting`` of the start event of an event sub-process is not read.
    """
    name = "isInterrupting" if box.kind == "startEvent" else "cancelActivity"
    return str(box.node.get(name, "true")).lower() == "true"


def _condition(text: str | None) -> Condition | None:
    return compile_condition(text) if text else None


def _text(element: Any, name: str) -> str:
    found = children(element, name)
    return "".join(found[0].itertext()).strip() if found else ""
