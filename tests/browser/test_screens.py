"""Every page of every door in Chromium: both languages, desk and phone, and large text.

With JIANNUO_SCREENSHOTS each page is also written as a picture (make screenshots).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.demo_office import DemoOffice
from tests.browser.page_rules import broken_rules, find_overflow, untranslated
from tests.browser.screens import NO_PAGES, SCREENS
from tests.browser.showing import Showing, come_to_rest, keep_picture
from tests.browser.visitor import DESK, PHONE
from tests.contracts.sources import report
from webapp.app import create_app
from webapp.settings import Settings

pytestmark = [pytest.mark.browser, pytest.mark.screenshots]

LARGE_TEXT = ViewportSize(width=1280, height=900)
BY_NAME = [pytest.param(screen, id=screen.name) for screen in SCREENS]
LARGE = [pytest.param(screen, id=screen.name) for screen in SCREENS if "larger" in screen.sizes]


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("routes")
    url = f"sqlite:///{folder}/routes.db"
    return create_app(Settings(database_url=url, data_dir=folder, is_demo=True))


@pytest.fixture(scope="session")
def showing(browser: Browser, office: DemoOffice, app: Flask) -> Iterator[Showing]:
    showing = Showing(browser, office, app.url_map.bind("localhost"))
    yield showing
    showing.close()


class TestScreen:
    @pytest.mark.parametrize("language", ["zh", "en"])
    @pytest.mark.parametrize("screen", BY_NAME)
    def test_keeps_the_rules_on_desk_and_phone(self, showing, screen, language):
        found: list[str] = []

        def look(page: Page) -> None:
            for size in (DESK, PHONE):
                page.set_viewport_size(size)
                come_to_rest(page)
                keep_picture(page, f"{screen.name}-{language}-{size['width']}")
                wrong = broken_rules(page, language=language)
                found.extend(f"{size['width']} px: {rule}" for rule in wrong)
            if language == "en":
                found.extend(f"Chinese in English: {words}" for words in untranslated(page))

        showing.show(screen, look, language=language)

        assert not found, report(found, "mend the page, its style sheet or its texts.")

    @pytest.mark.parametrize("language", ["zh", "en"])
    @pytest.mark.parametrize("screen", LARGE)
    def test_folds_with_large_text(self, showing, screen, language):
        found: list[str] = []

        def look(page: Page) -> None:
            assert page.get_attribute("html", "data-text") == "larger"
            for size in (LARGE_TEXT, PHONE):
                page.set_viewport_size(size)
                come_to_rest(page)
                keep_picture(page, f"{screen.name}-{language}-{size['width']}-larger")
                found.extend(find_overflow(page))

        showing.show(screen, look, language=language, text="larger")

        assert not found, report(found, "let it fold by a container query in rem.")


class TestScreens:
    def test_hold_every_page_there_is(self, app):
        shown = {screen.endpoint for screen in SCREENS} | NO_PAGES.keys()
        pages = {rule.endpoint: rule.rule for rule in app.url_map.iter_rules() if is_got(rule)}

        found = [f"{rule} {endpoint}" for endpoint, rule in pages.items() if endpoint not in shown]

        assert not found, report(found, "give it a Screen in tests/browser/screens.py.")

    def test_name_only_pages_that_exist(self, app):
        known = {rule.endpoint for rule in app.url_map.iter_rules()}
        named = {screen.endpoint for screen in SCREENS} | NO_PAGES.keys()

        assert not named - known, report(sorted(named - known), "take it out of the list.")

    def test_have_names_of_their_own(self):
        names = [screen.name for screen in SCREENS]

        assert len(names) == len(set(names))


def is_got(rule) -> bool:
    return "GET" in (rule.methods or ())


class TestPaper:
    def test_of_the_explained_date_leaves_out_what_is_for_the_screen(self, showing, tmp_path: Path):
        explain = next(screen for screen in SCREENS if screen.name == "explain")

        def look(page: Page) -> None:
            page.emulate_media(media="print")
            for place in (".top", ".demo", ".rail", "[data-print]", ".crumb"):
                for each in page.locator(place).all():
                    assert not each.is_visible(), place
            assert page.locator(".clock").first.is_visible()
            assert page.locator("table").first.is_visible()
            assert not find_overflow(page)
            paper = page.pdf(format="A4", path=tmp_path / "explain.pdf")
            assert paper.startswith(b"%PDF-")
            page.emulate_media(media="screen")

        showing.show(explain, look, language="zh")
