"""Real programs around us for the tests: the platform as a process, and who listens to it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parents[3]
SECRET = "只在测试里用的密钥"
LONGEST_WAIT = 20


def wait_for(what: Callable[[], Any], *, timeout: float = LONGEST_WAIT) -> Any:
    """Return the first true answer, or fail: another process answers in its own time."""
    beat, end = threading.Event(), time.monotonic() + timeout
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        beat.wait(0.02)
    raise AssertionError("it did not happen in time")


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class RunningPlatform:
    """The reference platform in its own process."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *arguments: str) -> None:
        """Start the process and wait until it answers."""
        command = [sys.executable, "-m", "webapp.cli", "platform", "--port", str(self.port)]
        command += ["--data-dir", str(self.folder), "--ack-after", "0", *arguments]
        environment = {**os.environ, "JIANNUO_PROVINCE_SECRET": SECRET}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment)
        wait_for(self._answers)

    def kill(self) -> None:
        """End the process as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def control(self, **values: Any) -> None:
        """Change the platform's behaviour."""
        answer = requests.post(f"{self.url}/control", json=values, timeout=10)
        assert answer.ok, answer.text

    def look(self) -> dict[str, Any]:
        """Return what the platform received and answered."""
        found: dict[str, Any] = requests.get(f"{self.url}/reports", timeout=10).json()
        return found

    def _answers(self) -> bool:
        assert self.process is not None and self.process.poll() is None, "it ended at once"
        try:
            return requests.get(f"{self.url}/health", timeout=1).ok
        except requests.ConnectionError:
            return False


@dataclass
class Listener:
    """A server of ours that keeps what it is told and answers as it is told to."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    body: bytes = b""
    location: str = ""
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def messages(self) -> list[dict[str, Any]]:
        """Return what was heard, as JSON."""
        return [json.loads(body) for _, body in self.heard]


@contextmanager
def listening() -> Iterator[Listener]:
    """Listen on this machine until the block ends; without orders every answer is 204."""
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            listener.heard.append((dict(self.headers), body))
            self.send_response(listener.answers.pop(0) if listener.answers else 204)
            if listener.location:
                self.send_header("Location", listener.location)
            self.send_header("Content-Length", str(len(listener.body)))
            self.end_headers()
            self.wfile.write(listener.body)

        def log_message(self, format: str, *args: Any) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.url = f"http://127.0.0.1:{server.server_port}/exchange/province"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield listener
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
