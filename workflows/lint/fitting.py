"""Checks that what lies beside a diagram fits it: forms, texts, decision tables, the duties."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from workflows.engine.checks.model import Node
from workflows.engine.decisions import decide
from workflows.engine.markup import read_markup
from workflows.errors import DiagramError
from workflows.lint.cutting import merge
from workflows.lint.facts import Facts
from workflows.lint.legal_finding import LegalFinding, find
from workflows.lint.values import OTHER

MOST_ROWS = 20_000
"""More combinations of inputs than this are not tried one by one."""


_WORD = re.compile(r"'[^']*'|\"[^\"]*\"|-?\d+(?:\.\d+)?|True|False")


def check_fitting(facts: Facts) -> Iterator[LegalFinding]:
    """Yield a finding for whatever does not fit."""
    yield from _duties(facts)
    yield from _texts(facts)
    yield from _values(facts)
    yield from _tables(facts)


def _duties(facts: Facts) -> Iterator[LegalFinding]:
    if not facts.duties.is_there:
        yield find(facts, "no_duties")
    for slip in facts.duties.slips:
        yield find(facts, f"duties.{slip.name}", duty_id=slip.duty, detail=slip.detail)


def _texts(facts: Facts) -> Iterator[LegalFinding]:
    """Yield a finding for each name that has no English."""
    english = facts.plan.texts.get("en")
    if english is None:
        yield find(facts, "no_texts")
        return
    for one in facts.plan.elements.values():
        if one.name and one.id not in english:
            yield find(facts, "no_translation", element=one.id)


def _values(facts: Facts) -> Iterator[LegalFinding]:
    """Yield a finding for each value that a condition waits for and nothing ever sets."""
    tables = [facts.writes(element) for element in facts.plan.elements]
    tables += [{n: (v,) for n, v in given.items()} for given in facts.beginnings]
    for message in {one.message for one in facts.plan.elements.values() if one.message}:
        for given in facts.brought_by(message):
            tables.append({name: (value,) for name, value in given.items()})
    known = merge(iter(tables))
    for node in facts.nodes.values():
        for name, value in _waited_for(facts, node):
            values = known.get(name, ())
            if OTHER not in values and not any(value == each for each in values):
                yield find(
                    facts, "value_never_set", element=node.id, variable=name, value=str(value)
                )


def _waited_for(facts: Facts, node: Node) -> Iterator[tuple[str, Any]]:
    for name in sorted(facts.reading(node.id).asked):
        for value in facts.domains.constants(name):
            text = f"'{value}'"
            if isinstance(value, str) and any(text in one for one in facts.conditions[node.id]):
                yield name, value


# Decision tables


def _tables(facts: Facts) -> Iterator[LegalFinding]:
    """Yield a finding for each combination of inputs that no row, or too many rows, answer."""
    for node in facts.program.nodes:
        if node.table is None:
            continue
        columns = [_column(facts, node.table, at) for at in range(len(node.table.inputs))]
        names = [column.expression or "" for column in node.table.inputs]
        size = 1
        for values in columns:
            size *= len(values)
        if size > MOST_ROWS:
            yield find(facts, "table_too_wide", element=node.id, decision=node.operation)
            continue
        for row in product(*columns):
            try:
                given = dict(zip(names, row, strict=True))
                decide(node.table, file=node.operation, variables=given)
            except DiagramError as error:
                said = ", ".join(f"{name} = {value}" for name, value in given.items())
                yield find(
                    facts,
                    f"table.{error.key.rpartition('.')[2]}",
                    element=node.id,
                    decision=node.operation,
                    inputs=said,
                )
                break


def _column(facts: Facts, table: Any, at: int) -> list[Any]:
    """Return the values to try in a column: those that the table lists, else those of its cells."""
    listed = _listed_values(facts).get(table.inputs[at].id)
    if listed:
        return listed
    found: dict[Any, None] = {}
    for rule in table.rules:
        for value in _in_cell(rule.inputEntries[at].text):
            found[value] = None
    if all(isinstance(each, bool) for each in found):
        return [True, False]
    numbers = [each for each in found if isinstance(each, int | float)]
    return [*found, *(n - 1 for n in numbers), *(n + 1 for n in numbers)] or [OTHER]


def _in_cell(text: str | None) -> Iterator[Any]:
    for word in _WORD.findall(text or ""):
        yield ast.literal_eval(word)


def _listed_values(facts: Facts) -> Mapping[str, list[Any]]:
    """Return the values that the file lists for each input, by the id of the input."""
    found: dict[str, list[Any]] = {}
    for file in facts.bundle.list_files(".dmn"):
        root = read_markup(facts.bundle.files[file], file=file)
        for column in root.iter("{*}input"):
            texts = [
                text for values in column.iter("{*}inputValues") for text in values.iter("{*}text")
            ]
            if texts:
                found[str(column.get("id"))] = list(_in_cell(texts[0].text))
    return found
