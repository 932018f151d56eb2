"""Whatever is recorded has its sentence, for officers always and for the subject where it shows."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator

import pytest

from handlers.words import case_word
from tests.contracts.sources import ROOT, python_sources
from workflows.clock.ledger import EntryKind

MARKS = ("mark", "unmark", "correct", "revoke", "suspend", "resume")


def recorded() -> Iterator[tuple[str, bool]]:
    """Yield each kind that services and operations record, and whether the subject may see it."""
    for source in python_sources("workflows", "handlers"):
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = node.func
            first = node.args[0]
            if isinstance(called, ast.Attribute) and called.attr == "record":
                public = any(
                    word.arg == "is_public"
                    and not (isinstance(word.value, ast.Constant) and word.value.value is False)
                    for word in node.keywords
                )
                if isinstance(first, ast.Constant):
                    yield str(first.value), public
    yield from ((f"record_{mark}", True) for mark in MARKS)
    yield from ((f"clock_{kind.value}", True) for kind in EntryKind)


def read(language: str) -> dict[str, str]:
    folder = ROOT / "webapp" / "texts"
    texts: dict[str, str] = {}
    for path in folder.glob(f"*.{language}.json"):
        texts |= json.loads(path.read_text(encoding="utf-8"))
    return texts


class TestRecordedFacts:
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_have_a_sentence_for_officers(self, language):
        texts = read(language)

        missing = sorted({kind for kind, _ in recorded() if f"event.{kind}" not in texts})

        assert missing == [], f"write them in webapp/texts/events.{language}.json"

    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_have_a_sentence_for_the_subject_where_it_shows(self, language):
        texts = read(language)

        missing = sorted(
            {kind for kind, public in recorded() if public and f"event.public.{kind}" not in texts}
        )

        assert missing == [], f"write them in webapp/texts/events.{language}.json"


class TestCaseWord:
    def test_is_official_chinese(self):
        assert case_word("channel.window") == "窗口提交"

    def test_of_an_unknown_key_is_the_key(self):
        assert case_word("ground.something") == "something"

    def test_takes_its_facts(self):
        assert case_word("correction.answer", body="某局") == "某局关于更正情况的复函"
