"""Holds what operations declare about themselves to what their code reads and returns.

The legal lint explores a process by these words and runs no operation, so a word that is wrong
would prove something about another process.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.contracts.sources import Source, dotted_name, python_sources, report

FOLDERS = ("handlers/operations", "handlers/answers")
MARKS = {"operation", "answered"}


def marked(source: Source) -> Iterator[tuple[ast.FunctionDef, ast.Call]]:
    """Yield every function with a mark, and the mark."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef):
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and dotted_name(mark.func) in MARKS:
                    yield node, mark


def declared(mark: ast.Call, *names: str) -> set[str]:
    """Return the variables that a mark names under these words."""
    found: set[str] = set()
    for word in mark.keywords:
        if word.arg not in names:
            continue
        for node in ast.walk(word.value):
            if isinstance(node, ast.Dict):
                found |= {str(k.value) for k in node.keys if isinstance(k, ast.Constant)}
            elif isinstance(node, ast.Constant) and not isinstance(word.value, ast.Dict):
                found.add(str(node.value))
    return found


def spread(node: ast.Dict) -> set[str]:
    """Return the names that a dictionary takes in whole, as ``**DEFAULTS``."""
    return {
        dotted_name(value) for key, value in zip(node.keys, node.values, strict=True) if key is None
    }


def returned(function: ast.FunctionDef) -> tuple[set[str], set[str]]:
    """Return the variables in the dictionaries that a function returns, and those taken whole."""
    names: set[str] = set()
    whole: set[str] = set()
    for node in ast.walk(function):
        if not isinstance(node, ast.Return) or node.value is None:
            continue
        for given in ast.walk(node.value):
            if isinstance(given, ast.Dict):
                names |= {str(key.value) for key in given.keys if isinstance(key, ast.Constant)}
                whole |= spread(given)
    return names, whole


def read(source: Source) -> set[str]:
    """Return the variables of the case that a module looks up."""
    found: set[str] = set()
    for node in ast.walk(source.tree):
        if (
            isinstance(node, ast.Call)
            and dotted_name(node.func) == "context.variables.get"
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            found.add(str(node.args[0].value))
    return found


def slips(source: Source) -> Iterator[str]:
    """Yield each word of a mark that the code does not bear out, and each that is missing."""
    functions = list(marked(source))
    known: set[str] = set()
    for function, mark in functions:
        sets = declared(mark, "sets") | {row for row in followed(mark)}
        known |= declared(mark, "reads", "needs")
        names, _ = returned(function)
        for name in sorted(names - sets):
            yield f"{source.line(function)} returns {name}: add it to sets="
        for name in sorted(sets - names - taken_whole(mark, function)):
            yield f"{source.line(function)} never returns {name}: take it out of sets="
    if functions:
        for name in sorted(read(source) - known):
            yield f"{source.path} looks up {name}: add it to reads= or needs="


def followed(mark: ast.Call) -> Iterator[str]:
    for word in mark.keywords:
        if word.arg == "follows":
            for row in ast.walk(word.value):
                if isinstance(row, ast.Tuple):
                    cell = row.elts[2]
                    assert isinstance(cell, ast.Constant)
                    yield str(cell.value)


def taken_whole(mark: ast.Call, function: ast.FunctionDef) -> set[str]:
    """Return nothing to complain of where mark and function take in the same dictionary."""
    _, whole = returned(function)
    marked_whole = {
        name
        for word in mark.keywords
        if isinstance(word.value, ast.Dict)
        for name in spread(word.value)
    }
    return set() if marked_whole <= whole else marked_whole


class TestMarks:
    def test_say_what_the_code_does(self):
        found = [line for source in python_sources(*FOLDERS) for line in slips(source)]

        assert not found, report(found, "correct the mark above the function (handlers/marks.py).")

    @pytest.mark.parametrize(
        ("mark", "body"),
        [
            ("", 'return {"outcome": "decided"}'),
            ('sets={"outcome": "decided"}', "return {}"),
            ("", 'return {} if context.variables.get("finding") else {}'),
        ],
    )
    def test_are_caught_when_they_do_not(self, mark, body):
        text = f'@operation("x", {mark})\ndef x(context):\n    {body}\n'

        assert list(slips(Source("handlers/operations/x.py", text)))

    def test_are_believed_when_they_do(self):
        text = (
            '@operation("x", needs=["finding"], sets={"outcome": "decided"})\n'
            "def x(context):\n"
            '    context.variables.get("finding")\n'
            '    return {"outcome": "decided"}\n'
        )

        assert not list(slips(Source("handlers/operations/x.py", text)))
