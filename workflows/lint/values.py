"""Cuts the values of a case down to those that some condition can tell apart.

A variable that conditions read keeps its values; one that only operations need is blank or not;
one that nobody reads is left out. So few values stand for all.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any

from workflows.engine.expressions import compile_expression
from workflows.lint.declared import ITEMS, KEPT, VALUE

Values = Mapping[str, Any]

OTHER = "▪"
"""Stands for every value that no condition names."""
LISTS: tuple[tuple[str, ...], ...] = ((), ("1",), ("1", "2"))
"""A list is tried with none, one and two items: two can get in each other's way."""
BLANK = ("", None)


class Domains:
    """Which values of each variable the exploration keeps apart."""

    def __init__(self, conditions: Iterable[str], collections: Iterable[str]) -> None:
        self.collections = frozenset(collections)
        self._constants: dict[str, list[Any]] = {}
        for text in conditions:
            tree = compile_expression(text)
            for name, value in _compared(tree):
                known = self._constants.setdefault(name, [])
                if value is not None and not _is_among(value, known):
                    known.append(value)

    @property
    def told_apart(self) -> frozenset[str]:
        """Return the variables that some condition reads."""
        return frozenset(self._constants)

    def constants(self, name: str) -> tuple[Any, ...]:
        """Return what conditions compare the variable with."""
        return tuple(self._constants.get(name, ()))

    def spread(self, name: str, value: Any) -> tuple[Any, ...]:
        """Return the values that stand for a declared one."""
        if value is ITEMS:
            return LISTS if name in self.collections else (OTHER,)
        if value is VALUE:
            return (*self.constants(name), OTHER) if name in self._constants else (OTHER,)
        return (self.keep(name, value),)

    def keep(self, name: str, value: Any) -> Any:
        """Return the value as far as anybody can tell it from others."""
        if isinstance(value, list | tuple):
            return tuple(str(each) for each in value)
        if value in BLANK or name in self._constants or name in self.collections:
            return "" if value is None else value
        return OTHER


def combine(
    choices: Mapping[str, Iterable[Any]], domains: Domains, kept: frozenset[str]
) -> tuple[Values, ...]:
    """Return every combination of values that can be told from the others."""
    names = [name for name in choices if name in kept]
    spread = [_spread(name, choices[name], domains) for name in names]
    found: dict[tuple[Any, ...], Values] = {}
    for values in product(*spread):
        given = {n: v for n, v in zip(names, values, strict=True) if v is not KEPT}
        found.setdefault(freeze(given), given)
    return tuple(found.values())


def _spread(name: str, values: Iterable[Any], domains: Domains) -> list[Any]:
    found: list[Any] = []
    for value in values:
        for each in (KEPT,) if value is KEPT else domains.spread(name, value):
            if not _is_among(each, found):
                found.append(each)
    return found


def freeze(values: Values) -> tuple[Any, ...]:
    """Return values as something to compare and look up by; True is not 1."""
    return tuple(sorted((name, type(each).__name__, each) for name, each in values.items()))


def is_blank(value: Any) -> bool:
    """Return whether nobody has said anything yet: nothing, or an empty text."""
    return value is None or (isinstance(value, str) and not value)


def _is_among(value: Any, known: Iterable[Any]) -> bool:
    return any(type(value) is type(each) and value == each for each in known)


def _compared(node: ast.expr) -> Iterator[tuple[str, Any]]:
    """Yield each variable with a value that the condition tells apart."""
    if isinstance(node, ast.Compare):
        yield from _in_comparison(node)
        return
    if isinstance(node, ast.Name):
        yield node.id, True
        yield node.id, False
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield from _compared(child)


def _in_comparison(node: ast.Compare) -> Iterator[tuple[str, Any]]:
    parts = [node.left, *node.comparators]
    constants = [value for part in parts for value in _constants(part)]
    is_ordered = any(isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE) for op in node.ops)
    for part in parts:
        if isinstance(part, ast.Name):
            yield part.id, None
            for value in constants:
                yield part.id, value
                if is_ordered and isinstance(value, int | float):
                    yield part.id, value - 1
                    yield part.id, value + 1
        elif not isinstance(part, ast.Constant):
            yield from _compared(part)


def _constants(node: ast.expr) -> Iterator[Any]:
    if isinstance(node, ast.Constant) and node.value is not None:
        yield node.value
    elif isinstance(node, ast.List | ast.Tuple):
        for each in node.elts:
            yield from _constants(each)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        for value in _constants(node.operand):
            yield -value
