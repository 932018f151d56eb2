"""Every component in Chromium: both languages, desk and phone, three text sizes, no violation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

import webapp
from tests.integration.interface.conftest import Gallery

pytestmark = pytest.mark.browser

AXE = Path(webapp.__file__).parent / "static" / "vendor" / "axe-core" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = [1440, 390]


def open_gallery(page: Page, gallery: Gallery, *, width: int, query: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{gallery.address}/?{query}")
    page.wait_for_selector("[data-drawn]")


def find_violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    # The drawn diagram is one picture; its words stand beside it.
    found: dict[str, Any] = page.evaluate(
        "(tags) => axe.run({exclude: [['.djs-container']]}, {runOnly: tags})", STANDARDS
    )
    return [
        f"{violation['id']}: {node['html'][:160]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


class TestGallery:
    @pytest.mark.parametrize(
        ("width", "query"), [(1440, "lang=zh"), (390, "lang=zh"), (390, "lang=en&text=larger")]
    )
    def test_passes_the_accessibility_rules(self, page, gallery, width, query):
        open_gallery(page, gallery, width=width, query=query)

        assert find_violations(page) == []

    @pytest.mark.parametrize("width", WIDTHS)
    @pytest.mark.parametrize("lang", ["zh", "en"])
    def test_fits_the_width_at_every_text_size(self, page, gallery, width, lang):
        open_gallery(page, gallery, width=width, query=f"lang={lang}")
        widths = page.evaluate(
            """() => ["", "large", "larger"].map((size) => {
                 document.documentElement.dataset.text = size;
                 return document.documentElement.scrollWidth;
               })"""
        )

        assert max(widths) <= width

    @pytest.mark.parametrize("lang", ["zh", "en"])
    def test_breaks_no_content_policy(self, page, gallery, lang):
        open_gallery(page, gallery, width=1440, query=f"lang={lang}")

        assert gallery.complaints == []

    def test_opens_the_menu_on_a_phone(self, page, gallery):
        open_gallery(page, gallery, width=390, query="lang=zh")

        page.click("details.menu summary")

        assert page.is_visible(".menu-areas a")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390

    def test_prints_without_what_only_works_on_a_screen(self, page, gallery):
        open_gallery(page, gallery, width=1440, query="lang=zh")
        page.emulate_media(media="print")

        hidden = [".top", ".rail", ".bulk", ".demo", ".formbar", ".filters"]

        assert [place for place in hidden if page.is_visible(place)] == []
        assert page.is_visible(".clock")


class TestSwitches:
    def test_remember_the_language_and_the_text_size(self, page, gallery):
        page.goto(f"{gallery.address}/?lang=en")
        page.goto(f"{gallery.address}/?text=large")
        page.goto(f"{gallery.address}/")

        assert page.get_attribute("html", "lang") == "en"
        assert page.get_attribute("html", "data-text") == "large"

    def test_lead_back_to_the_same_page(self, page, gallery):
        page.goto(f"{gallery.address}/?kind=objection&lang=en")

        page.click("a.lang")

        assert page.url == f"{gallery.address}/?kind=objection&lang=zh"
        assert page.get_attribute("html", "lang") == "zh-CN"

    def test_ignore_what_they_do_not_know(self, page, gallery):
        page.goto(f"{gallery.address}/?lang=fr&text=huge")

        assert page.get_attribute("html", "lang") == "zh-CN"
        assert page.get_attribute("html", "data-text") is None


class TestDiagram:
    def test_shows_where_the_case_stands(self, page, gallery):
        open_gallery(page, gallery, width=1440, query="lang=zh")

        assert page.locator('[data-element-id="call_handling"].jn-now').count() == 1
        assert page.locator('[data-element-id="register_receipt"].jn-was').count() == 1
        assert page.text_content(".jn-count") == "2"

    def test_leaves_the_words_when_it_cannot_be_drawn(self, page, gallery):
        page.route("**/case.bpmn", lambda route: route.fulfill(status=500, body=""))

        page.goto(gallery.address)

        page.wait_for_selector("text=流程图没有画出来")
        assert page.is_visible(".walk .path")
