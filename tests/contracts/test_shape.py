"""Keeps files small and named by what they do, so that a reader finds things by their names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contracts.sources import (
    OUR_PYTHON,
    PRODUCT,
    ROOT,
    Source,
    dotted_name,
    list_files,
    python_sources,
    relative,
    report,
)

LONGEST_MODULE = 500
LONGEST_FUNCTION = 60
LONGEST_LINE = 100
# Revisions are generated: a long one is a long list of tables.
GENERATED = ("workflows/storage/migrations/versions/",)
EMPTY_NAMES = re.compile(r"^(utils?|helpers?|common|misc|stuff|.*_?manager|.*[a-z]2)$")
SKIPS = {
    "pytest.skip",
    "pytest.xfail",
    "pytest.importorskip",
    "pytest.mark.skip",
    "pytest.mark.skipif",
    "pytest.mark.xfail",
}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def long_functions(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, FUNCTIONS):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{source.line(node)} {node.name} has {length} lines"


def unsafe_calls(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and dotted_name(node.func) in {"eval", "exec", "compile"}:
            yield f"{source.line(node)} calls {dotted_name(node.func)}"


def skips(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and dotted_name(node) in SKIPS:
            yield f"{source.line(node)} says {dotted_name(node)}"


class TestModules:
    def test_are_short(self):
        sources = [s for s in python_sources(*OUR_PYTHON) if not s.is_in(GENERATED)]
        lengths = {s.path: s.text.count("\n") for s in sources}
        found = [f"{p}: {n} lines" for p, n in lengths.items() if n > LONGEST_MODULE]

        assert not found, report(
            found, f"a module has at most {LONGEST_MODULE} lines; move one operation to a new file."
        )

    def test_open_with_why_they_exist(self):
        found = [
            source.path
            for source in python_sources(*PRODUCT, "tools")
            if source.text.strip() and not ast.get_docstring(source.tree)
        ]

        assert not found, report(found, "open the module with one sentence on why it exists.")

    def test_have_names_that_promise_something(self):
        names = {s.path: s.path.removesuffix(".py").split("/") for s in python_sources(*OUR_PYTHON)}
        found = [p for p, parts in names.items() if any(EMPTY_NAMES.match(part) for part in parts)]

        assert not found, report(
            found, "name the file or folder after the one thing it does (glossary words)."
        )

    @pytest.mark.parametrize("name", ["utils", "helper", "common", "case_manager", "data2"])
    def test_are_not_called_like_a_drawer(self, name):
        assert EMPTY_NAMES.match(name)


class TestTemplates:
    def test_have_short_lines(self):
        found = [
            f"{relative(path)}:{number} has {len(line)} characters"
            for path in list_files("webapp/templates")
            for number, line in enumerate(path.read_text().splitlines(), 1)
            if len(line) > LONGEST_LINE
        ]

        assert not found, report(
            found,
            f"a line has at most {LONGEST_LINE} characters; break beside a block's tag, where no"
            " space shows, or between attributes; {%- and -%} keep a space out elsewhere.",
        )


class TestFunctions:
    def test_are_short(self):
        sources = [s for s in python_sources(*OUR_PYTHON) if not s.is_in(GENERATED)]
        found = [line for source in sources for line in long_functions(source)]

        assert not found, report(
            found,
            f"a function has at most {LONGEST_FUNCTION} lines, better 30; cut it where the words"
            " 'and then' would stand.",
        )

    def test_are_measured(self):
        text = "def long():\n" + "    x = 1\n" * LONGEST_FUNCTION

        assert list(long_functions(Source("webapp/x.py", text)))

    def test_run_no_text_as_code(self):
        found = [line for source in python_sources(*PRODUCT) for line in unsafe_calls(source)]

        assert not found, report(
            found, "expressions go through workflows/engine/expressions.py and nothing else."
        )

    def test_are_caught_when_they_run_text(self):
        assert list(unsafe_calls(Source("webapp/x.py", "eval(text)")))


class TestTests:
    def test_live_in_packages(self):
        paths = [Path(source.path) for source in python_sources("tests")]
        folders = {folder for path in paths for folder in path.parents if folder.name}
        found = [str(folder) for folder in folders if not (ROOT / folder / "__init__.py").exists()]

        assert not found, report(
            found, "add an empty __init__.py, or tests/unit/workflows shadows the package."
        )

    def test_are_methods_of_the_thing_they_are_about(self):
        found = [
            f"{source.line(node)} {node.name}"
            for source in python_sources("tests")
            for node in source.tree.body
            if isinstance(node, FUNCTIONS) and node.name.startswith("test_")
        ]

        assert not found, report(
            found, "class = the thing, method = the rest of the sentence (TestClaim.test_refuses)."
        )

    def test_are_never_skipped(self):
        found = [line for source in python_sources("tests") for line in skips(source)]

        assert not found, report(
            found, "make the test run everywhere, mark it `long`, or take it out; never skip it."
        )

    def test_do_not_sleep(self):
        found = [
            source.line(node)
            for source in python_sources("tests/unit", "tests/integration", "tests/contracts")
            for node in ast.walk(source.tree)
            if isinstance(node, ast.Call) and dotted_name(node.func) in {"time.sleep", "sleep"}
        ]

        assert not found, report(found, "pass fixed times in; wait for the thing, not for seconds.")
