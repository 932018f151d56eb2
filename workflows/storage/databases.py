"""Open a database so that it loses nothing: SQLite and PostgreSQL set up the same way everywhere.

SQLite in the driver's own transaction mode loses updates between processes, so that mode is
switched off and every writing transaction begins IMMEDIATE. On PostgreSQL it is switched off too:
what reads needs no transaction, and a command that goes in one statement is one by itself.
"""

from __future__ import annotations

import select
from typing import Any

import orjson
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, InvalidatePoolError
from sqlalchemy.orm import Session, sessionmaker

from workflows.errors import InvalidAnswer

# A request reads on one connection while it writes on another. PostgreSQL lets transactions that
# commit at the same moment share one wait for the disk, so as many as ask may write at once.
CONNECTIONS = 20

# How a connection begins its transactions: "reading", "late", "before" SQLAlchemy hears of it, or
# at once for lack of a word.
BEGINS = "jiannuo_begins"

Sessions = sessionmaker[Session]
# What a page reads through; the name keeps SQLAlchemy out of the doors.
ReadSession = Session


def to_json(value: Any) -> str:
    """Return compact JSON with sorted keys; equal values give equal text."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def is_sqlite(engine: Engine) -> bool:
    """Say whether the database is a file that one process writes at a time."""
    return engine.dialect.name == "sqlite"


def assert_in_transaction(connection: Connection) -> None:
    """Raise RuntimeError when SQLite has ended the transaction itself, as it does on a full disk.

    What followed would be committed one by one, and a failed group must leave nothing.
    """
    if not is_in_transaction(connection):
        raise RuntimeError("SQLite has undone the transaction; is the disk full?")


def is_in_transaction(connection: Connection) -> bool:
    """Say whether SQLite itself is in a transaction, whoever began it."""
    driver: Any = connection.connection.dbapi_connection
    return bool(driver.in_transaction)


def count_changes(connection: Connection) -> int:
    """Return how many rows SQLite has changed on this connection, those undone included."""
    driver: Any = connection.connection.dbapi_connection
    return int(driver.total_changes)


def run_plain(connection: Connection, text: str) -> None:
    """Run a statement without values on the driver's own cursor."""
    driver: Any = connection.connection.dbapi_connection
    cursor = driver.cursor()
    cursor.execute(text)
    cursor.close()


def prepare_engine(engine: Engine) -> Engine:
    """Return the engine with the product's connection and transaction habits installed."""
    if is_sqlite(engine):
        event.listen(engine, "connect", _prepare_sqlite_connection)
    else:
        event.listen(engine, "connect", _prepare_server_connection)
        event.listen(engine, "checkout", _refuse_closed_connection)
    event.listen(engine, "begin", _begin)
    return engine


def engine_options() -> dict[str, Any]:
    """Return the options that every engine of the product is created with."""
    return {
        "json_serializer": to_json,
        "json_deserializer": orjson.loads,
        "pool_size": CONNECTIONS,
        "max_overflow": CONNECTIONS,
    }


def check_address(url: str) -> None:
    """Raise InvalidAnswer for an address that names no kind of database we can reach."""
    try:
        make_url(url).get_dialect()
    except ArgumentError as wrong:
        raise InvalidAnswer("error.database_address") from wrong


def open_database(url: str, *, waits_for_disk: bool = True) -> Engine:
    """Return a prepared engine for the address.

    One that does not wait for the disk may lose its last commits when the machine dies: that is for
    data that can be made again, such as a simulation's.
    """
    options = engine_options()
    is_hasty_server = not waits_for_disk and not url.startswith("sqlite")
    if is_hasty_server:
        options["connect_args"] = {"options": "-c synchronous_commit=off"}
    engine = prepare_engine(create_engine(url, **options))
    if is_sqlite(engine) and not waits_for_disk:
        event.listen(engine, "connect", _stop_waiting_for_disk)
    return engine


def sessions_for(engine: Engine) -> Sessions:
    """Return a factory of sessions whose objects stay readable after the commit."""
    return sessionmaker(engine, expire_on_commit=False)


def count_bytes(session: Session) -> int:
    """Return how many bytes the database takes on its disk, indexes included."""
    if session.get_bind().dialect.name == "sqlite":
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
        size = session.connection().exec_driver_sql("PRAGMA page_size").scalar_one()
        return int(pages) * int(size)
    found = session.connection().exec_driver_sql("SELECT pg_database_size(current_database())")
    return int(found.scalar_one())


def reading(session: Session) -> Session:
    """Return the session as one that only reads.

    On SQLite it then never waits for a writer. On PostgreSQL each statement stands for itself, as
    it does anyway at READ COMMITTED: a transaction's end would cost two ways there and back, and
    with every rollback the driver forgets the statements it has prepared.
    """
    session.connection(execution_options={BEGINS: "reading"})
    return session


def beginning_late(engine: Engine) -> Engine:
    """Return the engine for whoever says itself, by ``begin_now``, that a transaction is needed."""
    return engine.execution_options(**{BEGINS: "late"})


def begin_now(connection: Connection) -> None:
    """Let the server begin the transaction, unless it has; on SQLite it began with the first."""
    if connection.dialect.name != "postgresql":
        return
    driver: Any = connection.connection.dbapi_connection
    if driver.pgconn.transaction_status == TransactionStatus.IDLE:
        run_plain(connection, "BEGIN")


def _prepare_sqlite_connection(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=10000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _stop_waiting_for_disk(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


def _prepare_server_connection(connection: Any, _record: Any) -> None:
    connection.autocommit = True


def _refuse_closed_connection(connection: Any, _record: Any, _proxy: Any) -> None:
    """Let the pool connect anew when the server is gone, as after its restart.

    An idle connection has nothing to say: something to read is its end. That asks the system alone;
    a question to the server would be a way there and back before each request and command.
    """
    ends = select.poll()
    ends.register(connection.pgconn.socket, select.POLLIN)
    if ends.poll(0):
        raise InvalidatePoolError


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    how = options.get(BEGINS)
    if connection.dialect.name == "sqlite":
        if how != "before":
            run_plain(connection, "BEGIN" if how == "reading" else "BEGIN IMMEDIATE")
    elif how is None and options.get("isolation_level") != "AUTOCOMMIT":
        begin_now(connection)
