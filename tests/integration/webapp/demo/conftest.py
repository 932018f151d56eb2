"""The shipped office in demo mode, on a machine whose clock stands still."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from tests.integration.webapp.factory import TODAY, Office, close_office
from tests.integration.webapp.officer.conftest import set_up_office
from webapp.app import create_app
from webapp.limits import limiter
from webapp.settings import Settings
from workflows.services.read_office import find_first_office

__all__ = ["demo", "set_up_office"]


@dataclass
class Demo:
    """A demo installation; it can be stopped and started again."""

    folder: Path
    app: Flask

    @property
    def office(self) -> Office:
        """Return the office, seen with the demo's own clock."""
        clock = self.app.extensions["jiannuo"].clock
        found = Office(app=self.app, clock=clock, office_id="")
        with found.reading() as session:
            first = find_first_office(session)
        assert first is not None
        found.office_id = first.id
        return found

    def now(self) -> datetime:
        """Return what the demo's clock says."""
        at: datetime = self.app.extensions["jiannuo"].clock.now()
        return at

    def restart(self) -> None:
        """Stop the program and start it again."""
        close_office(self.office)
        self.app = start(self.folder)


def start(folder: Path) -> Flask:
    url = f"sqlite:///{folder / 'office.db'}"
    settings = Settings(database_url=url, data_dir=folder, is_demo=True, runs_scheduler=False)
    app = create_app(settings, strict_texts=True)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    limiter.enabled = False
    return app


@pytest.fixture
def demo(set_up_office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    """The demo on Tuesday 2026-10-13 at 09:42; the machine's clock does not move."""
    monkeypatch.setattr("webapp.business_clock.machine_now", lambda: TODAY.astimezone(UTC))
    folder = tmp_path / "data"
    shutil.copytree(set_up_office, folder)
    found = Demo(folder, start(folder))
    yield found
    close_office(found.office)
