"""Refuses decision tables that the library would read as something else than they say."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from workflows.engine.cells import cell_expression
from workflows.engine.checks.model import Model, Node
from workflows.engine.decisions import UNIQUE, read_decision
from workflows.engine.expressions import compile_expression
from workflows.engine.findings import Finding
from workflows.engine.markup import own_attribute
from workflows.errors import DiagramError


def check_tables(model: Model) -> Iterator[Finding]:
    """Yield a finding for every business-rule task whose table cannot be evaluated rightly."""
    for node in model.nodes:
        if node.kind != "businessRuleTask":
            continue
        file = own_attribute(node.xml, "decision")
        if file is None:
            yield node.finding("no_decision", rule="decision")
            continue
        try:
            table = read_decision(model.bundle, file=file)
        except DiagramError as error:
            yield node.finding(
                error.key.removeprefix("error.engine."), rule="decision", **error.facts
            )
            continue
        yield from _cells(node, table, file)
        yield from _overlaps(node, table, file)


def _cells(node: Node, table: Any, file: str) -> Iterator[Finding]:
    for output in table.outputs:
        if not (output.name or output.label):
            yield node.finding("nameless_output", rule="decision", decision=file)
    for rule in table.rules:
        for text, compiles in _texts(rule):
            if not compiles:
                yield node.finding(
                    "cell", rule="expression", decision=file, row=rule.row_number, text=text
                )


def _texts(rule: Any) -> Iterator[tuple[str, bool]]:
    for entry in rule.inputEntries:
        column = entry.input.expression or ""
        yield f"{column} : {entry.text}", _compiles(column, entry.text)
    for entry in rule.outputEntries:
        if entry.text:
            yield entry.text, _compiles(entry.text, None)


def _compiles(column: str, cell: str | None) -> bool:
    try:
        compile_expression(column)
        cell_expression(column=column, cell=cell)
    except DiagramError:
        return False
    return True


def _overlaps(node: Node, table: Any, file: str) -> Iterator[Finding]:
    """Yield a finding for two rules of a UNIQUE table that surely fit the same values."""
    if table.hit_policy != UNIQUE:
        return
    for first, second in combinations(table.rules, 2):
        pairs = zip(first.inputEntries, second.inputEntries, strict=False)
        if all(_meet(_values(one.text), _values(other.text)) for one, other in pairs):
            rows = f"{first.row_number}, {second.row_number}"
            yield node.finding("rules_overlap", rule="decision", decision=file, rows=rows)


ANY = frozenset({"any value"})


def _meet(first: frozenset[Any] | None, second: frozenset[Any] | None) -> bool:
    """Return whether two cells surely share a value; a comparison is not known well enough."""
    if first is None or second is None:
        return False
    if first is ANY or second is ANY:
        return True
    return bool(first & second)


def _values(text: str | None) -> frozenset[Any] | None:
    if (text or "").strip() in ("", "-"):
        return ANY
    bare = str(text).strip().removeprefix("in ").strip()
    try:
        value = ast.literal_eval(bare)
    except (ValueError, SyntaxError):
        return None
    return frozenset(value) if isinstance(value, list | tuple) else frozenset({value})
