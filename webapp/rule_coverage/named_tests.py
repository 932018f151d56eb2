"""Finds the tests that answer for a rule: those that cite it, and those named for it."""

from __future__ import annotations

import ast
import io
import json
import tokenize
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from webapp.rule_coverage.rule_ids import ids_in

# Tests that answer for a rule without citing it: id -> node ids (file::Class::test).
NAMED = Path("tests/rule_tests.json")
# Every rule of every paper as it was read; each row is a case of one test.
VARIATIONS = Path("tests/unit/rules/variations.json")
VARIATION_TEST = "tests/unit/rules/test_variations.py::TestVariation::test_stands_as_it_was_read"
Definition = ast.ClassDef | ast.FunctionDef


def list_named_tests(root: Path) -> dict[str, list[str]]:
    """Return for each rule id the tests that answer for it; empty where there are no tests."""
    found: dict[str, list[str]] = {}
    for rule, node in (*_citing(root), *_of_variations(root), *_named(root)):
        known = found.setdefault(rule, [])
        if node not in known:
            known.append(node)
    return found


def _citing(root: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((root / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if ids_in(text):
            yield from _cited(ast.parse(text), text, path.relative_to(root).as_posix())


def _of_variations(root: Path) -> Iterator[tuple[str, str]]:
    for row in list_variations(root):
        for rule in row["ids"]:
            yield rule, f"{VARIATION_TEST}[{variation_name(row)}]"


def _named(root: Path) -> Iterator[tuple[str, str]]:
    file = root / NAMED
    if file.is_file():
        content: dict[str, list[str]] = json.loads(file.read_text(encoding="utf-8"))["tests"]
        yield from ((rule, node) for rule, nodes in content.items() for node in nodes)


def list_variations(root: Path) -> list[dict[str, Any]]:
    """Return the rules of every paper as they were read, from the tests' table."""
    file = root / VARIATIONS
    if not file.is_file():
        return []
    found: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["variations"]
    return found


def variation_name(row: Mapping[str, Any]) -> str:
    """Return the name of a row's test case: rules, key and since when."""
    return "-".join(["_".join(row["ids"]), row["key"], row["since"]])


def list_test_nodes(root: Path) -> set[str]:
    """Return every test there is, as file::Class::test."""
    nodes: set[str] = set()
    for path in sorted((root / "tests").rglob("test_*.py")):
        name = path.relative_to(root).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        nodes.update(node for _, node in _functions(tree, name))
    return nodes


def _cited(tree: ast.Module, text: str, name: str) -> Iterator[tuple[str, str]]:
    """Yield (rule, test): a test cites in its comments and docstrings, not in its values."""
    comments = {
        token.start[0]: token.string
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.COMMENT
    }
    for chain, node in _functions(tree, name):
        function = chain[0]
        words = [ast.get_docstring(each) or "" for each in chain]
        words += [said for line, said in comments.items() if _holds(function, line)]
        for rule in ids_in("\n".join(words)):
            yield rule, node


def _functions(tree: ast.Module, name: str) -> Iterator[tuple[list[Definition], str]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield [node], f"{name}::{node.name}"
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and inner.name.startswith("test_"):
                    yield [inner, node], f"{name}::{node.name}::{inner.name}"


def _holds(function: Definition, line: int) -> bool:
    first = min([function.lineno, *(each.lineno for each in function.decorator_list)])
    return first <= line <= (function.end_lineno or first)
