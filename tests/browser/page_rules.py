"""What any page must keep in a browser, whatever it shows; each rule returns what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

import webapp
from notifications.letters.kinds import shipped_kinds
from tests.contracts.sources import ROOT
from webapp.texts import TEXTS, read_texts

AXE = Path(webapp.__file__).parent / "static" / "vendor" / "axe-core" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GRAVE = ("serious", "critical")
WORD = re.compile(r"(?<![\w./@-])[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+(?![\w@/-])")
FILE_NAMES = (".json", ".bpmn", ".dmn", ".pdf", ".csv", ".xlsx", ".png", ".jpg", ".txt", ".exe")
BPMN = ROOT / "bpmn"
ASKED = re.compile(r'"(?:label|description|text|title)": "([^"]+)"')
DRAWN = re.compile(r' name="([^"]+)"')
# Words that forms have too, entered by somebody here: names of records' fields, the stages of a
# project as its template calls them, the addressee of a letter.
DATA = {
    "省级信用信息平台",
    "初次记录",
    "经办人",
    "事项",
    "认定依据",
    "投诉举报人",
    "方案编制",
    "物有所值评价",
    "财政承受能力论证",
    "社会资本采购",
    "项目实施",
    "项目绩效考核",
}
CHINESE = re.compile("[\u4e00-\u9fff]")
LANGUAGES = {"zh": "zh-CN", "en": "en"}

# What is wider than the window, innermost first, so that the message names the culprit.
TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const holds = (node) => getComputedStyle(node).overflowX !== "visible";
  const scrolls = (node) => {
    for (let up = node.parentElement; up && up !== document.body; up = up.parentElement)
      if (holds(up)) return true;
    return false;
  };
  return [...document.body.querySelectorAll("*")]
    .filter((node) => node.checkVisibility({ contentVisibilityAuto: true }))
    .filter((node) => node.getBoundingClientRect().right > room + 1 && !scrolls(node))
    .map((node) => node.cloneNode(false).outerHTML.slice(0, 120))
    .slice(-4);
}"""

# A sign that no font has is drawn as an empty box, the same box for each of them.
BOXES = """(signs) => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 24;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.font = `16px ${getComputedStyle(document.body).fontFamily}`;
  const draw = (sign) => {
    pen.clearRect(0, 0, 24, 24);
    pen.fillText(sign, 3, 19);
    return pen.getImageData(0, 0, 24, 24).data.join();
  };
  const box = draw("\\u{10fffe}");
  return [...signs].filter((sign) => draw(sign) === box);
}"""

# What the page says, node by node; codes and marked quotations are nobody's to translate.
SAID = """() => {
  // The drawn diagram shows the definition as it is; its words stand beside it, translated.
  const NOT_OURS = "script, style, .code, code, .paper, .djs-container";
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const said = [];
  while (walk.nextNode()) {
    const place = walk.currentNode.parentElement;
    const isMeant = place.checkVisibility() && !place.closest(NOT_OURS);
    const words = walk.currentNode.textContent.replace(/\\s+/g, " ").trim();
    if (isMeant && words) said.push({ words, isChinese: place.closest('[lang^="zh"]') !== null });
  }
  return said;
}"""


def broken_rules(page: Page, *, language: str) -> list[str]:
    """Return what is wrong with the page as it stands, in words; empty for a good one."""
    said = [str(each["words"]) for each in page.evaluate(SAID)]
    return [
        *_head(page, language),
        *_width(page),
        *_words("\n".join(said)),
        *_glyphs(page, str(page.evaluate("document.body.innerText"))),
        *_accessibility(page),
    ]


def find_overflow(page: Page) -> list[str]:
    """Return what makes the page wider than the window."""
    return list(_width(page))


def untranslated(page: Page) -> list[str]:
    """Return the sentences of our Chinese texts that stand on an English page."""
    said = [each["words"] for each in page.evaluate(SAID) if not each["isChinese"]]
    return sorted({words for words in said if words in chinese_sentences()})


def _head(page: Page, language: str) -> Iterator[str]:
    heads = page.locator("h1").count()
    if heads != 1:
        yield f"the page has {heads} h1"
    said = page.get_attribute("html", "lang")
    if said != LANGUAGES[language]:
        yield f"the page says its language is {said}"
    title = page.title()
    if not title.strip() or title.startswith("·"):
        yield f"the page has no title of its own: {title!r}"


def _width(page: Page) -> Iterator[str]:
    for place in page.evaluate(TOO_WIDE):
        yield f"wider than {page.viewport_size and page.viewport_size['width']}: {place}"


def _words(words: str) -> Iterator[str]:
    for wrong in ("\ufffd", "None", "undefined", "NaN", "[object"):
        if re.search(rf"(?<![\w]){re.escape(wrong)}(?![\w])", words):
            yield f"the page says {wrong}"
    for word in sorted(set(WORD.findall(words))):
        if not word.endswith(FILE_NAMES) and word.split(".")[0] in key_families():
            yield f"a key instead of a text: {word}"
    for left in sorted(set(re.findall(r"\{\w+\}", words))):
        yield f"a fact is missing: {left}"


def _glyphs(page: Page, words: str) -> Iterator[str]:
    signs = "".join(sorted({sign for sign in words if not sign.isspace()}))
    missing = page.evaluate(BOXES, signs)
    if missing:
        yield f"no font has {''.join(missing)}"


def _accessibility(page: Page) -> Iterator[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    # The drawn diagram is one picture; its words stand beside it.
    found: dict[str, Any] = page.evaluate(
        "(tags) => axe.run({exclude: [['.djs-container']]}, {runOnly: tags})", STANDARDS
    )
    for violation in found["violations"]:
        if violation["impact"] in GRAVE:
            for node in violation["nodes"]:
                yield f"{violation['id']}: {node['html'][:160]}"


@cache
def key_families() -> frozenset[str]:
    """Return how our text keys begin: a word like ``inbox.title`` on a page is a missing text."""
    return frozenset(key.split(".")[0] for key in read_texts(TEXTS, "zh"))


@cache
def chinese_sentences() -> frozenset[str]:
    """Return our Chinese words that have other words in English: texts, questions, steps."""
    chinese, english = read_texts(TEXTS, "zh"), read_texts(TEXTS, "en")
    ours = {words for key, words in chinese.items() if words != english[key]}
    for path in BPMN.rglob("forms/*.json"):
        ours.update(ASKED.findall(path.read_text(encoding="utf-8")))
    for path in BPMN.rglob("*.bpmn"):
        ours.update(DRAWN.findall(path.read_text(encoding="utf-8")))
    # Titles of Chinese papers, names of bodies and what the records say are Chinese anywhere.
    ours -= {letter.name for letter in shipped_kinds().values()} | DATA
    return frozenset(words for words in ours if CHINESE.search(words))
