"""Cuts a case into its processes, so that each is explored once and not in all mixtures.

A called process becomes one waiting step of its caller; what it can do is told by its summary. Only
a process that talks to its caller by a message, a signal or an error thrown inside stays whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from workflows.engine.token import program as p
from workflows.lint.declared import Declared
from workflows.lint.facts import LETTER_KIND, Facts, subtree

UPWARD = frozenset({"error", "escalation", "cancel"})
"""Events that are thrown up to whoever called."""
BROADCAST = frozenset({"message", "signal"})


@dataclass
class Cut:
    """The program with each summarised call as a step, and what each process knows and tells."""

    facts: Facts

    @cached_property
    def program(self) -> p.Program:
        """Return the program to explore."""
        source = self.facts.program
        return replace(source, nodes=tuple(self._node(node) for node in source.nodes))

    def _node(self, node: p.Node) -> p.Node:
        if node.op == p.RULE:
            return replace(node, op=p.WORK)
        if node.id in self.called:
            return replace(node, op=p.USER, body=-1)
        return node

    @cached_property
    def called(self) -> Mapping[str, str]:
        """Return each call that is told by a summary, with the process that it calls."""
        plan = self.facts.plan
        return {
            one.id: one.calls
            for one in plan.elements.values()
            if one.calls and one.calls in plan.process_names and one.calls not in self.entangled
        }

    @cached_property
    def subtrees(self) -> Mapping[str, frozenset[str]]:
        """Return the elements of each process and of all that it calls."""
        return {name: subtree(self.facts, name) for name in self.facts.plan.process_names}

    # What cannot be cut

    @cached_property
    def entangled(self) -> frozenset[str]:
        """Return the processes that are explored inside their callers."""
        names = self.facts.plan.process_names
        if any(node.compensation >= 0 for node in self.facts.program.nodes):
            return frozenset(names)
        return frozenset(name for name in names if self._is_entangled(name))

    def _is_entangled(self, process: str) -> bool:
        inside = self.subtrees[process]
        for node in self.facts.program.nodes:
            if node.id in inside and (self._throws_up(node) or self._raises(node)):
                return True
        thrown, caught = self._talk
        return any(
            (one in inside) != (other in inside)
            for subject in thrown.keys() & caught.keys()
            for one in thrown[subject]
            for other in caught[subject]
        )

    @staticmethod
    def _throws_up(node: p.Node) -> bool:
        return node.op in (p.THROW, p.END) and node.event is not None and node.event.kind in UPWARD

    def _raises(self, node: p.Node) -> bool:
        return node.op == p.WORK and bool(self._declared(node).raises)

    def _declared(self, node: p.Node) -> Declared:
        return self.facts.declared.operation(node.operation)

    @cached_property
    def _talk(
        self,
    ) -> tuple[Mapping[tuple[str, str], list[str]], Mapping[tuple[str, str], list[str]]]:
        """Return who throws and who catches each message and signal."""
        thrown: dict[tuple[str, str], list[str]] = {}
        caught: dict[tuple[str, str], list[str]] = {}
        for node in self.facts.program.nodes:
            if node.event is not None and node.event.kind in BROADCAST:
                table = thrown if node.op in (p.THROW, p.END) else caught
                table.setdefault((node.event.kind, node.event.name), []).append(node.id)
        return thrown, caught

    @cached_property
    def thrown_inside(self) -> frozenset[tuple[str, str]]:
        """Return the messages and signals that come from within the case."""
        return frozenset(self._talk[0])

    # What a process tells its caller

    def writes(self, process: str) -> Mapping[str, tuple[object, ...]]:
        """Return the variables that a process, with all it calls, may set."""
        return merge(self.facts.writes(element) for element in sorted(self.subtrees[process]))

    @cached_property
    def _exported(self) -> dict[str, frozenset[str]]:
        return {}

    def exported(self, process: str) -> frozenset[str]:
        """Return the variables that it sets and somebody else reads."""
        if process not in self._exported:
            inside = self.subtrees[process]
            read = {
                name
                for element in self.facts.plan.elements
                if element not in inside
                for name in self.facts.reading(element).all
            }
            self._exported[process] = frozenset(self.writes(process)) & read
        return self._exported[process]

    # What matters where

    @cached_property
    def live(self) -> tuple[frozenset[str], ...]:
        """Return for each node the variables that may still be read before they are set."""
        return Liveness(self).solve()

    def live_at_start(self, process: str) -> frozenset[str]:
        """Return the variables that a called process may read as it finds them."""
        scope = self.program.scopes[self.program.scope_numbers[process]]
        return frozenset().union(*(self.live[start] for start in scope.starts))

    @cached_property
    def quiet(self) -> frozenset[str]:
        """Return the events beside the work that leave no trace: a reminder, and an end."""
        return frozenset(
            node.id
            for node in self.program.nodes
            if node.event is not None
            and node.event.kind == "timer"
            and not node.interrupting
            and self._leaves_no_trace(node)
        )

    def _leaves_no_trace(self, node: p.Node) -> bool:
        seen: set[int] = set()
        pending = [flow.target for flow in node.out]
        while pending:
            here = self.program.nodes[pending.pop()]
            if here.index in seen:
                continue
            seen.add(here.index)
            is_plain = here.op in (p.PASS, p.WORK) and not here.boundaries and here.repeat is None
            is_end = here.op == p.END and here.event is None
            is_seen = here.id in self.facts.duties.marked or self.facts.writes(here.id)
            if not (is_plain or is_end) or here.slots > 1 or is_seen:
                return False
            pending += [flow.target for flow in here.out]
        return True


class Liveness:
    """Works out backwards which variables matter at each node."""

    def __init__(self, cut: Cut) -> None:
        self.cut, self.nodes, self.scopes = cut, cut.program.nodes, cut.program.scopes
        self.live: list[frozenset[str]] = [frozenset()] * len(self.nodes)
        self.sets = [self._surely_set(node) for node in self.nodes]
        self.reads = [self._read_before_set(node) for node in self.nodes]
        self.next = [tuple(self._followers(node)) for node in self.nodes]

    def _read_before_set(self, node: p.Node) -> frozenset[str]:
        reading = self.cut.facts.reading(node.id)
        return reading.must | reading.may | reading.asked | (reading.told - self.sets[node.index])

    def _surely_set(self, node: p.Node) -> frozenset[str]:
        if node.id in self.cut.called or node.op == p.SCOPE:
            return frozenset({LETTER_KIND}) if node.letter else frozenset()
        # A repetition may have no items, and then sets nothing.
        return frozenset() if node.repeat else self.cut.facts.must_write(node.id)

    def _followers(self, node: p.Node) -> Iterator[int]:
        yield from (flow.target for flow in node.out)
        yield from node.offers
        if node.op == p.END or not node.out:
            yield from self._behind_scope(node.scope)
        if node.body >= 0:
            yield from self._inside(node.body)
        if node.id in self.cut.called:
            number = self.cut.program.scope_numbers[self.cut.called[node.id]]
            yield from self.scopes[number].starts

    def _behind_scope(self, scope: int) -> Iterator[int]:
        """Yield what follows when the scope is done: its holders, unless they are cut off."""
        for holder in self.nodes:
            if holder.body == scope:
                yield from (flow.target for flow in holder.out)

    def _inside(self, scope: int) -> Iterator[int]:
        yield from self.scopes[scope].starts

    def solve(self) -> tuple[frozenset[str], ...]:
        """Return the variables that matter, node by node."""
        changed = True
        while changed:
            changed = False
            for node in reversed(self.nodes):
                found = self._live_at(node)
                if found != self.live[node.index]:
                    self.live[node.index] = found
                    changed = True
        return tuple(self.live)

    def _live_at(self, node: p.Node) -> frozenset[str]:
        later: frozenset[str] = frozenset().union(
            *(self.live[one] for one in self.next[node.index])
        )
        beside: frozenset[str] = frozenset().union(
            *(self.live[one] for one in (*node.boundaries, *self._handlers(node.scope)))
        )
        return self.reads[node.index] | (later - self.sets[node.index]) | beside

    def _handlers(self, scope: int) -> Iterator[int]:
        for handler, start in self.scopes[scope].handlers:
            yield handler
            yield start


def merge(tables: Iterator[Mapping[str, tuple[object, ...]]]) -> dict[str, tuple[object, ...]]:
    """Return all values that any of the tables gives to each variable."""
    found: dict[str, list[object]] = {}
    for table in tables:
        for name, values in table.items():
            known = found.setdefault(name, [])
            known += [value for value in values if value not in known]
    return {name: tuple(values) for name, values in found.items()}
