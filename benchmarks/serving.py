"""A serving process to be measured from outside: product or baseline, behind waitress."""

from __future__ import annotations

import sys
import threading
from dataclasses import replace
from pathlib import Path

from flask import Flask
from waitress.server import create_server

from benchmarks.baseline.casework import Baseline
from benchmarks.baseline.pages import baseline_app
from benchmarks.office import find_opened
from webapp.app import create_app
from webapp.memory import collect_seldom
from webapp.settings import read_settings
from workflows.engine.engines import SPIFF, Engines


def main() -> None:
    """Serve until standard input closes; the first line printed is the port."""
    kind, url, folder = sys.argv[1:4]
    app = product_app(url, Path(folder)) if kind == "product" else _baseline_app(url)
    server = create_server(app, host="127.0.0.1", port=0, threads=2)
    print(server.effective_port, flush=True)
    threading.Thread(target=server.run, daemon=True).start()
    sys.stdin.read()


def product_app(url: str, folder: Path) -> Flask:
    """Return the product as it is configured, without its timers' tick."""
    settings = replace(read_settings(), database_url=url, data_dir=folder, runs_scheduler=False)
    app = create_app(settings)
    collect_seldom()
    # The measuring client fills in no tokens; checking one costs microseconds.
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def _baseline_app(url: str) -> Flask:
    return baseline_app(Baseline(find_opened(url, engine=Engines(SPIFF))))


if __name__ == "__main__":
    main()
