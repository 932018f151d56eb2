"""Keeps migrations and models equal, so that an upgraded office has what a new one has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, inspect, text

from tests.contracts.sources import report
from workflows.models import Base
from workflows.storage.migrate import list_heads, migrate

REMEDY = (
    'type: make revision NAME="what changes", read what it wrote, and commit it with the models.'
)
OUR_OWN = {"alembic_version"}


def describe(engine: Engine) -> dict[str, str]:
    """Return one line for each column, key, index and check of each table."""
    inspector = inspect(engine)
    facts: dict[str, str] = {}
    for table in sorted(set(inspector.get_table_names()) - OUR_OWN):
        for column in inspector.get_columns(table):
            kind = column["type"].compile(engine.dialect)
            facts[f"{table}.{column['name']}"] = f"{kind} {column['nullable']} {column['default']}"
        groups: dict[str, list[Any]] = {
            "unique": inspector.get_unique_constraints(table),
            "index": inspector.get_indexes(table),
            "foreign key": inspector.get_foreign_keys(table),
            "check": inspector.get_check_constraints(table),
            "primary key": [inspector.get_pk_constraint(table)],
        }
        for group, entries in groups.items():
            for entry in entries:
                facts[f"{table} {group} {entry['name']}"] = str(sorted(said(entry), key=str))
    return facts


def said(entry: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return the entry with the words of a partial index's condition, not the object they are."""
    options = entry.get("dialect_options", {})
    words = {name: str(value) for name, value in options.items()}
    return list({**entry, "dialect_options": words}.items())


def differences(*, migrated: dict[str, str], modelled: dict[str, str]) -> list[str]:
    return [
        f"{name}: migrations give {migrated.get(name)}, models say {modelled.get(name)}"
        for name in sorted(migrated.keys() | modelled.keys())
        if migrated.get(name) != modelled.get(name)
    ]


def empty(engine: Engine) -> None:
    """Take every table away again, so that the models can be created in the same database."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
            return
        for name in inspect(connection).get_table_names():
            connection.execute(text(f'DROP TABLE "{name}"'))


class TestMigrations:
    def test_have_one_head(self):
        assert len(list_heads()) == 1, f"give the newer revision the other as its parent: {REMEDY}"

    def test_give_the_tables_of_the_models(self, database_url):
        engine = create_engine(database_url)
        migrated = describe(engine)

        empty(engine)
        Base.metadata.create_all(engine)
        modelled = describe(engine)
        engine.dispose()

        assert migrated, "the migrations make no table at all"
        found = differences(migrated=migrated, modelled=modelled)
        assert not found, report(found, REMEDY)

    def test_notice_a_column_that_only_the_models_have(self):
        found = differences(migrated={"task.id": "TEXT"}, modelled={"task.id": "x", "task.on": "y"})

        assert len(found) == 2

    def test_may_run_again(self, database_url):
        engine = create_engine(database_url)
        before = describe(engine)

        migrate(database_url)

        assert describe(engine) == before
        engine.dispose()

    def test_leave_nothing_behind_when_one_breaks(self, tmp_path: Path, monkeypatch):
        url = f"sqlite:///{tmp_path}/broken.db"
        monkeypatch.setattr("alembic.operations.BatchOperations.create_index", break_here)

        with pytest.raises(PowerCut):
            migrate(url)

        engine = create_engine(url)
        assert inspect(engine).get_table_names() == []
        engine.dispose()


class PowerCut(Exception):
    """The migration stops in its middle."""


def break_here(*_: object, **__: object) -> None:
    raise PowerCut
