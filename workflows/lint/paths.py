"""Tells a path as a person would follow it: the elements one after another, inside calls too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from workflows.lint.graph import Edge, Graph
from workflows.lint.legal_finding import PathStep
from workflows.lint.refined import Act, Fine, Path, ending_with
from workflows.lint.session import Session
from workflows.lint.summary import Summary
from workflows.lint.values import OTHER
from workflows.lint.walking import ENTERED, PASSED, START, Event, Label


@dataclass
class _Call:
    """What was seen of a called process on the path."""

    summary: Summary
    labels: list[Label] = field(default_factory=list)
    is_done: bool = False


_Piece = tuple[_Call, int]
"""A piece of what a call did: the call, and which of its labels."""


class Teller:
    """Turns steps between ways to stand into steps of the diagram."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def tell(self, graph: Graph, path: Path) -> tuple[PathStep, ...]:
        """Return the path from the very beginning, through the callers, as steps of the diagram."""
        told = [*self._prefix(graph), *self._told(path)]
        return tuple(step for steps in told for step in steps)

    def tell_to(self, graph: Graph, source: int, edge: Edge) -> tuple[PathStep, ...]:
        """Return the shortest path that ends with this step."""
        return self.tell(graph, ending_with(self._session.refined(graph), source, edge))

    def _prefix(self, graph: Graph) -> list[list[PathStep]]:
        """Return how the case comes into this called process."""
        for caller in self._session.graphs:
            if graph.number in caller.entered:
                source, edge = caller.entered[graph.number]
                path = ending_with(self._session.refined(caller), source, edge)
                return [*self._prefix(caller), *self._told(path, until=graph.number)]
        return []

    def _told(self, path: Path, *, until: int = -1) -> list[list[PathStep]]:
        """Return the steps of the diagram, for each step of the path."""
        told: list[list[PathStep | _Piece]] = []
        slots: list[_Call] = []
        for number, fine in enumerate(path):
            entered: dict[int, _Call] = {}
            stop = until if number == len(path) - 1 else -1
            told.append(list(self._steps(fine, slots, entered, stop)))
            if fine.edge is not None:
                carried = [at for at in fine.edge.carry if at >= 0 or at in entered]
                slots = [slots[at] if at >= 0 else entered[at] for at in carried]
        inside: dict[int, list[list[PathStep]]] = {}
        return [[step for one in steps for step in self._open(one, inside)] for steps in told]

    def _steps(
        self, fine: Fine, slots: list[_Call], entered: dict[int, _Call], until: int
    ) -> Iterator[PathStep | _Piece]:
        acts = iter(fine.acts)
        for event in fine.edge.events if fine.edge is not None else ():
            if event.what == PASSED:
                yield self._step(event, fine)
                continue
            if event.what == ENTERED and event.inside is not None and event.inside.summary == until:
                return
            yield self._acted(next(acts), slots, entered)
        for act in acts:
            yield self._acted(act, slots, entered)

    @staticmethod
    def _acted(act: Act, slots: list[_Call], entered: dict[int, _Call]) -> _Piece:
        if act.slot < 0:
            entered[act.slot] = _Call(act.summary)
        call = entered[act.slot] if act.slot < 0 else slots[act.slot]
        call.labels.append(act.label)
        call.is_done = act.is_done
        return call, len(call.labels) - 1

    def _open(
        self, one: PathStep | _Piece, inside: dict[int, list[list[PathStep]]]
    ) -> list[PathStep]:
        if isinstance(one, PathStep):
            return [one]
        call, number = one
        if id(call) not in inside:
            inside[id(call)] = self._inside(call)
        return inside[id(call)][number]

    def _inside(self, call: _Call) -> list[list[PathStep]]:
        pieces = call.summary.retell(call.labels, is_done=call.is_done)
        told = self._told([fine for piece in pieces for fine in piece])
        found: list[list[PathStep]] = []
        for piece in pieces:
            found.append([step for steps in told[: len(piece)] for step in steps])
            told = told[len(piece) :]
        return found

    def _step(self, event: Event, fine: Fine) -> PathStep:
        facts, edge = self._session.facts, fine.edge
        writes = facts.writes(event.element)
        return PathStep(
            element=event.element,
            labels={each: facts.label(event.element, each) for each in ("zh", "en")},
            kind=self._kind(event, edge),
            given=tuple(
                (name, value)
                for name, value in dict(fine.label.given).items()
                if name in writes and value not in (OTHER, "", False)
            ),
        )

    def _kind(self, event: Event, edge: Edge | None) -> str:
        """Return what comes from outside at this element; a called process begins by itself."""
        if edge is None or event.element != edge.element:
            return ""
        is_own = edge.kind == START and event.element not in self._session.cut.program.starts
        return "" if is_own else edge.kind
