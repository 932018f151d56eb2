"""Says on what a figure was measured: a number without its machine is no number."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
from pathlib import Path


def describe_machine() -> dict[str, str]:
    """Return what somebody needs who wants to repeat a measurement."""
    load = os.getloadavg()[0]
    return {
        "processor": first_value(Path("/proc/cpuinfo"), "model name") or platform.machine(),
        "cores": str(os.cpu_count()),
        "memory": first_value(Path("/proc/meminfo"), "MemTotal") or "unknown",
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "load": f"{load:.1f} processes wanted a core when the run began",
    }


def version_of(*command: str) -> str:
    """Return the first line that a program says about itself, or an empty text without it."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
    except OSError:
        return ""
    lines = (done.stdout or done.stderr).strip().splitlines()
    return lines[0] if lines else ""


def first_value(path: Path, name: str) -> str:
    """Return what stands behind the first line that begins with the name, or an empty text."""
    lines = path.read_text().splitlines() if path.is_file() else []
    found = [line.partition(":")[2].strip() for line in lines if line.startswith(name)]
    return found[0] if found else ""
