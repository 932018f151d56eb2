"""Keeps every text in both languages and out of the code, so that no page ever mixes them."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator

import pytest

from tests.contracts.sources import (
    PRODUCT,
    ROOT,
    Source,
    dotted_name,
    list_files,
    python_sources,
    relative,
    report,
)
from webapp.texts import placeholders

TEXTS = ROOT / "webapp" / "texts"
CHINESE = re.compile(r"[\u3400-\u9fff]")
# What stays in its own language everywhere: the way out of the other language, and our name.
SAID_AS_IT_IS = {"中文", "English", "践诺"}
MAY_SPEAK = (
    "webapp/demo/",  # what people would have typed in
    "webapp/simulation/",  # the same, by invented people
    "webapp/dates.py",  # how a language says a day
    "workflows/services/register_words.py",  # what registers hold, in their own language
    "workflows/services/number_document.py",  # the form of a letter number is the rule's own
)
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
JINJA_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
NOT_READ = re.compile(
    r"<!--.*?-->|<(script|svg|kbd)\b.*?</\1>|<![dD][oO][cC][^>]*>"
    # A block of one lower-case word fills a class attribute of the page around it.
    r"|\{%-?\s*block\s+\w+\s*-?%\}[a-z -]*\{%-?\s*endblock[^%]*%\}",
    re.DOTALL,
)
SPOKEN_ATTRIBUTE = re.compile(r"""\s(?:title|alt|placeholder|aria-label|label)="([^"]+)\"""")
USED_KEY = re.compile(r"""\b(?:t|phrase)\(\s*["']([a-z][\w.]*\.[\w.]*\w)["']\s*[,)]""")
WORD = re.compile(r"[A-Za-z]{2,}")
CLOCK_CALLS = {"start_clock", "start_set_clock", "stop_clock", "stop_named_clock", "pause_clock"}
# What a macro leaves of a tag that it builds in pieces.
TAG_PIECES = re.compile(r"""^[\s">/]*(?:[\w-]+="[^"]*"?\s*|required\s*|multiple\s*|"\s*)*>?$""")


def areas() -> list[str]:
    return sorted({path.name.split(".")[0] for path in TEXTS.glob("*.json")})


def read_area(area: str, language: str) -> dict[str, str]:
    path = TEXTS / f"{area}.{language}.json"
    assert path.exists(), f"{area} has no {language} texts: write {relative(path)}."
    texts: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return texts


def spoken_literals(text: str) -> Iterator[str]:
    """Yield what a template would show that is neither a key nor a value."""
    read = NOT_READ.sub(" ", JINJA_COMMENT.sub("", text))
    yield from re.findall(rf"(?:{CHINESE.pattern})+", read)
    bare = JINJA.sub("\n", read)
    yield from (value for value in SPOKEN_ATTRIBUTE.findall(bare) if WORD.search(value))
    without_tags = re.sub(r"<[^>]*>", "\n", bare)
    lines = (line.strip() for line in without_tags.splitlines())
    yield from (line for line in lines if WORD.search(line) and not TAG_PIECES.match(line))


def chinese_literals(source: Source) -> Iterator[str]:
    """Yield each Chinese string of the code that is no docstring."""
    explained = {id(node.value) for node in ast.walk(source.tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Constant) or id(node) in explained:
            continue
        if isinstance(node.value, str) and CHINESE.search(node.value):
            yield f"{source.line(node)} {node.value!r}"


def used_keys(source: Source) -> Iterator[tuple[str, str]]:
    """Yield each key that the code speaks or hands on literally."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and dotted_name(node.func) in {"t", "phrase", "Phrase"}:
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield source.line(node), first.value


def kept_reasons(source: Source) -> Iterator[tuple[str, str]]:
    """Yield each reason that a clock's ledger keeps as a code, to be spoken when it is shown."""
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call) or dotted_name(node.func) not in CLOCK_CALLS:
            continue
        for word in node.keywords:
            if word.arg == "reason" and isinstance(word.value, ast.Constant):
                yield source.line(node), str(word.value.value)


class TestTexts:
    @pytest.mark.parametrize("area", areas())
    def test_exist_in_both_languages(self, area):
        chinese, english = read_area(area, "zh"), read_area(area, "en")
        found = [f"{key}: only in zh" for key in chinese.keys() - english.keys()]
        found += [f"{key}: only in en" for key in english.keys() - chinese.keys()]

        assert chinese
        assert not found, report(found, f"write them in webapp/texts/{area}.*.json.")

    def test_are_there_for_every_reason_that_a_ledger_keeps(self):
        known = {key for area in areas() for key in read_area(area, "zh")}
        told = [
            pair
            for source in python_sources("handlers", "workflows")
            for pair in kept_reasons(source)
        ]

        found = [f"{place}: reason.{code}" for place, code in told if f"reason.{code}" not in known]

        assert told
        assert not found, report(found, "write them in webapp/texts/events.*.json.")

    @pytest.mark.parametrize("area", areas())
    def test_ask_for_the_same_facts_in_both_languages(self, area):
        chinese, english = read_area(area, "zh"), read_area(area, "en")
        asked = {
            key: (sorted(placeholders(chinese[key])), sorted(placeholders(english[key])))
            for key in chinese.keys() & english.keys()
        }
        found = [f"{key}: zh {zh}, en {en}" for key, (zh, en) in asked.items() if zh != en]

        assert not found, report(found, "use the same {placeholders} in both sentences.")

    @pytest.mark.parametrize("area", areas())
    def test_say_something_in_their_own_language(self, area):
        chinese, english = read_area(area, "zh"), read_area(area, "en")
        found = [f"{key}: empty" for key, text in (chinese | english).items() if not text.strip()]
        found += [
            f"{key}: Chinese in the English text: {text}"
            for key, text in english.items()
            if CHINESE.search(text) and text not in SAID_AS_IT_IS
        ]

        assert not found, report(found, "write the sentence in the language of its file.")

    def test_stand_in_one_area_each(self):
        seen: dict[str, str] = {}
        found = []
        for area in areas():
            for key in read_area(area, "zh"):
                if key in seen:
                    found.append(f"{key}: in {seen[key]} and in {area}")
                seen[key] = area

        assert not found, report(found, "keep one of the two, or name the other after its area.")

    def test_are_there_for_every_key_in_use(self):
        known = {key for area in areas() for key in read_area(area, "zh")}
        used = [use for source in python_sources(*PRODUCT) for use in used_keys(source)]
        for path in list_files("webapp/templates"):
            text = path.read_text(encoding="utf-8")
            used += [(relative(path), key) for key in USED_KEY.findall(text)]

        found = sorted({f"{place}: {key}" for place, key in used if key not in known})

        assert known
        assert not found, report(found, "add the key to its area in both languages.")


class TestTemplates:
    def test_hold_no_text_of_their_own(self):
        found = [
            f"{relative(path)}: {literal}"
            for path in list_files("webapp/templates")
            for literal in spoken_literals(path.read_text(encoding="utf-8"))
            if literal not in SAID_AS_IT_IS
        ]

        assert not found, report(found, 'make it a key: {{ t("area.key") }}.')

    @pytest.mark.parametrize(
        "text",
        ["<p>收件</p>", "<p>Save</p>", '<input placeholder="Name">', "{{ '办结' }}"],
    )
    def test_are_caught_with_a_text(self, text):
        assert list(spoken_literals(text))

    @pytest.mark.parametrize(
        "text",
        ['<p class="row">{{ t("inbox.empty") }}</p>', "{# 说明 #}", "<!-- 说明 -->"],
    )
    def test_may_hold_keys_and_comments(self, text):
        assert not list(spoken_literals(text))


class TestCode:
    def test_speaks_in_keys(self):
        found = [
            line
            for source in python_sources(*PRODUCT)
            if not source.is_in(MAY_SPEAK)
            for line in chinese_literals(source)
        ]

        assert not found, report(
            found,
            "make it a key in webapp/texts/, or data in bpmn/ where law or office words it.",
        )
