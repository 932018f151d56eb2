"""Where a run's databases lie, the same for every benchmark: a folder for SQLite, and a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.postgres import Server
from benchmarks.rivals import Rival

Place = Callable[[str], str]
"""Makes an empty database of this name and returns its address."""
Seconds = Callable[[], float]
"""Returns the processor seconds that the database has used so far beside our own process."""


def places(folder: Path, server: Server) -> dict[str, tuple[Place, Seconds]]:
    """Return the places for databases of both kinds."""

    def on_server(name: str) -> str:
        server.create(name)
        return server.url(name)

    return {
        # SQLite runs within our process, so its processor time is in ours.
        "sqlite": (lambda name: f"sqlite:///{folder}/{name}.db", lambda: 0.0),
        "postgresql": (on_server, server.processor_seconds),
    }


@contextmanager
def closing(*rivals: Rival) -> Iterator[None]:
    """Let go of the rivals' databases in the end."""
    try:
        yield
    finally:
        for rival in rivals:
            rival.office.sessions.kw["bind"].dispose()
