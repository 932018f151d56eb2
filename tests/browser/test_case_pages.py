"""Every page of every demo case opens, in both languages, and shows no code where words belong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pytest
from lxml import html

from tests.browser.conftest import Visit
from tests.browser.demo_office import DemoOffice

pytestmark = pytest.mark.browser

TABS: Final = ("overview", "timeline", "documents", "diagram", "parties", "linked", "filing")
# An id of a diagram, of a form or of a sentence: what nobody should have to read.
CODE: Final = re.compile(r"(?<![\w./@-])(?:[a-z]+_[a-z_]+|[a-z]+(?:\.[a-z_]+){2,})(?![\w@/.-])")
# The name of a parameter stands on the page that explains a date, as the name of its source.
PARAMETER: Final = re.compile(r"[a-z]+\.[a-z_]+\.[a-z_]+")


def pages_of_cases(office: DemoOffice) -> Iterator[str]:
    """Yield the address of every page that shows something of a case."""
    for (case_id,) in office.ask("SELECT id FROM case_file"):
        yield f"/cases/{case_id}"
        yield from (f"/cases/{case_id}/{tab}" for tab in TABS)
    for clock_id, case_id in office.ask("SELECT id, case_id FROM case_clock"):
        yield f"/cases/{case_id}/clocks/{clock_id}"
    for name in ("task", "document"):
        for (row_id,) in office.ask(f"SELECT id FROM {name} WHERE case_id IS NOT NULL"):
            yield f"/{name}s/{row_id}"


def codes_in(page: str) -> set[str]:
    """Return the codes that a reader of the page would see."""
    [main] = html.fromstring(page).xpath("//main")
    for part in main.xpath(".//script | .//style | .//svg"):
        part.drop_tree()
    return {code for code in CODE.findall(" ".join(main.itertext())) if not PARAMETER.match(code)}


class TestCasePages:
    @pytest.mark.timeout(600)
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_open_and_speak_in_words(self, visit: Visit, language: str):
        handler = visit("wangmin")
        ask = handler.context.request
        found: dict[str, set[str]] = {}
        opened = 0
        for path in pages_of_cases(handler.office):
            answer = ask.get(f"{handler.office.address}{path}?lang={language}")
            # A page of a body's own task is not this handler's to see.
            assert answer.status in (200, 404), f"{path} answers {answer.status}"
            if answer.status == 200:
                opened += 1
                for code in codes_in(answer.text()):
                    found.setdefault(code, set()).add(path)

        assert opened > 200
        assert not found
