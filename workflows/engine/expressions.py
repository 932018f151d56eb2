"""Conditions are written by people outside the code, so only harmless expressions may be run.

Trap 24 of the library notes: the evaluator alone lets an expression change data or eat memory,
so every node of the expression must be on a short list before it is evaluated.
"""

from __future__ import annotations

import ast
import operator
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import simpleeval

from workflows.errors import DiagramError

MAXIMUM_LENGTH = 500

ALLOWED: tuple[type[ast.AST], ...] = (
    ast.Expression,
    ast.BoolOp,
    ast.And,
    ast.Or,
    ast.UnaryOp,
    ast.Not,
    ast.USub,
    ast.Compare,
    ast.Eq,
    ast.NotEq,
    ast.Lt,
    ast.LtE,
    ast.Gt,
    ast.GtE,
    ast.In,
    ast.NotIn,
    ast.Is,
    ast.IsNot,
    ast.Name,
    ast.Load,
    ast.Constant,
    ast.List,
    ast.Tuple,
)
CONSTANTS = (str, int, float, bool, type(None))

Condition = Callable[[Mapping[str, Any]], Any]


class Names(dict[str, Any]):
    """The variables of a case; one that was never set is null, as in FEEL."""

    def __missing__(self, name: str) -> None:
        """Return null for a variable that no step has set so far."""
        return None


def compile_expression(text: str) -> ast.expr:
    """Return the checked expression.

    Raises DiagramError when it is empty, too long, does not parse, or uses anything but
    comparisons, ``in``, ``and``, ``or``, ``not``, names and plain values.
    """
    return _compile(text or "")


def evaluate(text: str, names: Mapping[str, Any]) -> Any:
    """Return the value of the expression over these variables.

    Raises DiagramError when the values cannot be compared.
    """
    expression = compile_expression(text)
    known = Names({normal_name(name): value for name, value in names.items()})
    evaluator = simpleeval.EvalWithCompoundTypes(names=known, functions={})
    try:
        return evaluator.eval(text, previously_parsed=expression)
    except Exception as error:
        raise DiagramError(
            "error.engine.expression_failed", expression=text, detail=type(error).__name__
        ) from error


def compile_condition(text: str) -> Condition:
    """Return the expression as a function of the variables, made once and then only called.

    It gives what ``evaluate`` gives, without walking the expression again each time; a function
    of its own, because building an evaluator costs more than a whole step of a case.
    Raises DiagramError as ``compile_expression`` does; the function raises it when the values
    cannot be compared.
    """
    run = _closure(compile_expression(text))

    def condition(names: Mapping[str, Any]) -> Any:
        try:
            return run(names)
        except Exception as error:
            raise DiagramError(
                "error.engine.expression_failed", expression=text, detail=type(error).__name__
            ) from error

    return condition


def _closure(node: ast.expr) -> Condition:
    return _CLOSURES[type(node)](node)


def _constant(node: Any) -> Condition:
    value = node.value
    return lambda names: value


def _name(node: Any) -> Condition:
    name = str(node.id)

    def read(names: Mapping[str, Any]) -> Any:
        if name in names:
            return names[name]
        # Python has normalised the name in the expression, nobody that of the variable.
        return next((names[one] for one in names if normal_name(one) == name), None)

    return read


def _sequence(node: Any) -> Condition:
    parts = [_closure(part) for part in node.elts]
    build = tuple if isinstance(node, ast.Tuple) else list
    return lambda names: build(part(names) for part in parts)


def _unary(node: Any) -> Condition:
    inner = _closure(node.operand)
    if isinstance(node.op, ast.Not):
        return lambda names: not inner(names)
    return lambda names: -inner(names)


def _boolean(node: Any) -> Condition:
    parts = [_closure(part) for part in node.values]
    stops_at = isinstance(node.op, ast.Or)

    def join(names: Mapping[str, Any]) -> Any:
        value = None
        for part in parts:
            value = part(names)
            if bool(value) is stops_at:
                break
        return value

    return join


def _compare(node: Any) -> Condition:
    first = _closure(node.left)
    rest = [
        (_COMPARISONS[type(one)], _closure(part))
        for one, part in zip(node.ops, node.comparators, strict=True)
    ]

    def compare(names: Mapping[str, Any]) -> bool:
        left = first(names)
        for holds, part in rest:
            right = part(names)
            if not holds(left, right):
                return False
            left = right
        return True

    return compare


_COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}
_CLOSURES: Mapping[type[ast.expr], Callable[[Any], Condition]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.List: _sequence,
    ast.Tuple: _sequence,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
}


def names_in(text: str) -> frozenset[str]:
    """Return the variables that the expression reads."""
    expression = compile_expression(text)
    return frozenset(node.id for node in ast.walk(expression) if isinstance(node, ast.Name))


def normal_name(name: str) -> str:
    """Return the name as expressions know it: Python reads names in Unicode form NFKC."""
    return unicodedata.normalize("NFKC", name)


@lru_cache(maxsize=2048)
def _compile(text: str) -> ast.expr:
    if not text.strip():
        raise DiagramError("error.engine.expression_empty")
    if len(text) > MAXIMUM_LENGTH:
        raise DiagramError("error.engine.expression_too_long", limit=MAXIMUM_LENGTH)
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise DiagramError("error.engine.expression_unreadable", expression=text) from error
    for node in ast.walk(tree):
        _check_node(node, text)
    return tree.body


def _check_node(node: ast.AST, text: str) -> None:
    if not isinstance(node, ALLOWED):
        raise DiagramError(
            "error.engine.expression_not_allowed", expression=text, part=type(node).__name__
        )
    if isinstance(node, ast.Constant) and not isinstance(node.value, CONSTANTS):
        raise DiagramError(
            "error.engine.expression_not_allowed", expression=text, part=type(node.value).__name__
        )
    if isinstance(node, ast.Name) and node.id.startswith("_"):
        raise DiagramError("error.engine.expression_not_allowed", expression=text, part=node.id)
