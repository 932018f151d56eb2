"""What nobody has read yet is listed with the rules, so that nobody takes it for settled (B5)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from workflows.errors import RuleMissing

SHIPPED = Path(__file__).resolve().parents[2] / "bpmn" / "rules" / "about" / "open_points.json"


@dataclass(frozen=True)
class OpenPoint:
    """A text or number that must still be obtained; no divisions = everywhere."""

    id: str
    zh: str
    en: str
    rule_ids: tuple[str, ...]
    divisions: tuple[str, ...]
    keys: tuple[str, ...]

    def concerns(self, division: str) -> bool:
        """Tell whether it stands open for this division."""
        return not self.divisions or any(division.startswith(one) for one in self.divisions)


@cache
def read_open_points(path: Path = SHIPPED) -> tuple[OpenPoint, ...]:
    """Read the open points; raises RuleMissing where the file cannot be read."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["points"]
        return tuple(
            OpenPoint(
                id=row["id"],
                zh=row["zh"],
                en=row["en"],
                rule_ids=tuple(row["rule_ids"]),
                divisions=tuple(row["divisions"]),
                keys=tuple(row["keys"]),
            )
            for row in rows
        )
    except (OSError, ValueError, KeyError) as problem:
        raise RuleMissing("error.rule_required_unreadable", source=str(path)) from problem
