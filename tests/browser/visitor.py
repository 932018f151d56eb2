"""Somebody at a browser: a window of their own, and a list of what the browser complained about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, ViewportSize

from tests.browser.demo_office import PASSWORD, DemoOffice

DESK = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)
# The browser tells of every answer that is no page; a test says which ones it asks for.
REFUSED = re.compile(r"the server responded with a status of (\d+)")


@dataclass
class Visitor:
    """A person at a browser of their own."""

    office: DemoOffice
    page: Page
    complaints: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)

    @property
    def context(self) -> BrowserContext:
        """Return the browser's cookies and windows."""
        return self.page.context

    def goto(self, path: str) -> Page:
        """Open an address of the office."""
        self.page.goto(f"{self.office.address}{path}")
        return self.page

    def expects(self, *statuses: int) -> Visitor:
        """Say which refusals are part of this journey."""
        self.expected.update(statuses)
        return self

    def log_in(self, username: str) -> Page:
        """Log in through the form, as people do."""
        page = self.goto("/login")
        page.fill("#username", username)
        page.fill("#password", PASSWORD)
        page.click("main form[data-once] [type=submit]")
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    def watch(self, page: Page) -> None:
        """Note what the page complains about from now on."""
        page.on("console", self._note_console)
        page.on("pageerror", lambda problem: self.complaints.append(f"script: {problem}"))
        page.on("request", self._note_request)

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        refused = REFUSED.search(message.text)
        if refused and int(refused[1]) in self.expected:
            return
        self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url')})")

    def _note_request(self, request: Request) -> None:
        place = urlsplit(request.url)
        if place.scheme in ("http", "https") and f"{place.scheme}://{place.netloc}" != (
            self.office.address
        ):
            self.complaints.append(f"asks another host: {request.url}")


@contextmanager
def visiting(browser: Browser, office: DemoOffice, **options: Any) -> Iterator[Visitor]:
    """Give somebody a browser of their own; what it complained about fails the test at the end."""
    context = browser.new_context(**{"viewport": DESK, "locale": "zh-CN", **options})
    try:
        visitor = Visitor(office, context.new_page())
        visitor.watch(visitor.page)
        yield visitor
    finally:
        context.close()
    assert not visitor.complaints, "\n".join(visitor.complaints)
