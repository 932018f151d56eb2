"""A diagram that would run wrongly is refused before any case meets it."""

from __future__ import annotations

from collections.abc import Iterator, Set

from workflows.engine.blueprint import blueprint
from workflows.engine.bundle import Bundle
from workflows.engine.checks.events import check_events
from workflows.engine.checks.flows import check_flows
from workflows.engine.checks.kinds import check_ids, check_kinds
from workflows.engine.checks.loops import check_loops
from workflows.engine.checks.model import Model, read_model
from workflows.engine.checks.size import check_growth, check_size
from workflows.engine.checks.support import SUPPORTS, TOKEN
from workflows.engine.checks.tables import check_tables
from workflows.engine.checks.throws import check_throws
from workflows.engine.checks.tokens import check_joins, check_messages
from workflows.engine.checks.work import check_work
from workflows.engine.findings import Finding
from workflows.engine.spiff.definition import definition_of
from workflows.engine.token.compiler import program_of
from workflows.errors import DiagramError

__all__ = ["Finding", "check_bundle"]


def check_bundle(
    bundle: Bundle, *, operations: Set[str], roles: Set[str], engine: str = TOKEN.engine
) -> list[Finding]:
    """Return everything that speaks against deploying the bundle, in the order of its files.

    ``operations`` are those that the handlers register, ``roles`` those that lanes may name,
    ``engine`` the one that its cases are to start on.
    """
    model, findings = read_model(bundle, SUPPORTS[engine])
    findings += _check_shape(model)
    if not findings:
        findings += _check_run(model, operations=operations, roles=roles)
    if not findings:
        findings += _check_engine(bundle, engine)
    return sorted(findings, key=lambda found: (found.file, found.element, found.rule, found.name))


def _check_shape(model: Model) -> Iterator[Finding]:
    """Yield what must be right before the rest can be judged."""
    yield from check_ids(model)
    yield from check_kinds(model)
    yield from check_size(model)


def _check_run(model: Model, *, operations: Set[str], roles: Set[str]) -> Iterator[Finding]:
    flows = list(check_flows(model))
    yield from flows
    yield from check_events(model)
    if model.support.is_wide:
        yield from check_throws(model)
    yield from check_tables(model)
    try:
        plan = blueprint(model.bundle)
    except DiagramError as error:
        yield Finding(str(error.facts.get("file", "")), "", "", "json", "not_json", error.facts)
        return
    yield from check_work(model, plan=plan, operations=operations, roles=roles)
    loops = list(check_loops(model))
    yield from loops
    if not flows and not loops:
        grown = list(check_growth(model))
        yield from grown
        if not grown:
            yield from check_joins(model)
            yield from check_messages(model)


def _check_engine(bundle: Bundle, engine: str) -> Iterator[Finding]:
    """Yield what the engine itself does not accept, after all our own checks passed."""
    try:
        if engine == TOKEN.engine:
            program_of(bundle)
        else:
            definition_of(bundle)
    except DiagramError as error:
        yield Finding(
            file=str(error.facts.get("file", "")),
            element=str(error.facts.get("element", "")),
            label="",
            rule="library",
            name="library",
            facts={"detail": str(error.facts.get("detail", error))},
        )
