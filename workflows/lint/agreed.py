"""What lies beside all processes: the kinds of letters, and the rule packs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from workflows.rules.packs import RuleBook

SHIPPED = Path(__file__).resolve().parents[2] / "bpmn"


@dataclass(frozen=True)
class Agreed:
    """What the lint looks up beside a process."""

    letters: Mapping[str, Mapping[str, Any]]
    book: RuleBook | None = None


def read_letters(folder: Path) -> Mapping[str, Mapping[str, Any]]:
    """Return the kinds of letters in a folder, by name."""
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.json"))
    }


@cache
def shipped_letters() -> Mapping[str, Mapping[str, Any]]:
    """Return the kinds of letters that the product ships."""
    return read_letters(SHIPPED / "letters" / "kinds")
