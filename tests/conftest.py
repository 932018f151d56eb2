"""What any test may ask for: a database of its own, and the Chromium that drives the pages."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from tests.databases import PostgresqlDatabases, SqliteDatabases

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FOR_TESTS = {
    "JIANNUO_TEST_DATABASE_URL",
    "JIANNUO_CHROMIUM",
    "JIANNUO_SCREENSHOTS",
    "JIANNUO_HISTORY_SECONDS",
}


def pytest_configure() -> None:
    """Make every machine the same: nobody's settings, and a zone that is neither ours nor UTC."""
    for name in [name for name in os.environ if name.startswith("JIANNUO_")]:
        if name not in FOR_TESTS:
            del os.environ[name]
    os.environ["TZ"] = "America/St_Johns"
    time.tzset()
    # On two shared cores a slow example is no finding; in CI a red run must be red again.
    settings.register_profile("house", deadline=None, derandomize="CI" in os.environ)
    settings.load_profile("house")


@pytest.fixture(scope="session", autouse=True)
def only_this_machine() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
            raise ConnectionRefusedError(f"a test must not leave this machine: {address[0]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


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


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    """The Chromium of this worker: Playwright refuses a second one in the same process."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()
