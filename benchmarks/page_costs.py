"""What a page of the product costs, in a process of its own that shows its memory too."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from json.encoder import encode_basestring
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask, template_rendered
from flask.testing import FlaskClient
from markupsafe import escape

from benchmarks.machine import first_value
from benchmarks.office import NOW
from webapp.app import create_app
from webapp.business_clock import BusinessClock
from webapp.cli.case import json_text
from webapp.current import Parts
from webapp.demo.install_office import PASSWORD
from webapp.memory import collect_seldom
from webapp.settings import Settings
from workflows.services.read_overview import list_case_lines
from workflows.storage.reading import read_session

PAGES = 30
TAGS = re.compile(r"(<[^>]*>)")
# The longest JSON that the product writes is its list of cases; so many of them are taken.
CASES = 1000
VALUES = re.compile(r'(?<=: )("(?:[^"\\]|\\.)*")')


def ask_for_pages(url: str, username: str) -> dict[str, float]:
    """Return what a process that serves this database measures of itself."""
    with tempfile.TemporaryDirectory(prefix="jiannuo-serving-") as folder:
        command = [sys.executable, "-m", "benchmarks.page_costs", url, folder, username]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    measured: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return measured


def main() -> None:
    """Serve pages of the database named, and print what that took as JSON."""
    url, folder, username = sys.argv[1:4]
    app = create_app(Settings(database_url=url, data_dir=Path(folder), runs_scheduler=False))
    _stop_the_clock(app)
    collect_seldom()
    # The measuring client fills no forms of its own making; tokens are the browser tests' matter.
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/login", data={"username": username, "password": PASSWORD})
    print(json.dumps(measure(app, client)))


class StandingClock(BusinessClock):
    """A clock that stands at the day the office was filled for: rows late by months show less."""

    def now(self) -> datetime:
        """Return the same instant always."""
        return NOW.astimezone(UTC)


def _stop_the_clock(app: Flask) -> None:
    parts: Parts = app.extensions["jiannuo"]
    clock = StandingClock(parts.sessions, is_virtual=False)
    app.extensions["jiannuo"] = replace(parts, clock=clock)


def measure(app: Flask, client: FlaskClient) -> dict[str, float]:
    """Return milliseconds of processor time and kilobytes of memory."""
    inbox = "/inbox"
    heard: list[tuple[Any, dict[str, Any]]] = []

    def hear(_sender: Flask, template: Any, context: dict[str, Any], **_extra: Any) -> None:
        heard.append((template, context))

    whole = _median_cost(lambda: client.get(inbox))
    with template_rendered.connected_to(hear, app):
        page = client.get(inbox)
        if page.status_code != 200:
            raise SystemExit(f"the inbox answered {page.status_code}")
        rendered, joined, length = _rendering(app, *heard[-1])
    return {
        "inbox_page_ms": whole * 1000,
        "rendering_ms": rendered * 1000,
        "hand_joined_ms": joined * 1000,
        "page_bytes": length,
        "memory_mb": float(first_value(Path("/proc/self/status"), "VmRSS").split()[0]) / 1024,
        **_json(app),
    }


def _rendering(app: Flask, template: Any, context: dict[str, Any]) -> tuple[float, float, int]:
    """Return the seconds of the template, those of joining the same bytes by hand, and how many.

    By hand means: every piece of text between two tags is escaped once and all are joined.
    """
    with app.test_request_context("/inbox"):
        page = template.render(context)
        rendered = _median_cost(lambda: template.render(context).encode())
    pieces = TAGS.split(page)
    joined = _median_cost(lambda: "".join(_by_hand(pieces)).encode())
    return rendered, joined, len(page.encode())


def _json(app: Flask) -> dict[str, float]:
    """Return what cases as JSON cost, and joining the same bytes with each value escaped once."""
    parts: Parts = app.extensions["jiannuo"]
    with read_session(parts.sessions) as session:
        lines = list_case_lines(session, only_open=True)[:CASES]
    pieces = VALUES.split(json_text(lines))
    # Every second piece is a value, still to be escaped; between them stands what never changes.
    pieces[1::2] = [json.loads(value) for value in pieces[1::2]]
    return {
        "json_ms": _median_cost(lambda: json_text(lines).encode()) * 1000,
        "json_hand_joined_ms": _median_cost(lambda: _quoted(pieces).encode()) * 1000,
        "json_bytes": len(json_text(lines).encode()),
        "json_cases": len(lines),
    }


def _quoted(pieces: list[str]) -> str:
    return "".join(
        encode_basestring(piece) if place % 2 else piece for place, piece in enumerate(pieces)
    )


def _by_hand(pieces: list[str]) -> list[str]:
    return [piece if piece.startswith("<") else str(escape(piece)) for piece in pieces]


def _median_cost(work: Callable[[], Any]) -> float:
    costs = []
    for _ in range(PAGES):
        began = time.process_time()
        work()
        costs.append(time.process_time() - began)
    return median(costs)


if __name__ == "__main__":
    main()
