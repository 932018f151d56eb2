"""Whose turn it is after a step, as the diagrams draw it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from workflows.engine.blueprint import Blueprint, Element

Ways = Mapping[str, Iterable[str]]

CONTAINERS = frozenset({"subProcess", "transaction"})
WAITS = frozenset({"receiveTask", "intermediateCatchEvent", "eventBasedGateway"})


def next_posts(plan: Blueprint, element_id: str) -> tuple[str, ...]:
    """Return the posts of the steps that may follow a step, the drawn order kept.

    A way back does not count: it leads to a step that every way to here has passed. After a wait
    nobody is next, and what an attached event brings is not foreseen.
    """
    ways = _ways(plan)
    ahead = (
        step
        for step in _first_steps(plan, ways, plan.element(element_id).flows)
        if _is_reached(plan, ways, element_id, without=step.id)
    )
    return tuple(dict.fromkeys(step.role for step in ahead if step.role))


def _first_steps(plan: Blueprint, ways: Ways, targets: Iterable[str]) -> Iterator[Element]:
    """Yield the first steps for people from these elements on."""
    todo, seen = list(targets), set[str]()
    while todo:
        element = plan.element(todo.pop(0))
        if element.id in seen or element.kind in WAITS:
            continue
        seen.add(element.id)
        if element.kind == "userTask":
            yield element
        else:
            todo.extend(ways[element.id])


def _is_reached(plan: Blueprint, ways: Ways, element_id: str, *, without: str) -> bool:
    """Return whether some way from a start leads here and leaves that step out."""
    attached: dict[str | None, list[str]] = defaultdict(list)
    for one in plan.elements.values():
        attached[one.attached_to].append(one.id)
    todo, seen = [start.id for start in plan.starts], {without}
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo.extend((*ways[name], *attached[name]))
    return element_id in seen and element_id != without


def _ways(plan: Blueprint) -> Ways:
    """Return what a token enters behind each element: the inside of a container, then its flows."""
    starts: dict[str, list[str]] = defaultdict(list)
    around: dict[str, list[str]] = defaultdict(list)
    for one in plan.elements.values():
        if one.kind == "startEvent":
            starts[one.scope].append(one.id)
        around[one.calls or one.id].extend(one.flows)
    return {
        one.id: starts[one.calls or one.id]
        if one.calls or one.kind in CONTAINERS
        else around[one.scope]
        if one.kind == "endEvent"
        else one.flows
        for one in plan.elements.values()
    }
