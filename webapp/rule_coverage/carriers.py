"""Finds what carries a rule: diagrams, parameters, letters, decision rows, catalogue, code."""

from __future__ import annotations

import ast
import io
import json
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from webapp.rule_coverage.rule_ids import ids_in

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DMN = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"
PROGRAMS = ("workflows", "handlers", "notifications", "webapp")
# The demo's data and what is about rules carries none of them.
NOT_CARRYING = ("webapp/demo/", "webapp/rule_coverage/", "webapp/simulation/")


@dataclass(frozen=True)
class Carrier:
    """One part of the product that carries a rule: ``place`` is file#part."""

    kind: str
    place: str


def list_carriers(root: Path) -> dict[str, list[Carrier]]:
    """Return for each rule id what carries it."""
    found: dict[str, list[Carrier]] = {}
    for rule, carrier in _all(root):
        known = found.setdefault(rule, [])
        if carrier not in known:
            known.append(carrier)
    return found


def _all(root: Path) -> Iterator[tuple[str, Carrier]]:
    for path in sorted((root / "bpmn").glob("*/*.bpmn")):
        yield from _diagram(path, path.relative_to(root / "bpmn").as_posix())
    for path in sorted((root / "bpmn").glob("*/decisions/*.dmn")):
        yield from _decision(path, path.relative_to(root / "bpmn").as_posix())
    for path in sorted((root / "bpmn" / "rules").glob("*.json")):
        yield from _pack(path)
    for path in sorted((root / "bpmn" / "letters" / "kinds").glob("*.json")):
        for cited in json.loads(path.read_text(encoding="utf-8")).get("rules", []):
            for rule in ids_in(cited):
                yield rule, Carrier("letter", f"letters/kinds/{path.name}")
    for path in sorted((root / "bpmn" / "catalogue").glob("*.json")):
        yield from _catalogue(json.loads(path.read_text(encoding="utf-8")), path.name, "")
    yield from _remedies(root / "bpmn" / "letters" / "remedies.json")
    yield from _programs(root)


def _diagram(path: Path, name: str) -> Iterator[tuple[str, Carrier]]:
    """Yield what a note in a diagram cites, for each element that the note hangs on."""
    tree = ElementTree.parse(path)
    hung: dict[str, list[str]] = {}
    for line in tree.iter(f"{BPMN}association"):
        source, target = line.get("sourceRef", ""), line.get("targetRef", "")
        hung.setdefault(target, []).append(source)
        hung.setdefault(source, []).append(target)
    for note in tree.iter(f"{BPMN}textAnnotation"):
        words = "".join("".join(text.itertext()) for text in note.iter(f"{BPMN}text"))
        note_id = note.get("id", "")
        for rule in ids_in(words.replace("\n", "")):
            for element in hung.get(note_id) or [note_id]:
                yield rule, Carrier("diagram", f"{name}#{element}")


def _decision(path: Path, name: str) -> Iterator[tuple[str, Carrier]]:
    tree = ElementTree.parse(path)
    for kind in ("rule", "decision"):
        for row in tree.iter(f"{DMN}{kind}"):
            words = row.findtext(f"{DMN}description") or ""
            for rule in ids_in(words):
                yield rule, Carrier("decision", f"{name}#{row.get('id', '')}")


def _pack(path: Path) -> Iterator[tuple[str, Carrier]]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for row in content.get("parameters", []):
        for rule in row["rule_ids"]:
            yield rule, Carrier("parameter", f"rules/{path.name}#{row['key']}")


def _catalogue(content: Any, name: str, key: str) -> Iterator[tuple[str, Carrier]]:
    """Yield what a row of the catalogue rests on: an item, a measure, a word, what is forbidden."""
    if isinstance(content, list):
        for each in content:
            yield from _catalogue(each, name, key)
    elif isinstance(content, dict):
        own = str(content.get("key") or key)
        for cited in (*content.get("rules", ()), content.get("rule", "")):
            for rule in ids_in(str(cited)):
                yield rule, Carrier("catalogue", f"catalogue/{name}#{own}")
        for each in content.values():
            yield from _catalogue(each, name, own)


def _remedies(path: Path) -> Iterator[tuple[str, Carrier]]:
    content = json.loads(path.read_text(encoding="utf-8"))
    for row in content["rows"]:
        for citation in row["citations"]:
            for rule in ids_in(citation["rule"]):
                yield rule, Carrier("letter", f"letters/remedies.json#{row['id']}")
    for rule in content["fill"].get("objection_rule", {}).values():
        yield rule, Carrier("letter", "letters/remedies.json#fill")


def _programs(root: Path) -> Iterator[tuple[str, Carrier]]:
    for package in PROGRAMS:
        for path in sorted((root / package).rglob("*.py")):
            name = path.relative_to(root).as_posix()
            if not name.startswith(NOT_CARRYING):
                yield from _code(path.read_text(encoding="utf-8"), name)


def _code(text: str, name: str) -> Iterator[tuple[str, Carrier]]:
    """Yield what docstrings and comments cite; a comment belongs to the function around it."""
    if not ids_in(text):
        return
    parts = list(_parts(ast.parse(text), ""))
    for node, qualified in parts:
        words = ast.get_docstring(node) or ""
        for rule in ids_in(words):
            yield rule, Carrier("code", f"{name}#{qualified}" if qualified else name)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            around = _around(parts, token.start[0])
            for rule in ids_in(token.string):
                yield rule, Carrier("code", f"{name}#{around}" if around else name)


Part = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def _parts(node: Part, prefix: str) -> Iterator[tuple[Part, str]]:
    yield node, prefix
    for child in node.body:
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _parts(child, f"{prefix}.{child.name}" if prefix else child.name)


def _around(parts: list[tuple[Part, str]], line: int) -> str:
    inside = [
        (node.lineno, qualified)
        for node, qualified in parts
        if not isinstance(node, ast.Module) and node.lineno <= line <= (node.end_lineno or line)
    ]
    return max(inside)[1] if inside else ""
