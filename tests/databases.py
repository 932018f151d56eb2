"""Real databases for tests, cheap enough to give every test its own.

Each run migrates one template per kind of database; a test gets a copy of it: a file copy on
SQLite, `CREATE DATABASE ... TEMPLATE` on PostgreSQL. PostgreSQL comes out of a Python wheel;
JIANNUO_TEST_DATABASE_URL names another server instead, whose user may create databases.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from tools.postgresql import PostgresqlServer
from workflows.storage.migrate import migrate

SERVER_VARIABLE = "JIANNUO_TEST_DATABASE_URL"

# A test may lose its data when the machine loses power; waiting for the disk is wasted on it.
HASTY_SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 200
"""


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Let one process of the run at a time do what follows."""
    with open(path, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class SqliteDatabases:
    """Copies of one migrated SQLite file."""

    def __init__(self, *, folder: Path) -> None:
        self._template = folder / "template.db"
        with only_one(folder / "template.db.lock"):
            if not self._template.exists():
                fresh = folder / "template.db.new"
                fresh.unlink(missing_ok=True)
                migrate(f"sqlite:///{fresh}")
                fresh.rename(self._template)

    @contextmanager
    def fresh(self, *, folder: Path) -> Iterator[str]:
        """Lend the address of a migrated, empty database of one's own."""
        path = folder / f"{uuid.uuid4().hex[:12]}.db"
        shutil.copyfile(self._template, path)
        yield f"sqlite:///{path}"


class PostgresqlDatabases:
    """Copies of one migrated database on a PostgreSQL server that all workers of a run share."""

    def __init__(self, *, folder: Path) -> None:
        self._server = make_url(os.environ.get(SERVER_VARIABLE) or _start_server(folder=folder))
        self._admin = _admin_engine(self._server)
        # A server named in the environment outlives the run, so each run has a template of its own.
        self._template = f"jiannuo_template_{_run_name(folder=folder)}"
        with only_one(folder / "postgresql.lock"):
            if not self._exists(self._template):
                self._make_template()

    def _make_template(self) -> None:
        """Migrate under another name first: a half-made template is never taken for a whole one."""
        fresh = f"{self._template}_new"
        self._run(f'DROP DATABASE IF EXISTS "{fresh}"')
        self._run(f'CREATE DATABASE "{fresh}"')
        migrate(self._address(fresh))
        self._run(f'ALTER DATABASE "{fresh}" RENAME TO "{self._template}"')

    @contextmanager
    def fresh(self, *, folder: Path) -> Iterator[str]:
        """Lend the address of a migrated, empty database of one's own; it is dropped afterwards."""
        name = f"jiannuo_{uuid.uuid4().hex[:12]}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{self._template}"')
        try:
            yield self._address(name)
        finally:
            self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def close(self) -> None:
        """Let go of the server; the wheel's own server stops with the last worker."""
        self._admin.dispose()

    def _exists(self, name: str) -> bool:
        with self._admin.connect() as connection:
            found = connection.execute(
                text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}
            )
            return found.scalar() is not None

    def _run(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(statement)

    def _address(self, database: str) -> str:
        return self._server.set(database=database).render_as_string(hide_password=False)


def _admin_engine(server: URL) -> Engine:
    return create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)


def _run_name(*, folder: Path) -> str:
    """Return a name that the workers of this run share and no other run has."""
    name = folder / "run_name"
    with only_one(folder / "run_name.lock"):
        if not name.exists():
            name.write_text(uuid.uuid4().hex[:8])
        return name.read_text()


def _start_server(*, folder: Path) -> str:
    with only_one(folder / "server.lock"):
        return PostgresqlServer(folder / "postgresql", settings=HASTY_SETTINGS).start()
