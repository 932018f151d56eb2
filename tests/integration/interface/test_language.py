"""A reader's language ends with the request: the next reader on the same thread has their own."""

from __future__ import annotations

from tests.integration.interface.gallery import make_gallery_app
from webapp.texts import current_language


class TestLanguage:
    def test_is_the_one_chosen_while_the_page_is_drawn(self):
        page = make_gallery_app().test_client().get("/?lang=en")

        assert '<html lang="en"' in page.text

    def test_is_forgotten_with_the_request(self):
        make_gallery_app().test_client().get("/?lang=en")

        assert current_language() == "zh"
