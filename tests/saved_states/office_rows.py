"""All rows of an office as one readable text, and back into an empty database of their revision.

Run as a program, it writes the office that `test_upgrade.py` upgrades: do that once per released
revision, before the next migration is written, and keep every file it ever wrote.
"""

from __future__ import annotations

import base64
import gzip
import json
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Engine, MetaData, Table, create_engine, select, text

from tests.integration.casebook import Casebook, at
from workflows.storage.migrate import list_heads, migrate

FOLDER = Path(__file__).parent / "offices"
BYTES = "base64:"


def write_rows(engine: Engine, path: Path) -> None:
    """Write every row of every table, in an order in which they may be put back."""
    metadata = MetaData()
    metadata.reflect(engine)
    with engine.connect() as connection:
        rows = {
            table.name: [
                {name: _said(value) for name, value in row._mapping.items()}
                for row in connection.execute(select(*_kept(table)))
            ]
            for table in metadata.sorted_tables
            if table.name != "alembic_version"
        }
    content = json.dumps(rows, ensure_ascii=False, sort_keys=True).encode()
    path.write_bytes(gzip.compress(content, mtime=0))


def read_rows(engine: Engine, path: Path) -> None:
    """Put the rows into an empty database of the revision that they were written at."""
    metadata = MetaData()
    metadata.reflect(engine)
    found: dict[str, list[dict[str, Any]]] = json.loads(gzip.decompress(path.read_bytes()))
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            rows = [_meant(table, row) for row in found.get(table.name, [])]
            if rows:
                connection.execute(table.insert(), rows)
            if rows and engine.dialect.name == "postgresql" and "id" in table.c:
                _count_on(connection, table)


def _kept(table: Table) -> list[Column[Any]]:
    """Return the columns that hold something of their own; the others the database computes."""
    return [column for column in table.c if column.computed is None]


def _count_on(connection: Any, table: Table) -> None:
    """Let the server number on after the highest number put back."""
    sequence = connection.execute(
        text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": table.name}
    ).scalar()
    if sequence:
        highest = f"(SELECT max(id) FROM {table.name})"
        connection.execute(text(f"SELECT setval('{sequence}', {highest})"))


def _said(value: Any) -> Any:
    if isinstance(value, bytes):
        return BYTES + base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date) else value


def _meant(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(table.c[name].type.python_type, value) for name, value in row.items()}


def _value(kind: type, value: Any) -> Any:
    if isinstance(value, str) and value.startswith(BYTES):
        return base64.b64decode(value.removeprefix(BYTES))
    if isinstance(value, str) and kind is datetime:
        # SQLite keeps no zone; every instant of ours is in UTC.
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    if isinstance(value, str) and kind is date:
        return date.fromisoformat(value)
    return value


def write_office(path: Path) -> None:
    """Write an office with a case whose departments are asked and have not answered."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/office.db"
        migrate(url)
        book = Casebook(url, Path(folder), now=at("2026-09-24"))
        book.file()
        book.accept()
        book.do("task_self_check")
        book.close()
        engine = create_engine(url)
        write_rows(engine, path)
        engine.dispose()


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    target = FOLDER / f"{list_heads()[0]}.json.gz"
    write_office(target)
    print(target, file=sys.stderr)
