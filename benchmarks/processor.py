"""Reads the processor time of other processes: on a busy machine only that is firm."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PROCESSES = Path("/proc")
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Usage:
    """Processor seconds of one process so far: its own, and of children that have ended."""

    pid: int
    parent: int
    seconds: float


def read_usage(text: str) -> Usage:
    """Return what one line of /proc/PID/stat says."""
    pid, rest = text.split(" ", 1)
    # The name stands in brackets and may hold blanks and brackets itself.
    fields = rest[rest.rindex(")") + 2 :].split()
    ticks = sum(int(field) for field in fields[11:15])
    return Usage(pid=int(pid), parent=int(fields[1]), seconds=ticks / TICKS_A_SECOND)


def sum_family(usages: Iterable[Usage], root: int) -> float:
    """Return the processor seconds of a process and all its descendants."""
    known = {usage.pid: usage for usage in usages}
    family = {root}
    grown = True
    while grown:
        children = {pid for pid, usage in known.items() if usage.parent in family} - family
        family |= children
        grown = bool(children)
    return sum(known[pid].seconds for pid in family if pid in known)


def processor_seconds(root: int) -> float:
    """Return the processor seconds that a process and its descendants have used so far."""
    return sum_family(_all_usages(), root)


def _all_usages() -> list[Usage]:
    found = []
    for folder in PROCESSES.iterdir():
        if folder.name.isdigit():
            try:
                found.append(read_usage((folder / "stat").read_text()))
            except (FileNotFoundError, ProcessLookupError):
                continue
    return found
