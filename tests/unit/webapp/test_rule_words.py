"""Every shipped rule is shown to its reviewer in words, in both languages."""

import re

import pytest

from webapp.phrases import Phrase
from webapp.presenters.rule_words import point_words, value_words
from webapp.texts import Texts
from workflows.rules.packs import read_rule_book

CHINESE = re.compile(r"[\u3400-\u9fff]")
RULES = [rule for pack in read_rule_book().packs for rule in pack.parameters]


@pytest.fixture(scope="module")
def texts():
    return Texts(strict=True)


class TestValueWords:
    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.pack_id}-{rule.key}")
    def test_say_every_shipped_value_in_chinese(self, rule, texts):
        words = texts.say(value_words(rule), language="zh")

        assert CHINESE.search(words)
        assert "_" not in words

    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.pack_id}-{rule.key}")
    def test_say_every_shipped_code_in_english(self, rule, texts):
        words = texts.say(value_words(rule), language="en")

        # Items that the law itself words in Chinese stay in its words.
        assert "_" not in words
        assert CHINESE.search(words) is None or CHINESE.search(str(rule.value))


class TestPointWords:
    @pytest.mark.parametrize(
        ("point", "words"),
        [
            ("50%", "时限走到 50% 时"),
            ("day13", "第 13 个工作日"),
            ("due-2", "期满日前 2 个工作日"),
            ("due", "期满日当天"),
            ("overdue", "期满后"),
        ],
    )
    def test_say_each_kind_of_point(self, point, words, texts):
        found = point_words(point)

        assert isinstance(found, Phrase)
        assert texts.say(found, language="zh") == words
