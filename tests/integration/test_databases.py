"""Shows that each test really has a database of its own, and that nothing leaves this machine."""

from __future__ import annotations

import socket

import pytest
from sqlalchemy import create_engine, inspect, text


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
