"""Bounds how often the world outside may speak: again only once what it began before is done.

A message beside the work may come any number of times; each would begin the same path once more.
One at a time, and again afterwards, shows every path there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from workflows.engine.token import program as p
from workflows.engine.token.events import Wait
from workflows.lint.standing import Standing


class Regions:
    """The nodes that only a non-interrupting event leads to."""

    def __init__(self, program: p.Program) -> None:
        self._program = program
        self._known: dict[int, frozenset[int]] = {}

    def is_busy(self, standing: Standing, wait: Wait) -> bool:
        """Return whether what an earlier event of this kind began is still under way."""
        if wait.node.interrupting or wait.token is not None and not self._is_beside(wait):
            return False
        tokens = standing.instance.tokens.values()
        if wait.token is None:
            assert wait.place is not None
            return any(one.node == wait.handler and one.place == wait.place.id for one in tokens)
        region = self._of(wait.node)
        return any(one.node in region and one.place == wait.token.place for one in tokens)

    def _is_beside(self, wait: Wait) -> bool:
        assert wait.token is not None
        return wait.node.index in self._program.nodes[wait.token.node].boundaries

    def _of(self, event: p.Node) -> frozenset[int]:
        if event.index not in self._known:
            behind = self._reach([event.index], through_all=True)
            own = behind - self._usual[event.scope]
            self._known[event.index] = own or behind
        return self._known[event.index]

    @cached_property
    def _usual(self) -> Mapping[int, frozenset[int]]:
        """Return for each scope the nodes that are reached without an event beside the work."""
        return {
            scope.index: self._reach(self._beginnings(scope), through_all=False)
            for scope in self._program.scopes
        }

    def _beginnings(self, scope: p.Scope) -> list[int]:
        mains = [*self._program.starts.values()]
        return [
            *scope.starts,
            *(one for one in mains if self._program.nodes[one].scope == scope.index),
        ]

    def _reach(self, begun: list[int], *, through_all: bool) -> frozenset[int]:
        found: set[int] = set()
        pending = list(begun)
        while pending:
            number = pending.pop()
            if number in found:
                continue
            found.add(number)
            node = self._program.nodes[number]
            pending += [flow.target for flow in node.out]
            pending += [
                one
                for one in node.boundaries
                if through_all or self._program.nodes[one].interrupting
            ]
        return frozenset(found)
