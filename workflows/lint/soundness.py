"""Finds what no process may do: stop for ever, lose a token, make ever more of them, never run."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.engine.token.instance import ARRIVED
from workflows.engine.token.program import PARALLEL
from workflows.lint.graph import Graph, reaching
from workflows.lint.legal_finding import LegalFinding, PathStep, find
from workflows.lint.paths import Teller
from workflows.lint.refined import Path, shortest
from workflows.lint.session import Session

NEVER_PASSED = frozenset({"compensate", "link"})
"""Events that only say where something leads; no token passes them."""


class Soundness:
    """Looks through everything that a process and those it calls can do."""

    def __init__(self, session: Session, teller: Teller) -> None:
        self._session, self._facts, self._teller = session, session.facts, teller

    def check(self) -> Iterator[LegalFinding]:
        """Yield a finding for each way in which the process cannot be carried out."""
        endless: set[str] = set()
        told: set[tuple[str, str, str]] = set()
        # Innermost first: a caller stops where what it calls stops, and need not say so again.
        graphs = [*self._session.called, self._session.main]
        # Where one was not explored to its end, the others were explored with half of it.
        cut_short = [graph for graph in graphs if not graph.is_complete]
        for graph in cut_short or graphs:
            for found in self._of_graph(graph, endless):
                key = (found.name, found.element, str(found.facts.get("variable", "")))
                if key not in told:
                    told.add(key)
                    yield found
        if not cut_short:
            yield from self._dead()

    def _of_graph(self, graph: Graph, endless: set[str]) -> Iterator[LegalFinding]:
        if not graph.is_complete:
            if any(trouble.name == "unbounded" for trouble in graph.troubles):
                yield from self._troubles(graph)
                return
            yield find(
                self._facts, "too_large", element=self._first(graph), count=len(graph.standings)
            )
            return
        yield from self._troubles(graph)
        ending = graph.ground.ending
        yield from self._endless(graph, ending, endless)
        yield from self._lost(graph, ending)

    def _first(self, graph: Graph) -> str:
        return next((edge.element for edge in graph.edges[graph.root]), "")

    def _troubles(self, graph: Graph) -> Iterator[LegalFinding]:
        for trouble, (source, edge) in graph.troubles.items():
            path = self._teller.tell_to(graph, source, edge)
            yield find(
                self._facts, trouble.name, element=trouble.element, path=path, **trouble.facts
            )

    # Paths that never end

    def _endless(self, graph: Graph, ending: set[int], endless: set[str]) -> Iterator[LegalFinding]:
        stuck = {trouble.element for trouble in graph.troubles if trouble.name == "stuck"}
        bad = {at for at in graph.own[1:] if at not in ending}
        bad -= {at for at in bad if graph.standings[at].failed}
        if not bad or stuck or self._called_endless(graph, endless):
            if bad or stuck:
                endless.add(graph.process)
            return
        endless.add(graph.process)
        still = {at for at in bad if not graph.edges[at]}
        goals = still or bad
        path = self._to_one(graph, goals)
        at = self._session.refined(graph).states[path[-1].target][0]
        yield find(
            self._facts,
            "deadlock" if still else "no_end",
            element=self._where(graph, at),
            path=self._teller.tell(graph, path),
        )

    def _to_one(self, graph: Graph, goals: set[int]) -> Path:
        return shortest(self._session.refined(graph), goals.__contains__) or []

    def _called_endless(self, graph: Graph, endless: set[str]) -> bool:
        called = (self._session.called[number].process for number in graph.entered)
        return any(process in endless for process in called)

    def _where(self, graph: Graph, at: int) -> str:
        """Return the element at which the case stands, a waiting join before all others."""
        nodes = self._session.cut.program.nodes
        tokens = graph.standings[at].instance.tokens.values()
        found = sorted(tokens, key=lambda token: (token.mode != ARRIVED, token.id))
        return nodes[found[0].node].id if found else ""

    # Tokens that wait at a join for ever

    def _lost(self, graph: Graph, ending: set[int]) -> Iterator[LegalFinding]:
        waiting: dict[int, set[int]] = {}
        for at in graph.own[1:]:
            for token in graph.standings[at].instance.tokens.values():
                node = self._session.cut.program.nodes[token.node]
                if token.mode == ARRIVED and node.op == PARALLEL:
                    waiting.setdefault(token.node, set()).add(at)
        for number, held in waiting.items():
            element = self._session.cut.program.nodes[number].id
            edges = list(graph.ground.all_edges())
            opening = {at for at, edge in edges if _passes(edge.events, element)}
            lost = (held & ending) - reaching(edges, opening)
            if lost:
                path = self._to_one(graph, lost)
                yield find(
                    self._facts,
                    "lost_token",
                    element=element,
                    path=self._teller.tell(graph, path),
                )

    # Steps that no path reaches

    def _dead(self) -> Iterator[LegalFinding]:
        passed = frozenset().union(*(graph.passed for graph in self._session.graphs))
        for element in self._facts.plan.elements:
            if element in passed or self._is_never_passed(element):
                continue
            before = [one for one in self._before(element) if one in passed]
            is_first = not self._before(element)
            if before or is_first:
                yield find(self._facts, "dead_step", element=element, path=self._to(before))

    def _is_never_passed(self, element: str) -> bool:
        return self._facts.nodes[element].event in NEVER_PASSED

    def _before(self, element: str) -> list[str]:
        node = self._facts.nodes[element]
        host = self._facts.plan.elements[element].attached_to
        return [flow.source for flow in node.incoming] + ([host] if host else [])

    def _to(self, elements: list[str]) -> tuple[PathStep, ...]:
        """Return the shortest path to one of these elements, the last that is reached."""
        for graph in self._session.graphs:
            for source, edge in graph.own_edges():
                if any(_passes(edge.events, element) for element in elements):
                    return self._teller.tell_to(graph, source, edge)
        return ()


def _passes(events: object, element: str) -> bool:
    return any(one.what == "passed" and one.element == element for one in events)  # type: ignore[attr-defined]
