"""A casebook per test, on SQLite or on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.casebook import Casebook, at


@pytest.fixture
def book(sqlite_url: str, tmp_path: Path) -> Iterator[Casebook]:
    """An office on SQLite, at Thursday 2026-09-24, 09:30."""
    casebook = Casebook(sqlite_url, tmp_path, now=at("2026-09-24"))
    yield casebook
    casebook.close()


@pytest.fixture
def any_book(database_url: str, tmp_path: Path) -> Iterator[Casebook]:
    """The same office, once on SQLite and once on PostgreSQL."""
    casebook = Casebook(database_url, tmp_path, now=at("2026-09-24"))
    yield casebook
    casebook.close()
