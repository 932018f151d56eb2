"""`make cluster`: two web nodes, two workers, PostgreSQL and a province, on one machine.

Each part is a process of its own that may be killed: the others go on, and what it was doing is
done by another. In real use each would stand on its own machine, behind a load balancer.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, make_url

from tools.postgresql import PostgresqlServer

ROOT = Path(__file__).resolve().parents[1]
DATABASE = "jiannuo"
SECRET = "cluster-on-one-machine"
WEB_NODES, WORKERS = 2, 2
PATIENCE = 180
CLI = (sys.executable, "-m", "webapp.cli")


@dataclass
class Node:
    """One process of the cluster."""

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; it is ready a little later."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*CLI, *self.arguments],
                cwd=ROOT,
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=log,
            )

    def end(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End it, at once unless told otherwise."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(timeout=PATIENCE)
            self.process = None


@dataclass
class Cluster:
    """All parts, on a folder; a port for each web node and the last one for the province."""

    folder: Path
    ports: tuple[int, ...]
    server: PostgresqlServer = field(init=False)
    nodes: dict[str, Node] = field(default_factory=dict)
    database_url: str = ""
    _turns: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.server = PostgresqlServer(self.folder / "postgresql")

    @property
    def urls(self) -> list[str]:
        """Return the addresses of the web nodes."""
        return [f"http://127.0.0.1:{port}" for port in self.ports[:WEB_NODES]]

    @property
    def url(self) -> str:
        """Return one of them, each in turn."""
        return self.urls[next(self._turns) % WEB_NODES]

    @property
    def province_url(self) -> str:
        """Return the address of the reference platform."""
        return f"http://127.0.0.1:{self.ports[WEB_NODES]}"

    def start_database(self) -> None:
        """Start PostgreSQL with a database of ours in it."""
        server = make_url(self.server.start()).set(drivername="postgresql+psycopg")
        admin = create_engine(server, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            names = connection.exec_driver_sql("SELECT datname FROM pg_database").scalars()
            if DATABASE not in set(names):
                connection.exec_driver_sql(f"CREATE DATABASE {DATABASE}")
        admin.dispose()
        address = server.set(drivername="postgresql", database=DATABASE)
        self.database_url = address.render_as_string(hide_password=False)

    def environment(self, number: int = 0) -> dict[str, str]:
        """Return what every part is told."""
        return {
            "JIANNUO_DATABASE_URL": self.database_url,
            "JIANNUO_DATA_DIR": str(self.folder),
            "JIANNUO_JOBS": "workers",
            "JIANNUO_PORT": str(self.ports[number]),
            "JIANNUO_PUBLIC_URL": self.urls[0],
            "JIANNUO_PROVINCE_URL": self.province_url,
            "JIANNUO_PROVINCE_SECRET": SECRET,
        }

    def fill(self) -> None:
        """Bring the database up to date and put the demo office into it."""
        command = [*CLI, "demo", "--prepare-only"]
        subprocess.run(command, cwd=ROOT, env={**os.environ, **self.environment()}, check=True)

    def start_nodes(self) -> None:
        """Start the province, the web nodes and the workers, and wait for the pages."""
        port = str(self.ports[WEB_NODES])
        platform = ("platform", "--port", port, "--data-dir", str(self.folder / "province"))
        self._add("province", platform, self.environment())
        for number in range(WEB_NODES):
            self._add(f"web-{number}", ("serve",), self.environment(number))
        for number in range(WORKERS):
            self._add(f"worker-{number}", ("worker",), self.environment())
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait until every web node answers. Raises TimeoutError naming one that does not."""
        for url in self.urls:
            _wait_for(f"{url}/health")

    def stop(self) -> None:
        """Stop everything, the database last."""
        for node in self.nodes.values():
            node.end(signal.SIGTERM)
        self.server.stop()

    def _add(self, name: str, arguments: tuple[str, ...], environment: dict[str, str]) -> None:
        self.nodes[name] = Node(name, arguments, environment, self.folder / f"{name}.log")
        self.nodes[name].start()


def _wait_for(url: str) -> None:
    pause = threading.Event()
    for _ in range(PATIENCE * 10):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            pause.wait(0.1)
    raise TimeoutError(url)


def main() -> None:
    """Start the cluster and keep it until Ctrl+C."""
    folder = Path(os.environ.get("JIANNUO_DATA_DIR", "var/cluster")).resolve()
    first = int(os.environ.get("JIANNUO_PORT", "8000"))
    cluster = Cluster(folder, ports=tuple(range(first, first + WEB_NODES + 1)))
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    print("Starting PostgreSQL and filling the demo office", flush=True)
    cluster.start_database()
    try:
        cluster.fill()
        cluster.start_nodes()
        for name, node in cluster.nodes.items():
            print(f"  {name:10} pid {node.process.pid if node.process else '-'}", flush=True)
        print(f"  pages      {'  '.join(cluster.urls)}", flush=True)
        print("Kill what you like (kill -9 PID); Ctrl+C stops everything.", flush=True)
        stopped.wait()
    finally:
        cluster.stop()


if __name__ == "__main__":
    main()
