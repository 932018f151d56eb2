"""Shows that each test really has a database of its own, and that nothing leaves this machine."""

from __future__ import annotations

import socket

import pytest
from sqlalchemy import create_engine, inspect, text

from workflows.storage.databases import open_database


def list_tables(url: str) -> set[str]:
    engine = create_engine(url)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names


class TestDatabaseOfATest:
    def test_is_migrated(self, database_url):
        assert {"case_file", "task", "timer", "outbox", "alembic_version"} <= list_tables(
            database_url
        )

    @pytest.mark.parametrize("turn", ["first", "second"])
    def test_is_not_shared_with_another_test(self, database_url, turn):
        engine = create_engine(database_url)

        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE left_behind (turn TEXT)"))
        engine.dispose()

        assert "left_behind" in list_tables(database_url)

    def test_is_a_real_postgresql(self, postgresql_url):
        engine = create_engine(postgresql_url)

        with engine.connect() as connection:
            version = connection.execute(text("SHOW server_version_num")).scalar_one()
        engine.dispose()

        assert int(version) >= 150000


class TestNetwork:
    def test_ends_at_this_machine(self):
        with pytest.raises(ConnectionRefusedError, match="must not leave"):
            socket.create_connection(("192.0.2.1", 80), timeout=1)


class TestWaitingForTheDisk:
    @pytest.mark.parametrize(("waits", "level"), [(True, 2), (False, 0)])
    def test_is_given_up_on_sqlite_only_when_asked(self, sqlite_url, waits, level):
        assert ask(sqlite_url, "PRAGMA synchronous", waits=waits) == level

    @pytest.mark.parametrize(("waits", "level"), [(True, "on"), (False, "off")])
    def test_is_given_up_on_postgresql_only_when_asked(self, postgresql_url, waits, level):
        # The tests' server is hasty; this database of it is not.
        admin = create_engine(postgresql_url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            name = admin.url.database
            connection.exec_driver_sql(f'ALTER DATABASE "{name}" SET synchronous_commit = on')
        admin.dispose()

        assert ask(postgresql_url, "SHOW synchronous_commit", waits=waits) == level


class TestConnectionInThePool:
    def test_that_the_server_has_ended_is_not_given_out(self, postgresql_url):
        engine = open_database(postgresql_url)
        with engine.connect() as connection:
            number = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        admin = create_engine(postgresql_url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:of, 5000)"), {"of": number})
        admin.dispose()

        with engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one() != number
        engine.dispose()


def ask(url: str, question: str, *, waits: bool) -> object:
    """Return what the database says to a connection of ours."""
    engine = open_database(url, waits_for_disk=waits)
    with engine.connect() as connection:
        found: object = connection.exec_driver_sql(question).scalar()
    engine.dispose()
    return found
