"""The platform's own small database: reports by key, versions of records, answers to deliver."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TABLES = """
CREATE TABLE IF NOT EXISTS report (
    key TEXT PRIMARY KEY, body_hash TEXT NOT NULL, receipt TEXT NOT NULL UNIQUE,
    record_number TEXT NOT NULL, base_version INTEGER NOT NULL, version INTEGER NOT NULL,
    payload TEXT NOT NULL, callback_url TEXT NOT NULL, received_at REAL NOT NULL,
    times_received INTEGER NOT NULL DEFAULT 1, status TEXT NOT NULL DEFAULT 'received',
    reason TEXT NOT NULL DEFAULT '', decided_at REAL);
CREATE TABLE IF NOT EXISTS record (number TEXT PRIMARY KEY, version INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS message (
    id TEXT PRIMARY KEY, report_key TEXT NOT NULL, callback_url TEXT NOT NULL, body TEXT NOT NULL,
    due_at REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, delivered_at REAL,
    last_error TEXT NOT NULL DEFAULT '');
"""


@dataclass(frozen=True, kw_only=True)
class NewReport:
    """A report as it came in."""

    key: str
    body_hash: str
    record_number: str
    base_version: int
    version: int
    payload: dict[str, Any]
    callback_url: str
    received_at: float


class PlatformStore:
    """One SQLite file; each call is a short transaction of its own."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        with self._open() as database:
            database.execute("PRAGMA journal_mode=WAL")
            database.executescript(TABLES)

    def receive(self, report: NewReport) -> sqlite3.Row:
        """Keep a report once per key, count its repeats, and return the row."""
        with self._open() as database:
            database.execute(
                "INSERT INTO report (key, body_hash, receipt, record_number, base_version,"
                " version, payload, callback_url, received_at, times_received)"
                " SELECT ?, ?, 'SJPT-' || printf('%06d', count(*) + 1), ?, ?, ?, ?, ?, ?, 0"
                " FROM report WHERE true ON CONFLICT (key) DO NOTHING",
                (
                    report.key,
                    report.body_hash,
                    report.record_number,
                    report.base_version,
                    report.version,
                    json.dumps(report.payload, ensure_ascii=False),
                    report.callback_url,
                    report.received_at,
                ),
            )
            database.execute(
                "UPDATE report SET times_received = times_received + 1"
                " WHERE key = ? AND body_hash = ?",
                (report.key, report.body_hash),
            )
            row: sqlite3.Row = database.execute(
                "SELECT * FROM report WHERE key = ?", (report.key,)
            ).fetchone()
            return row

    def list_reports(self) -> list[dict[str, Any]]:
        """Return every report, oldest first."""
        with self._open() as database:
            rows = database.execute("SELECT * FROM report ORDER BY received_at, key").fetchall()
        return [{**dict(row), "payload": json.loads(row["payload"])} for row in rows]

    def list_messages(self) -> list[dict[str, Any]]:
        """Return every answer and how its delivery stands."""
        with self._open() as database:
            rows = database.execute("SELECT * FROM message ORDER BY due_at, id").fetchall()
        return [{**dict(row), "body": json.loads(row["body"])} for row in rows]

    def undecided(self, *, received_before: float) -> list[sqlite3.Row]:
        """Return the reports that wait for a decision since then."""
        with self._open() as database:
            return database.execute(
                "SELECT * FROM report WHERE status = 'received' AND received_at <= ?"
                " ORDER BY received_at, key",
                (received_before,),
            ).fetchall()

    def version_of(self, record_number: str) -> int | None:
        """Return the version the platform holds of a record, or None if it knows none."""
        with self._open() as database:
            row = database.execute(
                "SELECT version FROM record WHERE number = ?", (record_number,)
            ).fetchone()
        return row["version"] if row else None

    def set_version(self, *, record_number: str, version: int) -> None:
        """Set the version the platform holds of a record."""
        with self._open() as database:
            _put_version(database, record_number, version)

    def decide(
        self, report: sqlite3.Row, *, reason: str, message_id: str, body: dict[str, Any], at: float
    ) -> None:
        """Accept a report (no reason) or reject it, and put the answer up for delivery."""
        with self._open() as database:
            database.execute(
                "UPDATE report SET status = ?, reason = ?, decided_at = ? WHERE key = ?",
                ("rejected" if reason else "acknowledged", reason, at, report["key"]),
            )
            if not reason:
                _put_version(database, report["record_number"], report["version"])
            database.execute(
                "INSERT INTO message (id, report_key, callback_url, body, due_at)"
                " VALUES (?, ?, ?, ?, ?)",
                (
                    message_id,
                    report["key"],
                    report["callback_url"],
                    json.dumps(body, ensure_ascii=False, sort_keys=True),
                    at,
                ),
            )

    def undelivered(self, *, now: float) -> list[sqlite3.Row]:
        """Return the answers that are due for delivery."""
        with self._open() as database:
            return database.execute(
                "SELECT * FROM message WHERE delivered_at IS NULL AND due_at <= ?"
                " ORDER BY due_at, id",
                (now,),
            ).fetchall()

    def note_delivery(self, message_id: str, *, at: float) -> None:
        """Note that the other side has the answer."""
        with self._open() as database:
            database.execute(
                "UPDATE message SET delivered_at = ?, attempts = attempts + 1, last_error = ''"
                " WHERE id = ?",
                (at, message_id),
            )

    def note_failed_delivery(self, message_id: str, *, error: str, due_at: float) -> None:
        """Note why the other side did not take the answer and when to try again."""
        with self._open() as database:
            database.execute(
                "UPDATE message SET attempts = attempts + 1, last_error = ?, due_at = ?"
                " WHERE id = ?",
                (error, due_at, message_id),
            )

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=10)) as database:
            database.row_factory = sqlite3.Row
            with database:
                yield database


def _put_version(database: sqlite3.Connection, number: str, version: int) -> None:
    database.execute(
        "INSERT INTO record (number, version) VALUES (?, ?)"
        " ON CONFLICT (number) DO UPDATE SET version = excluded.version",
        (number, version),
    )
