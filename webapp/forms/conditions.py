"""Decides when a question is hidden; the page's script and the server read the same tree.

Forms say it in a small part of FEEL: ``=outcome != "accept"``, ``=a = "x" and not(b = true)``,
``=list contains(items, "amount")``, ``=way in ["post", "leaving"]``. The server's answer counts:
what a hidden question carries is thrown away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

# A tree of JSON values: ["name", key], ["value", v], ["=", a, b], ["in", a, [values]],
# ["contains", a, value], ["and", a, b], ["or", a, b], ["not", a].
Tree = list[Any]

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"]*"|'[^']*')|(?P<number>-?\d+(?:\.\d+)?)|(?P<sign>!=|==|=|\(|\)|\[|\]|,)"""
    r"""|(?P<word>list\s+contains\b|[^\W\d]\w*))"""
)
_CONSTANTS: Mapping[str, Any] = {"true": True, "false": False, "null": None}


class ConditionError(ValueError):
    """A condition is written in a way the forms do not know."""


def parse_condition(text: str) -> Tree:
    """Return the tree of a condition. Raises ConditionError naming the place."""
    reader = _Reader(text.strip().removeprefix("="))
    tree = reader.either()
    reader.finish()
    return tree


def is_met(tree: Tree, values: Mapping[str, Any]) -> bool:
    """Return whether the condition holds for these answers."""
    return _RULES[tree[0]](tree[1:], values)


def _both(parts: Sequence[Any], values: Mapping[str, Any]) -> bool:
    return is_met(parts[0], values) and is_met(parts[1], values)


def _any(parts: Sequence[Any], values: Mapping[str, Any]) -> bool:
    return is_met(parts[0], values) or is_met(parts[1], values)


def _not(parts: Sequence[Any], values: Mapping[str, Any]) -> bool:
    return not is_met(parts[0], values)


def _same(parts: Sequence[Any], values: Mapping[str, Any]) -> bool:
    return _plain(_read(parts[0], values)) == _plain(_read(parts[1], values))


def _in(parts: Sequence[Any], values: Mapping[str, Any]) -> bool:
    return _plain(_read(parts[0], values)) in [_plain(value) for value in parts[1]]


def _contains(parts: Sequence[Any], values: Mapping[str, Any]) -> bool:
    held = _read(parts[0], values)
    items = held if isinstance(held, list | tuple) else [held]
    return _plain(parts[1]) in [_plain(item) for item in items]


def _holds(parts: Sequence[Any], values: Mapping[str, Any]) -> bool:
    return _plain(values.get(parts[0])) not in ("", "false")


_RULES: Mapping[str, Callable[[Sequence[Any], Mapping[str, Any]], bool]] = {
    "and": _both,
    "or": _any,
    "not": _not,
    "=": _same,
    "in": _in,
    "contains": _contains,
    "name": _holds,
}


def _read(operand: Tree, values: Mapping[str, Any]) -> Any:
    return values.get(operand[1]) if operand[0] == "name" else operand[1]


def _plain(value: Any) -> str:
    """Return the value as a form would send it, so that 3 and "3", nothing and "" are the same."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "\n".join(_plain(item) for item in value)
    return str(value)


class _Reader:
    """Reads a condition from left to right: or, and, not, comparison."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = self._split(text)
        self.at = 0

    def _split(self, text: str) -> list[tuple[str, str]]:
        tokens: list[tuple[str, str]] = []
        at = 0
        while text[at:].strip():
            match = _TOKEN.match(text, at)
            if match is None:
                raise ConditionError(f"cannot read {text[at:].strip()!r} in {text!r}")
            kind = str(match.lastgroup)
            tokens.append((kind, re.sub(r"\s+", " ", match.group(kind))))
            at = match.end()
        return tokens

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self, wanted: str | None = None) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise ConditionError(f"{self.text!r} ends too early")
        token = self.tokens[self.at]
        if wanted is not None and token[1] != wanted:
            raise ConditionError(f"{self.text!r} has {token[1]!r} where {wanted!r} belongs")
        self.at += 1
        return token

    def finish(self) -> None:
        if self.at < len(self.tokens):
            raise ConditionError(f"{self.text!r} goes on with {self.peek()!r}")

    def either(self) -> Tree:
        left = self.both()
        while self.peek() == "or":
            self.take()
            left = ["or", left, self.both()]
        return left

    def both(self) -> Tree:
        left = self.single()
        while self.peek() == "and":
            self.take()
            left = ["and", left, self.single()]
        return left

    def single(self) -> Tree:
        word = self.peek()
        if word == "not":
            self.take()
            return ["not", self._bracketed()]
        if word == "(":
            return self._bracketed()
        if word == "list contains":
            return self._list_contains()
        return self._comparison()

    def _bracketed(self) -> Tree:
        self.take("(")
        tree = self.either()
        self.take(")")
        return tree

    def _list_contains(self) -> Tree:
        self.take()
        self.take("(")
        name = self._operand()
        self.take(",")
        value = self._operand()
        self.take(")")
        return ["contains", name, value[1]]

    def _comparison(self) -> Tree:
        left = self._operand()
        sign = self.peek()
        if sign in ("=", "==", "!="):
            self.take()
            same = ["=", left, self._operand()]
            return ["not", same] if sign == "!=" else same
        if sign == "in":
            self.take()
            return ["in", left, self._choices()]
        if left[0] != "name":
            raise ConditionError(f"{self.text!r} compares nothing")
        return left

    def _choices(self) -> list[Any]:
        closing = {"[": "]", "(": ")"}[self.take()[1]]
        values = [self._operand()[1]]
        while self.peek() == ",":
            self.take()
            values.append(self._operand()[1])
        self.take(closing)
        return values

    def _operand(self) -> Tree:
        kind, text = self.take()
        if kind == "text":
            return ["value", text[1:-1]]
        if kind == "number":
            return ["value", float(text) if "." in text else int(text)]
        if kind == "word" and text in _CONSTANTS:
            return ["value", _CONSTANTS[text]]
        if kind == "word":
            return ["name", text]
        raise ConditionError(f"{self.text!r} has {text!r} where a name or value belongs")
