"""The gallery behind a real server, and a page of Chromium that looks at it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page
from werkzeug.serving import make_server

from tests.integration.interface.gallery import make_gallery_app


@dataclass
class Gallery:
    """The app, where it is served, and what it received."""

    app: Flask
    address: str
    complaints: list[str] = field(default_factory=list)

    @property
    def received(self) -> list[tuple[str, dict[str, list[str]]]]:
        """Return what the scripts sent, oldest first."""
        received: list[Any] = self.app.config["RECEIVED"]
        return received

    def sent(self, name: str) -> list[dict[str, list[str]]]:
        """Return what was sent to answer, draft or upload."""
        return [fields for place, fields in self.received if place == name]

    def note(self, message: ConsoleMessage) -> None:
        """Keep what the browser complains about; an answer we ask to be refused is no complaint."""
        if message.type in ("error", "warning") and "401" not in message.text:
            self.complaints.append(message.text)


@pytest.fixture
def gallery() -> Iterator[Gallery]:
    app = make_gallery_app()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Gallery(app, f"http://127.0.0.1:{server.port}")
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(browser: Browser, gallery: Gallery) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.on("console", gallery.note)
    page.on("pageerror", lambda problem: gallery.complaints.append(str(problem)))
    yield page
    context.close()
