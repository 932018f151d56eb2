"""The `jiannuo` command on a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.integration.webapp.factory import Office
from tests.integration.webapp.officer.conftest import office, set_up_office
from webapp.cli import main

__all__ = ["Typing", "jiannuo", "office", "set_up_office", "typing"]


class Typing:
    """Types commands with the environment that names database and folder."""

    def __init__(self, *, url: str, folder: Path) -> None:
        self.environment = {"JIANNUO_DATABASE_URL": url, "JIANNUO_DATA_DIR": str(folder)}
        self.folder = folder

    def __call__(self, *arguments: str, answer: str = "", **environment: str) -> Result:
        """Type a command; a bug in it comes up, a refusal is a result."""
        return CliRunner().invoke(
            main,
            list(arguments),
            input=answer,
            env={**self.environment, **environment},
            catch_exceptions=False,
        )


@pytest.fixture
def jiannuo(office: Office) -> Typing:
    """The command beside a set-up office."""
    settings = office.parts.settings
    return Typing(url=settings.database_url, folder=settings.data_dir)


@pytest.fixture
def typing(tmp_path: Path) -> Iterator[Typing]:
    """The command on a machine where nothing is set up yet."""
    folder = tmp_path / "fresh"
    yield Typing(url=f"sqlite:///{folder / 'jiannuo.db'}", folder=folder)
