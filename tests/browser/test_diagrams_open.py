"""Every shipped diagram opens unchanged in bpmn-js and passes bpmnlint's recommended rules.

Whoever opens a diagram in a common modeller must see all of it, and be told of nothing wrong.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from playwright.sync_api import Browser, Page

from tests.contracts.sources import ROOT

pytestmark = pytest.mark.browser

DIAGRAMS = sorted((ROOT / "bpmn").rglob("*.bpmn"))
VIEWER = ROOT / "webapp" / "static" / "vendor" / "bpmn-js" / "viewer.min.js"
LINTER = ROOT / "node_modules" / "bpmnlint" / "bin" / "bpmnlint.js"
MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
# What a diagram says in words only; everything else has a shape or a line of its own.
UNDRAWN = {
    "definitions",
    "process",
    "collaboration",
    "laneSet",
    "message",
    "error",
    "signal",
    "escalation",
}
PLACES = [pytest.param(path, id=str(path.relative_to(ROOT))) for path in DIAGRAMS]
OPEN = """async (xml) => {
  document.body.innerHTML = '<div id="place" style="width: 1200px; height: 800px"></div>';
  const viewer = new BpmnJS({ container: "#place" });
  const { warnings } = await viewer.importXML(xml);
  const { svg } = await viewer.saveSVG();
  const drawn = viewer.get("elementRegistry").getAll().map((shape) => shape.id);
  return { warnings: warnings.map((warning) => warning.message), drawn, size: svg.length };
}"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.add_script_tag(path=VIEWER)
    yield page
    page.close()


def drawable(path: Path) -> set[str]:
    """Return the ids of everything in the file that a reader must see."""
    tree = etree.parse(str(path))
    named = (each for each in tree.iter(f"{MODEL}*") if each.get("id"))
    return {
        str(each.get("id"))
        for each in named
        if etree.QName(each).localname not in UNDRAWN
        and not etree.QName(each).localname.endswith("EventDefinition")
        and etree.QName(each).localname != "multiInstanceLoopCharacteristics"
    }


def lint(*files: Path, folder: Path) -> dict[str, Any]:
    """Return what bpmnlint says about the files, by file; a file it likes is not named."""
    node = shutil.which("node")
    assert node and LINTER.exists(), "bpmnlint is not installed. Type: make setup-test"
    rules = folder / ".bpmnlintrc"
    rules.write_text(json.dumps({"extends": "bpmnlint:recommended"}), encoding="utf-8")
    done = subprocess.run(
        [node, str(LINTER), "--config", str(rules), *map(str, files)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return {"status": done.returncode, "said": done.stdout + done.stderr}


class TestDiagrams:
    def test_are_there(self):
        assert len(DIAGRAMS) >= 8

    @pytest.mark.parametrize("path", PLACES)
    def test_open_in_a_modeller_with_nothing_missing(self, page, path):
        found = page.evaluate(OPEN, path.read_text(encoding="utf-8"))

        assert found["warnings"] == []
        assert drawable(path) - set(found["drawn"]) == set()
        assert found["size"] > 1000

    def test_pass_the_recommended_rules(self, tmp_path):
        found = lint(*DIAGRAMS, folder=tmp_path)

        assert found["status"] == 0, found["said"]
        assert "problem" not in found["said"], found["said"]

    def test_would_not_pass_with_a_step_without_a_name(self, tmp_path):
        whole = next(path for path in DIAGRAMS if path.stem == "lift_sanction")
        tree = etree.parse(str(whole))
        del next(tree.iter(f"{MODEL}userTask")).attrib["name"]
        broken = tmp_path / "broken.bpmn"
        tree.write(str(broken), encoding="utf-8", xml_declaration=True)

        found = lint(broken, folder=tmp_path)

        assert found["status"] != 0
        assert "label-required" in found["said"], found["said"]
