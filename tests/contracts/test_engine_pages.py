"""Every element that the engine runs has its page, with a picture and the sections it follows."""

from __future__ import annotations

import re

import pytest

from tests.contracts.sources import ROOT
from tools.draw_elements import FOLDER
from tools.element_pictures import PICTURES
from workflows.engine.checks.support import TOKEN

PAGES = ROOT / "docs" / "engine"
# Kinds and events whose page has another name than they.
PAGE_OF = {
    "startEvent": "start-and-end",
    "endEvent": "start-and-end",
    "intermediateCatchEvent": "message",
    "intermediateThrowEvent": "signal",
    "eventBasedGateway": "event-gateway",
    "compensate": "compensation",
    "cancel": "transaction",
}


def page_of(kind: str) -> str:
    """Return the page of an element: ``user-task`` of ``userTask``."""
    return PAGE_OF.get(kind) or re.sub("([A-Z])", r"-\1", kind).lower()


def elements() -> list[str]:
    """Return every kind of element, and every kind of event."""
    events = {name for names in TOKEN.events.values() for name in names}
    return sorted(TOKEN.kinds | {name.removesuffix("EventDefinition") for name in events})


class TestEnginePages:
    @pytest.mark.parametrize("element", elements())
    def test_are_there_for_every_element(self, element):
        page = PAGES / f"{page_of(element)}.md"

        assert page.exists(), f"write docs/engine/{page.name}: what {element} does, step by step."

    @pytest.mark.parametrize("name", PICTURES)
    def test_show_their_picture_and_name_their_sections(self, name):
        text = (PAGES / f"{name}.md").read_text(encoding="utf-8")

        assert f"](pictures/{name}.svg)" in text, "show the picture under the title."
        assert re.search(r"\*BPMN 2\.0: [0-9.]+(, [0-9.]+)*\*", text), "name the sections."
        assert f"]({name}.md)" in (PAGES / "README.md").read_text(encoding="utf-8")

    def test_have_the_pictures_that_the_tool_draws(self):
        drawn = {name: picture.svg() for name, picture in PICTURES.items()}
        kept = {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.svg")}

        assert kept == drawn, "Type: python -m tools.draw_elements"
