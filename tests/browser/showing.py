"""Opens a screen for whom it is for, waits until it has come to rest, and keeps its picture."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page
from werkzeug.routing import MapAdapter

from tests.browser.case_book import PHONE, CaseBook
from tests.browser.demo_office import DemoOffice
from tests.browser.looking import Screen
from tests.browser.visitor import DESK, Visitor, visiting
from tests.contracts.sources import ROOT

PICTURES = os.environ.get("JIANNUO_SCREENSHOTS", "")


@dataclass
class Showing:
    """Shows screens of one office; each person has one browser for all of them."""

    browser: Browser
    office: DemoOffice
    addresses: MapAdapter
    _open: ExitStack = field(default_factory=ExitStack)
    _visitors: dict[tuple[str, str], Visitor] = field(default_factory=dict)

    def show(
        self, screen: Screen, look: Callable[[Page], None], *, language: str, text: str = "standard"
    ) -> None:
        """Open the screen and look at it; what the browser complains about fails the test."""
        visitor = self._come_in(screen)
        visitor.complaints.clear()
        visitor.expected = {screen.status} if screen.status >= 400 else set()
        path = self._path_of(screen, lang=language, text=text)
        visitor.page.set_viewport_size(DESK)
        answer = visitor.page.goto(self.office.address + path)
        assert answer is not None
        assert answer.status == (200 if screen.act else screen.status), visitor.page.url
        if screen.act:
            screen.act(visitor.page)
        look(visitor.page)
        assert not visitor.complaints, "\n".join(visitor.complaints)

    def close(self) -> None:
        """Send everybody home; what they complained about has been told page by page."""
        for visitor in self._visitors.values():
            visitor.complaints.clear()
        self._open.close()

    def _path_of(self, screen: Screen, **query: str) -> str:
        values = {**screen.values(CaseBook(self.office)), **screen.query, **query}
        return self.addresses.build(screen.endpoint, values)

    def _come_in(self, screen: Screen) -> Visitor:
        key = (screen.who, screen.own_case)
        if key not in self._visitors:
            visitor = self._open.enter_context(visiting(self.browser, self.office))
            if screen.who:
                visitor.log_in(screen.who)
            if screen.own_case:
                prove_own_case(visitor, CaseBook(self.office).query_code(screen.own_case))
            self._visitors[key] = visitor
        return self._visitors[key]


def prove_own_case(visitor: Visitor, code: str, proof: str = PHONE[-4:]) -> None:
    """Come to one's own case by its code and something that is not public."""
    page = visitor.goto("/portal/enter")
    page.fill("[name=code]", code)
    page.fill("[name=proof]", proof)
    page.click("main [type=submit]")
    page.wait_for_url("**/portal/case")


def come_to_rest(page: Page) -> None:
    """Wait until type is loaded and a diagram is drawn."""
    page.evaluate("document.fonts.ready.then(() => true)")
    if page.locator("[data-diagram]").count():
        page.wait_for_selector("[data-drawn]")


def keep_picture(page: Page, name: str) -> None:
    """Write the whole page as a picture, where pictures are asked for."""
    if not PICTURES:
        return
    folder = ROOT / PICTURES
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png", full_page=True)
