"""Brings a database to the tables of this version, so that an upgrade is one command everywhere.

The same revisions run on SQLite and on PostgreSQL. All of them run in one transaction behind one
lock: two programs that start together migrate once, and a broken revision leaves nothing behind.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from workflows.errors import OutsideServiceFailed

MIGRATIONS = Path(__file__).parent / "migrations"

# Any constant will do; it names "a migration of Jiannuo" among PostgreSQL's advisory locks.
MIGRATION_LOCK = 7_219_018


def migrate(url: str, *, revision: str = "head") -> None:
    """Bring the database at `url` to the newest revision; a current one is left alone.

    An earlier ``revision`` makes the database of an earlier version, to try an upgrade on.

    Raises OutsideServiceFailed when nothing answers at the address.
    """
    try:
        with _locked_connection(url=url) as connection:
            command.upgrade(_config(connection=connection), revision)
    except OperationalError as error:
        if not error.connection_invalidated:
            raise
        raise OutsideServiceFailed("error.database_unreachable") from error


def list_heads() -> list[str]:
    """Return the revisions that nothing follows; there must be exactly one."""
    return ScriptDirectory.from_config(_config()).get_heads()


def is_current(engine: Engine) -> bool:
    """Say whether the database is there and has the tables of this version.

    Raises OutsideServiceFailed when its server does not answer.
    """
    database = engine.url.database or ""
    if engine.dialect.name == "sqlite" and not Path(database).is_file():
        # Connecting would leave an empty file behind.
        return False
    try:
        with engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_heads()
    except OperationalError as error:
        raise OutsideServiceFailed("error.database_unreachable") from error
    return set(found) == set(list_heads())


def write_revision(*, message: str) -> Path:
    """Write the revision that leads from the newest one to the models, and return its file."""
    number = len(list((MIGRATIONS / "versions").glob("*.py"))) + 1
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/revision.db"
        migrate(url)
        with _locked_connection(url=url) as connection:
            script = command.revision(
                _config(connection=connection),
                message=message,
                autogenerate=True,
                rev_id=f"{number:04d}",
            )
    if script is None or isinstance(script, list):
        raise RuntimeError("expected exactly one new revision")
    return Path(script.path)


def _config(*, connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


@contextmanager
def _locked_connection(*, url: str) -> Iterator[Connection]:
    engine = _engine(url=url)
    try:
        with _connected(engine) as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                statement = text("SELECT pg_advisory_xact_lock(:lock)")
                connection.execute(statement, {"lock": MIGRATION_LOCK})
            yield connection
    finally:
        engine.dispose()


def _connected(engine: Engine) -> Connection:
    """Return a connection; raises OutsideServiceFailed when nothing answers at the address."""
    try:
        return engine.connect()
    except OperationalError as error:
        raise OutsideServiceFailed("error.database_unreachable") from error


def _engine(*, url: str) -> Engine:
    """Return an engine of its own: rebuilding a table on SQLite needs foreign keys switched off."""
    engine = create_engine(make_url(url), poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _leave_transactions_to_us)
        event.listen(engine, "begin", _take_the_write_lock)
    return engine


def _leave_transactions_to_us(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA busy_timeout = 30000")


def _take_the_write_lock(connection: Connection) -> None:
    # The driver's own BEGIN would let two programs read the same revision and both migrate.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
