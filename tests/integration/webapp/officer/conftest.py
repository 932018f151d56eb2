"""An office on a database of its own for the tests of the officer's door."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import SqliteDatabases
from tests.integration.webapp.factory import Office, close_office, open_office


@pytest.fixture(scope="session")
def set_up_office(
    tmp_path_factory: pytest.TempPathFactory, sqlite_databases: SqliteDatabases
) -> Path:
    """A folder with the shipped office, keys and all, set up once for all tests of a worker."""
    folder = tmp_path_factory.mktemp("office")
    with sqlite_databases.fresh(folder=folder) as url:
        close_office(open_office(url=url, folder=folder))
    next(folder.glob("*.db")).rename(folder / "office.db")
    return folder


@pytest.fixture
def office(set_up_office: Path, tmp_path: Path) -> Iterator[Office]:
    """The shipped office, its clock held at 2026-10-13 09:42."""
    folder = tmp_path / "data"
    shutil.copytree(set_up_office, folder)
    found = open_office(url=f"sqlite:///{folder / 'office.db'}", folder=folder)
    yield found
    close_office(found)
