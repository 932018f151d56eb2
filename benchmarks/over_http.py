"""Measures the officer's paths over HTTP: a real server, a real socket, one client."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection
from urllib.parse import urlencode

from benchmarks.office import NOTE, NOW
from benchmarks.processor import processor_seconds
from benchmarks.rivals import Rival, list_open
from webapp.demo.install_office import PASSWORD

WARM_UP = 5
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
KINDS = {"Product": "product", "Baseline": "baseline"}


class Client:
    """One browser's worth of connection: keeps the cookie, follows nothing."""

    def __init__(self, port: int) -> None:
        """Connect to the server on this machine."""
        self._connection = HTTPConnection("127.0.0.1", port)
        self._cookie = ""

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> bytes:
        """Send one request and return the body. Raises RuntimeError unless it went well."""
        body = urlencode(form) if form is not None else None
        headers = {"Cookie": self._cookie, **(FORM if form is not None else {})}
        self._connection.request(method, path, body=body, headers=headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status not in (200, 302):
            raise RuntimeError(f"{method} {path} was answered with {answer.status}")
        cookies = answer.headers.get_all("Set-Cookie") or []
        if cookies:
            self._cookie = "; ".join(cookie.partition(";")[0] for cookie in cookies)
        return content


def measure_http(
    rival: Rival, *, username: str, database_seconds: Callable[[], float], requests: int
) -> dict[str, float]:
    """Return processor seconds a request by path: those of the server and of its database."""
    cases = [rival.start(now=NOW) for _ in range(requests + WARM_UP)]
    tasks = [task for task, case in list_open(rival.office) if case in set(cases)]
    with _serving(KINDS[type(rival).__name__], rival.office.url) as (pid, client):
        client.ask("POST", "/login", {"username": username, "password": PASSWORD})
        note = {"note": NOTE}
        paths: dict[str, list[Callable[[], bytes]]] = {
            "inbox": [partial(client.ask, "GET", "/inbox")] * len(tasks),
            "case page": [partial(client.ask, "GET", f"/cases/{case}") for case in cases],
            "claim": [partial(client.ask, "POST", f"/tasks/{task}/claim", {}) for task in tasks],
            "complete": [partial(client.ask, "POST", f"/tasks/{task}", note) for task in tasks],
        }
        costs = {
            path: _cost(asked, lambda: processor_seconds(pid) + database_seconds())
            for path, asked in paths.items()
        }
    still_open = {task for task, _ in list_open(rival.office)}
    if still_open & set(tasks):
        raise RuntimeError("a completion over HTTP did not close its task")
    return costs


def _cost(asked: list[Callable[[], bytes]], seconds: Callable[[], float]) -> float:
    for ask in asked[:WARM_UP]:
        ask()
    before = seconds()
    for ask in asked[WARM_UP:]:
        ask()
    return (seconds() - before) / len(asked[WARM_UP:])


@contextmanager
def _serving(kind: str, url: str) -> Iterator[tuple[int, Client]]:
    with tempfile.TemporaryDirectory(prefix="jiannuo-serving-") as folder:
        command = [sys.executable, "-m", "benchmarks.serving", kind, url, folder]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        with process:
            assert process.stdout is not None and process.stdin is not None
            client = Client(int(process.stdout.readline()))
            try:
                yield process.pid, client
            finally:
                client.close()
                process.stdin.close()
                process.wait(timeout=30)
