"""Reads our own files, so that each contract test is about its rule and not about folders."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("webapp", "handlers", "notifications", "workflows")
OUR_PYTHON = (*PRODUCT, "benchmarks", "tests", "tools")
NOT_OURS = {".git", ".venv", ".cache", "node_modules", "vendor", "var", "__pycache__", "dist"}


@dataclass(frozen=True)
class Source:
    """One Python file of ours: where it is, and what it says."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=self.path)

    def is_in(self, places: Iterable[str]) -> bool:
        """A place ending in a slash is a folder; any other is one file."""
        return any(
            self.path.startswith(place) if place.endswith("/") else self.path == place
            for place in places
        )

    def line(self, node: ast.AST) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}"


def list_files(*folders: str, suffixes: Iterable[str] = ("",)) -> list[Path]:
    """Return our files under the folders ("" is the root itself, not what is below it)."""
    found = [path for folder in folders for path in _walk(ROOT / folder, deep=bool(folder))]
    return sorted(path for path in found if path.name.endswith(tuple(suffixes)))


def _walk(folder: Path, *, deep: bool) -> Iterator[Path]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.is_dir():
            if deep and path.name not in NOT_OURS:
                yield from _walk(path, deep=True)
        elif path.suffix != ".pyc":
            yield path


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def python_sources(*folders: str) -> list[Source]:
    """Return every Python file of ours under the folders, each read and parsed once in a run."""
    return [_source(path) for path in list_files(*folders, suffixes=(".py",))]


@cache
def _source(path: Path) -> Source:
    return Source(relative(path), path.read_text(encoding="utf-8"))


def list_imports(source: Source) -> Iterator[tuple[ast.AST, str]]:
    """Yield each imported module's full name, wherever in the file the import stands."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def dotted_name(node: ast.AST) -> str:
    """Return "a.b.c" for an attribute chain, or an empty string for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (start := dotted_name(node.value)):
        return f"{start}.{node.attr}"
    return ""


def report(problems: Iterable[str], remedy: str) -> str:
    """Return the message of a failing contract: what is wrong where, then what to do."""
    return "\n".join(["", *sorted(problems), "", f"What to do: {remedy}"])
