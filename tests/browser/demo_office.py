"""The product as a visitor meets it: its own command, its own process, its own data, the province.

The demo office is filled once; each serving process works on a copy, so that journeys which move
the clock or close cases do not disturb each other.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.contracts.sources import ROOT
from workflows.clock.calendar import SHANGHAI

OCTOBER = Path(__file__).with_name("october")
# A Tuesday after the long holiday, with every notice of the year published.
FILLED_AT = datetime(2026, 10, 13, 9, 10, tzinfo=SHANGHAI)
OPENED_AT = datetime(2026, 10, 13, 9, 26, tzinfo=SHANGHAI)
READY = "demo is ready"
PATIENCE = 60
PASSWORD = "jiannuo"


@dataclass(frozen=True)
class DemoOffice:
    """A serving process: where it listens and where its data are."""

    address: str
    province: str
    folder: Path

    def ask(self, query: str, **values: str) -> list[tuple[str, ...]]:
        """Return the rows of a query to the database, as it stands now."""
        place = f"file:{self.folder / 'jiannuo.db'}?mode=ro"
        with closing(sqlite3.connect(place, uri=True, timeout=PATIENCE)) as connection:
            return connection.execute(query, values).fetchall()

    def settle(self) -> None:
        """Wait until nothing is on its way: letters drawn, messages sent, the province answered."""
        latest = time.monotonic() + PATIENCE
        while any(int(count) for (count,) in self.ask(ON_ITS_WAY)):
            assert time.monotonic() < latest, "the office does not come to rest"
            threading.Event().wait(0.2)


ON_ITS_WAY = """
    SELECT count(*) FROM outbox WHERE status = 'waiting'
    UNION ALL
    SELECT (SELECT count(*) FROM outbox WHERE kind = 'province_report')
         - (SELECT count(*) FROM inbound_message WHERE result <> 'unknown_case')
"""


def filled_office(shared: Path) -> Path:
    """Return the folder of the filled office, filled by the first worker that comes by."""
    folder = shared / "demo-office"
    with (shared / "demo-office.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            begun = shared / "demo-office-begun"
            _fill(begun)
            with _serve(begun) as office:
                office.settle()
            begun.rename(folder)
    return folder


def _fill(folder: Path) -> None:
    command = [sys.executable, "-m", "webapp.cli", "demo", "--prepare-only"]
    environment = environment_of(folder, port=8000, begins_at=FILLED_AT)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@contextmanager
def open_office(filled: Path, folder: Path) -> Iterator[DemoOffice]:
    """Serve a copy of the filled office, the reference platform beside it."""
    shutil.copytree(filled, folder)
    with _serve(folder) as office:
        yield office


@contextmanager
def _serve(folder: Path) -> Iterator[DemoOffice]:
    port = free_ports()
    environment = environment_of(folder, port=port, begins_at=OPENED_AT)
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", "webapp.cli", "demo"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
        )
        teller = Teller(process)
        try:
            assert teller.heard(READY), f"the demo did not open:\n{told(folder, teller)}"
            here = f"http://127.0.0.1:{port}"
            yield DemoOffice(here, f"http://127.0.0.1:{port + 1}", folder)
        finally:
            process.terminate()
            process.wait(timeout=20)
            teller.join(timeout=20)


class Teller(threading.Thread):
    """Reads what the process says, so that it never waits for a reader, and notes when ready."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        """Begin to read at once."""
        super().__init__(daemon=True)
        self.process = process
        self.said: list[str] = []
        self._wanted = READY
        self._is_heard = threading.Event()
        self.start()

    def run(self) -> None:
        """Read until the process ends."""
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.said.append(line.decode("utf-8", "replace"))
                if self._wanted in self.said[-1]:
                    self._is_heard.set()
        self._is_heard.set()

    def heard(self, words: str) -> bool:
        """Wait until the words were said; False when the process ended or took too long."""
        assert words == self._wanted
        self._is_heard.wait(PATIENCE)
        return any(words in line for line in self.said)


def told(folder: Path, teller: Teller) -> str:
    """Return everything a process said, for the message of a failed test."""
    log = (folder / "server.log").read_text(encoding="utf-8", errors="replace")
    return "".join(teller.said) + log


def environment_of(folder: Path, *, port: int, begins_at: datetime) -> dict[str, str]:
    """Return the environment of a process whose clock begins at the instant."""
    ahead: timedelta = begins_at - datetime.now(UTC)
    return {
        **os.environ,
        "TESTS_CLOCK_AHEAD": str(ahead.total_seconds()),
        "PYTHONPATH": os.pathsep.join((str(OCTOBER), str(ROOT))),
        "PYTHONUNBUFFERED": "1",
        "COLUMNS": "200",
        "JIANNUO_DATA_DIR": str(folder),
        "JIANNUO_DATABASE_URL": f"sqlite:///{folder / 'jiannuo.db'}",
        "JIANNUO_PORT": str(port),
    }


def free_ports() -> int:
    """Return a port that is free together with the next one, where the province listens."""
    for _ in range(50):
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
    raise AssertionError("no two free ports side by side")
