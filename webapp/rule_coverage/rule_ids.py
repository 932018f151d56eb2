"""Everybody cites a rule by the same ids, so one pattern finds them in every kind of file."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ID = re.compile(r"(?<![\w.\-#/])(R\d{1,3}|N\d{1,3}|O-\d{1,2})(?![\w\-.]*\w)")
ABOUT = Path("bpmn/rules/about")


def ids_in(text: str) -> list[str]:
    """Return the rule ids that a text cites, each once, in order."""
    return list(dict.fromkeys(_ID.findall(text)))


@dataclass(frozen=True)
class Rule:
    """One rule of the catalogue: where it stands and what it says, in one line."""

    id: str
    source: str
    zh: str
    en: str


def read_catalogue(root: Path) -> tuple[Rule, ...]:
    """Return every rule this product knows of."""
    return tuple(Rule(**row) for row in _read(root, "catalogue.json")["rules"])


def read_exemptions(root: Path) -> dict[str, str]:
    """Return the rules that nothing carries, each with the reason."""
    found: dict[str, str] = _read(root, "exempt.json")["exempt"]
    return found


def read_pending(root: Path) -> dict[str, str]:
    """Return the rules that wait for a part that is not built yet, each with what it waits for."""
    found: dict[str, str] = {}
    for part, ids in _read(root, "pending.json")["pending"].items():
        found.update(dict.fromkeys(ids, part))
    return found


def _read(root: Path, name: str) -> Any:
    return json.loads((root / ABOUT / name).read_text(encoding="utf-8"))
