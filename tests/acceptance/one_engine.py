"""One SQLite engine for all offices of a run: SQL is compiled once, and the file changes.

Compiling each statement anew for each office, and again after each restart, costs more than all the
rest of a test. Connections are dropped whenever an office starts, so nothing of the data stays.
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import Engine, event, make_url

from webapp import database
from workflows.storage.databases import Sessions, open_database, sessions_for

_engines: list[Engine] = []
_file: list[str] = [""]


def install_on_one_engine(app: Flask, *, url: str) -> Sessions:
    """Connect an app as the product does; on SQLite through the engine that all offices share."""
    if not url.startswith("sqlite"):
        return database.install_database(app, url=url)
    if not _engines:
        _engines.append(open_database(url))
        event.listen(_engines[0], "do_connect", _point_at_the_file)
    drop_connections()
    _file[0] = make_url(url).database or ""
    return sessions_for(_engines[0])


def drop_connections() -> None:
    """Close every connection to the file of the office before."""
    for engine in _engines:
        engine.dispose()


def _point_at_the_file(_dialect: Any, _record: Any, arguments: list[Any], _named: Any) -> None:
    arguments[0] = _file[0]
