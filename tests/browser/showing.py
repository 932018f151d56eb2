"""Opens a screen for whom it is for, waits until it has come to rest, and keeps its picture."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page, StorageState
from werkzeug.routing import MapAdapter

from tests.browser.case_book import PHONE, CaseBook
from tests.browser.demo_office import DemoOffice
from tests.browser.screens import Screen
from tests.browser.visitor import Visitor, visiting
from tests.contracts.sources import ROOT

PICTURES = os.environ.get("JIANNUO_SCREENSHOTS", "")


@dataclass
class Showing:
    """Shows screens of one office; nobody logs in twice."""

    browser: Browser
    office: DemoOffice
    addresses: MapAdapter
    passes: dict[tuple[str, str], StorageState] = field(default_factory=dict)

    def show(
        self, screen: Screen, look: Callable[[Page], None], *, language: str, text: str = "standard"
    ) -> None:
        """Open the screen and look at it; what the browser complains about fails the test."""
        state = self._come_in(screen)
        with visiting(self.browser, self.office, storage_state=state) as visitor:
            if screen.status >= 400:
                visitor.expects(screen.status)
            path = self._path_of(screen, lang=language, text=text)
            answer = visitor.page.goto(self.office.address + path)
            assert answer is not None
            assert answer.status == (200 if screen.act else screen.status), visitor.page.url
            if screen.act:
                screen.act(visitor.page)
            look(visitor.page)

    def _path_of(self, screen: Screen, **query: str) -> str:
        values = {**screen.values(CaseBook(self.office)), **screen.query, **query}
        return self.addresses.build(screen.endpoint, values)

    def _come_in(self, screen: Screen) -> StorageState | None:
        key = (screen.who, screen.own_case)
        if not any(key):
            return None
        if key not in self.passes:
            with visiting(self.browser, self.office) as visitor:
                if screen.who:
                    visitor.log_in(screen.who)
                if screen.own_case:
                    prove_own_case(visitor, CaseBook(self.office).query_code(screen.own_case))
                self.passes[key] = visitor.context.storage_state()
        return self.passes[key]


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
