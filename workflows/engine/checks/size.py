"""Refuses drawings so large that neither a person nor the check could follow them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from workflows.engine.blueprint import FLOW_NODES
from workflows.engine.checks.model import Model, Scope
from workflows.engine.findings import Finding
from workflows.engine.markup import is_bpmn, tag

MOST_ELEMENTS: Final = 1_000
"""In a process with its sub-processes. The largest we know has 72; to find what can be busy at the
same time takes the square of it in the worst case, which is a second at this size."""
MOST_PLACES: Final = 5_000
"""In all that a case may open, where a process counts as often as it is called: ten processes that
each call the next one twice are a thousand."""
MOST_LEVELS: Final = 50
"""Of sub-processes and calls inside each other; Python's stack ends a few hundred further down."""


def check_size(model: Model) -> Iterator[Finding]:
    """Yield a finding for each process with too many elements."""
    for scope in model.processes.values():
        count = sum(is_bpmn(xml) and tag(xml) in FLOW_NODES for xml in scope.xml.iter())
        if count > MOST_ELEMENTS:
            yield scope.finding("too_many_elements", rule="size", count=count, limit=MOST_ELEMENTS)


def check_growth(model: Model) -> Iterator[Finding]:
    """Yield a finding when sub-processes and calls open too much, or too deep inside each other.

    To be asked once no process calls itself.
    """
    main = model.processes.get(model.bundle.main_process)
    places, pending = 0, [(main, 1)] if main is not None else []
    while pending:
        scope, level = pending.pop()
        places += len(scope.nodes)
        if level > MOST_LEVELS:
            yield scope.finding("too_deep", rule="size", limit=MOST_LEVELS)
            return
        if places > MOST_PLACES:
            yield scope.finding("too_many_places", rule="size", limit=MOST_PLACES)
            return
        pending += ((inner, level + 1) for inner in _opened(model, scope))


def _opened(model: Model, scope: Scope) -> Iterator[Scope]:
    for node in scope.nodes.values():
        inner = model.inner_scope(node)
        if inner is not None:
            yield inner
