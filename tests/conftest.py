"""What any test may ask for: a database of its own, and the Chromium that drives the pages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import PostgresqlDatabases, SqliteDatabases


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of one run share."""
    base = tmp_path_factory.getbasetemp()
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    folder = (base.parent if is_worker else base) / "databases"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def sqlite_databases(run_folder: Path) -> SqliteDatabases:
    return SqliteDatabases(folder=run_folder)


@pytest.fixture(scope="session")
def postgresql_databases(run_folder: Path) -> Iterator[PostgresqlDatabases]:
    databases = PostgresqlDatabases(folder=run_folder)
    yield databases
    databases.close()


@pytest.fixture
def sqlite_url(sqlite_databases: SqliteDatabases, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty SQLite database."""
    with sqlite_databases.fresh(folder=tmp_path) as url:
        yield url


@pytest.fixture
def postgresql_url(postgresql_databases: PostgresqlDatabases, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty PostgreSQL database."""
    with postgresql_databases.fresh(folder=tmp_path) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database: the test runs once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The Chromium that browser tests drive; without one they fail, they are never skipped."""
    names = (os.environ.get("JIANNUO_CHROMIUM", ""), "chromium", "chromium-browser")
    for name in names:
        if name and (path := shutil.which(name)):
            return path
    pytest.fail("No Chromium found. Type: tools/chromium.sh", pytrace=False)
