"""Explores a process with all that it calls, each once for every way in which it can be called."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from workflows.errors import DiagramError
from workflows.lint.cutting import Cut
from workflows.lint.facts import Facts
from workflows.lint.graph import LARGEST, Explorer, Graph
from workflows.lint.marks import Marks
from workflows.lint.refined import Refined
from workflows.lint.regions import Regions
from workflows.lint.standing import Inside, Likeness
from workflows.lint.summary import Summary
from workflows.lint.values import Values, freeze
from workflows.lint.walking import Given, Opening, Summaries, Walk

Beside = dict[str, dict[str, tuple[object, ...]]]
"""For each process: the variables that others set while it runs, with the values seen."""


class Session(Summaries):
    """One run of the lint over one process."""

    def __init__(self, facts: Facts, most: int = LARGEST) -> None:
        """Explore the main process; what it calls is explored when it is called.

        A process with more than ``most`` ways to stand is not explored to its end.
        """
        self.facts, self._most = facts, most
        self.cut = Cut(facts)
        on_paths = [duty for duty in facts.duties.duties if duty.is_on_paths]
        self.marks = Marks(on_paths, self._setters())
        self._likeness = Likeness(self.cut)
        self._regions = Regions(self.cut.program)
        self._possible = {
            name: self.marks.possible(inside) for name, inside in self.cut.subtrees.items()
        }
        self.beside: Beside = {}
        self._explore()
        while self._learn_beside():
            # Somebody changes what a called process reads while it runs: it has to know.
            self._explore()

    def _explore(self) -> None:
        self.called: list[Graph] = []
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._explorers: dict[str, Explorer] = {}
        self._refined: dict[tuple[int, int], Refined] = {}
        self._shared: dict[tuple[str, int], Refined] = {}
        self._summaries: dict[tuple[int, int], Summary] = {}
        self._open: set[str] = set()
        main = self.facts.bundle.main_process
        begun = [
            ((number,), values)
            for number in self.cut.program.starts.values()
            for values in self.facts.beginnings
        ]
        self.main = Explorer(self.walk(main), self._likeness, self._most).explore(main, begun)

    def forget(self) -> None:
        """Let go of all that was made, which knows this session and would keep it alive."""
        self._refined.clear()
        self._shared.clear()
        self._explorers.clear()
        self._summaries.clear()

    def _setters(self) -> dict[str, list[str]]:
        """Return the elements that set each list of which the items are counted."""
        elements = self.facts.plan.elements
        return {
            name: [each for each in elements if name in self.facts.writes(each)]
            for name in self.facts.duties.lists
        }

    @property
    def graphs(self) -> list[Graph]:
        """Return every graph, the main process first."""
        return [self.main, *self.called]

    @property
    def called_processes(self) -> set[str]:
        """Return the processes that are called."""
        return {graph.process for graph in self.called}

    @property
    def seen(self) -> int:
        """Return the bits of all that some path passes."""
        found = 0
        for graph in self.graphs:
            for _, edge in graph.own_edges():
                for event in edge.events:
                    found |= event.bits
        return found

    def walk(self, process: str) -> Walk:
        """Return what takes the steps of a process."""
        beside = self.beside.get(process, {})
        return Walk(self.cut, self.marks, self, self._regions, beside)

    # Calls, as the walk meets them

    def enter(self, process: str, variables: Values) -> tuple[int, Sequence[Opening]]:
        """Return the summary of a process that finds these variables."""
        live = self.cut.live_at_start(process)
        entry = {name: each for name, each in variables.items() if name in live}
        key = (process, freeze(entry))
        if key not in self._numbers:
            self._numbers[key] = self._explore_called(process, entry)
        number = self._numbers[key]
        return number, self.summary(number, 0).begin()

    def go_on(self, inside: Inside) -> Sequence[Opening]:
        """Return the ways in which a called process goes on."""
        return self.summary(inside.summary, 0).go_on(inside.state)

    def _explore_called(self, process: str, entry: Values) -> int:
        if process in self._open:
            raise DiagramError("error.engine.calls_itself", process=process)
        self._open.add(process)
        scope = self.cut.program.scopes[self.cut.program.scope_numbers[process]]
        if process not in self._explorers:
            self._explorers[process] = Explorer(self.walk(process), self._likeness, self._most)
        graph = self._explorers[process].explore(process, [(scope.starts, entry)])
        self._open.discard(process)
        graph.number = len(self.called)
        self.called.append(graph)
        return graph.number

    def tell(self, inside: Inside, news: Given) -> Inside | None:
        """Return how far a called process is once it is told the news, None if it goes by none."""
        told = self.summary(inside.summary, 0).fitting(inside.state, news, False)
        return inside._replace(state=told[0].state) if told else None

    # Calls, as far as duties tell them apart

    def summary(self, number: int, mask: int) -> Summary:
        """Return what a called process does, as far as these marks tell it apart."""
        graph = self.called[number]
        mask &= self._possible[graph.process]
        if (number, mask) not in self._summaries:
            exported = self.cut.exported(graph.process)
            count = len(self._summaries)
            self._summaries[number, mask] = Summary(count, self.refined(graph, mask), exported)
        return self._summaries[number, mask]

    def refined(self, graph: Graph, mask: int = 0) -> Refined:
        """Return the graph with its calls told apart as far as these marks ask."""
        if graph.is_main:
            # Its own steps are known to every duty; what counts are the insides of its calls.
            called = self.called_processes
            mask &= reduce(or_, (self._possible[name] for name in called), 0)
        key = (graph.number, mask)
        if key not in self._refined:
            self._refined[key] = self._refine(graph, mask)
        return self._refined[key]

    def _refine(self, graph: Graph, mask: int) -> Refined:
        key = (graph.process, mask)
        if key not in self._shared:
            self._shared[key] = Refined(graph, mask, self.summary)
            return self._shared[key]
        return self._shared[key].beginning(graph)

    # What others change meanwhile

    def _learn_beside(self) -> bool:
        """Note what was set beside each call that reads it; return whether any of it is new."""
        found: Beside = {name: dict(each) for name, each in self.beside.items()}
        for graph in self.graphs:
            for number, given in graph.changed_beside.items():
                inside = self.cut.subtrees[self.called[number].process]
                for process in self.facts.plan.process_names:
                    if self.cut.subtrees[process] <= inside:
                        self._note_beside(found, process, given)
        is_new = found != self.beside
        self.beside = found
        return is_new

    def _note_beside(self, found: Beside, process: str, given: dict[str, list[object]]) -> None:
        reads = {
            name
            for element in self.cut.subtrees[process]
            for name in self.facts.reading(element).all
        }
        for name, values in given.items():
            if name in reads:
                known = found.setdefault(process, {}).get(name, ())
                found[process][name] = (*known, *(each for each in values if each not in known))
