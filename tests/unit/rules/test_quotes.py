"""A quote is the paper's own words: it was checked against the paper, and is still the same."""

from __future__ import annotations

import json

import pytest

from tools.check_quotes import (
    LEDGER,
    PAPERS,
    digest,
    list_misquoted,
    list_quotes,
    plain,
    read_papers,
)

KEPT = json.loads(LEDGER.read_text("utf-8"))


class TestQuote:
    @pytest.mark.parametrize("rule", list_quotes(), ids=lambda rule: f"{rule.pack_id}-{rule.key}")
    def test_is_the_one_that_was_checked_against_the_paper(self, rule):
        assert f"{rule.document} {digest(rule.quote)}" in KEPT["quotes"], (
            "check it with python -m tools.check_quotes and the papers."
        )

    def test_is_kept_for_each_paper(self):
        assert set(KEPT["papers"]) == set(PAPERS)
        assert {line.rpartition(" ")[0] for line in KEPT["quotes"]} == set(PAPERS)


class TestReadPapers:
    def test_finds_each_by_its_own_words_and_misses_a_wrong_quote(self, tmp_path):
        for number, (name, words) in enumerate(PAPERS.items()):
            (tmp_path / f"{number}.txt").write_text(f"{name}\n{words}\n", encoding="utf-8")

        wrong = list_misquoted(read_papers(tmp_path))

        assert len(wrong) == len([rule for rule in list_quotes()])

    def test_refuses_a_folder_without_one(self, tmp_path):
        with pytest.raises(LookupError):
            read_papers(tmp_path)

    def test_does_not_mind_how_a_line_was_broken(self):
        assert plain("十五个工作\n日 内") == "十五个工作日内"
