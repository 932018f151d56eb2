"""Checks that what lies beside a diagram fits it: forms, texts, decision tables, the duties."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any

from workflows.engine.bundle import Bundle
from workflows.engine.checks.model import Node
from workflows.engine.decisions import decide, read_decision
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
    bundle = facts.bundle
    tables = tuple((file, bundle.files[file]) for file in bundle.list_files(".dmn"))
    for node in facts.program.nodes:
        if node.table is None:
            continue
        misfit = _misfit(node.operation, tables)
        if misfit is not None:
            name, said = misfit
            yield find(facts, name, element=node.id, decision=node.operation, inputs=said)


@lru_cache(maxsize=64)
def _misfit(file: str, tables: tuple[tuple[str, bytes], ...]) -> tuple[str, str] | None:
    """Return what is wrong with a table, and for which inputs.

    None if it answers every combination just once. ``tables`` are the files of all tables.
    """
    bundle = Bundle(key="", main_process="", files=dict(tables))
    table, listed = read_decision(bundle, file=file), _listed_values(bundle)
    columns = [_column(listed, table, at) for at in range(len(table.inputs))]
    names = [column.expression or "" for column in table.inputs]
    if prod(map(len, columns)) > MOST_ROWS:
        return "table_too_wide", ""
    for row in product(*columns):
        given = dict(zip(names, row, strict=True))
        try:
            decide(table, file=file, variables=given)
        except DiagramError as error:
            said = ", ".join(f"{name} = {value}" for name, value in given.items())
            return f"table.{error.key.rpartition('.')[2]}", said
    return None


def _column(listed_values: Mapping[str, list[Any]], table: Any, at: int) -> list[Any]:
    """Return the values to try in a column: those that the table lists, else those of its cells."""
    listed = listed_values.get(table.inputs[at].id)
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


def _listed_values(bundle: Bundle) -> Mapping[str, list[Any]]:
    """Return the values that the file lists for each input, by the id of the input."""
    found: dict[str, list[Any]] = {}
    for file in bundle.list_files(".dmn"):
        root = read_markup(bundle.files[file], file=file)
        for column in root.iter("{*}input"):
            texts = [
                text for values in column.iter("{*}inputValues") for text in values.iter("{*}text")
            ]
            if texts:
                found[str(column.get("id"))] = list(_in_cell(texts[0].text))
    return found
