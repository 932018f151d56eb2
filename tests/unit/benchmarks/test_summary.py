"""README quotes what the benchmarks printed, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.summary import README, read_results, replace_section, section

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("language", README)
class TestSection:
    def test_says_what_is_stored(self, language):
        """Type ``python -m benchmarks.summary`` when a benchmark has been run again."""
        text = (ROOT / README[language]).read_text(encoding="utf-8")

        assert text == replace_section(text, language, section(read_results(), language))

    def test_follows_the_figures(self, language):
        results = read_results()
        results["bench"]["figures"]["sqlite"]["paths"]["complete"]["ratio"] = 4321.0

        assert "4,321×" in section(results, language)

    def test_takes_the_place_of_the_former_one(self, language):
        text = (ROOT / README[language]).read_text(encoding="utf-8")
        once = replace_section(text, language, section(read_results(), language))

        assert once == replace_section(once, language, section(read_results(), language))
