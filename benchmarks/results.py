"""Keeps what a benchmark printed: as JSON for programs, as a text table for people."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
# The Chinese office's zone is of no matter here; a run is dated in UTC.
STAMP = "%Y-%m-%dT%H:%MZ"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return the rows as aligned text; the first column leans left, the others right."""
    widths = [max(len(row[place]) for row in [head, *rows]) for place in range(len(head))]
    lines = [_line(row, widths) for row in [head, ["-" * width for width in widths], *rows]]
    return "\n".join(lines)


def number(value: float | None) -> str:
    """Return a figure with three significant digits, and a dash where there is none."""
    if value is None:
        return "-"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def store(
    name: str,
    *,
    command: str,
    machine: Mapping[str, str],
    at: datetime,
    text: str,
    figures: Mapping[str, Any],
    folder: Path = RESULTS,
) -> str:
    """Write ``name``.json and ``name``.txt with the machine and the command; return the text."""
    folder.mkdir(parents=True, exist_ok=True)
    head = [f"command: {command}", f"run at:  {at.strftime(STAMP)}"]
    head += [f"{key}: {value}" for key, value in machine.items()]
    whole = "\n".join(head) + "\n\n" + text.rstrip() + "\n"
    content = {
        "command": command,
        "run_at": at.strftime(STAMP),
        "machine": dict(machine),
        "figures": figures,
    }
    written = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    (folder / f"{name}.json").write_text(written, encoding="utf-8")
    (folder / f"{name}.txt").write_text(whole, encoding="utf-8")
    return whole


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [row[0].ljust(widths[0])]
    cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
    return "  ".join(cells).rstrip()
