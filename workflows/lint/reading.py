"""Notices when an element reads a variable that no step of this path has set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from workflows.engine.token import program as p
from workflows.errors import DiagramError
from workflows.lint.facts import IN_BRANCH, Facts
from workflows.lint.values import is_blank


class Gap(NamedTuple):
    """A variable that an element reads in vain."""

    element: str
    variable: str


class _Watched(dict[str, Any]):
    """Variables that remember which of them were read while nobody had set them."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        super().__init__(names)
        self.missed: list[str] = []

    def __contains__(self, name: object) -> bool:
        # Asked before every reading; what is missing reads as nothing.
        text = str(name)
        if text not in IN_BRANCH and is_blank(self.get(text)):
            self.missed.append(text)
        return super().__contains__(name)


def find_gaps(
    facts: Facts, program: p.Program, element: str, names: Mapping[str, Any]
) -> Iterator[Gap]:
    """Yield what the conditions of a gateway read in vain, as far as they are evaluated."""
    node = program.nodes[program.numbers[element]]
    conditions = [flow.condition for flow in node.out if flow.condition is not None]
    if not conditions:
        return
    watched = _Watched(names)
    for condition in conditions:
        try:
            holds = condition(watched)
        except DiagramError:
            continue
        if holds and node.op == p.CHOICE:
            break
    for name in dict.fromkeys(watched.missed):
        if not facts.duties.may_be_blank(name, element):
            yield Gap(element, name)


def find_needs(facts: Facts, element: str, names: Mapping[str, Any]) -> Iterator[Gap]:
    """Yield what an operation or a decision table would look for in vain."""
    reading = facts.reading(element)
    for name in sorted(reading.must):
        if is_blank(names.get(name)) and not facts.duties.may_be_blank(name, element):
            yield Gap(element, name)
    for name in sorted(reading.may):
        if name not in names and not facts.duties.may_be_blank(name, element):
            yield Gap(element, name)
