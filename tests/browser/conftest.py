"""The demo office behind its own command, and people who visit it in Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.demo_office import DemoOffice, filled_office, open_office
from tests.browser.visitor import Visitor, visiting

Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def filled(run_folder: Path) -> Path:
    return filled_office(run_folder)


@pytest.fixture(scope="session")
def office(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoOffice]:
    """The office that everybody may look at and nobody changes."""
    with open_office(filled, tmp_path_factory.mktemp("office") / "data") as office:
        yield office


@pytest.fixture
def own_office(filled: Path, tmp_path: Path) -> Iterator[DemoOffice]:
    """An office of the test's own, where it may do what it wants."""
    with open_office(filled, tmp_path / "data") as office:
        yield office


@pytest.fixture
def visit(browser: Browser, own_office: DemoOffice) -> Iterator[Visit]:
    """Return a function that brings somebody to the test's own office, logged in if named."""
    with ExitStack() as stack:

        def come(username: str = "", **options: Any) -> Visitor:
            visitor = stack.enter_context(visiting(browser, own_office, **options))
            if username:
                visitor.log_in(username)
            return visitor

        yield come
