"""Speaking: facts into sentences, in both languages, without letting markup through."""

import json
from datetime import UTC, date, datetime

import pytest
from markupsafe import Markup

from webapp.phrases import phrase
from webapp.texts import TextMissing, Texts, placeholders, read_texts


@pytest.fixture
def texts(tmp_path):
    sentences = {
        "zh": {
            "due": "{on} 到期",
            "left": "还剩 {count} 天",
            "told": "{words}，请看",
            "by": "由{who}办",
            "of_kind": "{kind:@kind}",
            "kind.firm": "企业",
        },
        "en": {
            "due": "due {on}",
            "left": "{count} {count:day|days} left",
            "told": "{words}, please look",
            "by": "by {who}",
            "of_kind": "{kind:@kind}",
            "kind.firm": "company",
        },
    }
    for language, area in sentences.items():
        (tmp_path / f"area.{language}.json").write_text(json.dumps(area), encoding="utf-8")
    return Texts(folder=tmp_path, strict=True)


class TestTexts:
    def test_turn_a_date_into_words(self, texts):
        on = phrase("due", on=date(2026, 10, 22))

        assert texts.say(on, language="zh") == "10月22日 周四 到期"
        assert texts.say(on, language="en") == "due Thu 22 Oct"

    def test_turn_a_moment_into_the_offices_time(self, texts):
        at = phrase("due", on=datetime(2026, 10, 22, 16, 30, tzinfo=UTC))

        assert texts.say(at, language="zh") == "10月23日 00:30 到期"

    @pytest.mark.parametrize(("count", "words"), [(1, "1 day left"), (2, "2 days left")])
    def test_choose_the_plural(self, texts, count, words):
        assert texts.say(phrase("left", count=count), language="en") == words

    @pytest.mark.parametrize(
        ("language", "kind", "words"),
        [("zh", "firm", "企业"), ("en", "firm", "company"), ("en", "other", "other")],
    )
    def test_speak_a_fact_that_names_a_text(self, texts, language, kind, words):
        assert texts.say(phrase("of_kind", kind=kind), language=language) == words

    def test_speak_a_phrase_inside_a_phrase(self, texts):
        told = phrase("told", words=phrase("left", count=3))

        assert texts.say(told, language="zh") == "还剩 3 天，请看"
        assert texts.say(told, language="en") == "3 days left, please look"

    def test_pass_on_words_already_spoken(self, texts):
        assert texts.say("王敏", language="en") == "王敏"

    def test_escape_everything_beside_markup(self, texts):
        said = texts.say(phrase("told", words=Markup("<b>{}</b>").format("<i>")), language="zh")

        assert isinstance(said, Markup)
        assert said == "<b>&lt;i&gt;</b>，请看"

    def test_never_mark_up_a_plain_fact(self, texts):
        said = texts.say(phrase("by", who="<script>"), language="zh")

        assert not isinstance(said, Markup)

    def test_refuse_an_unknown_key_when_strict(self, texts):
        with pytest.raises(TextMissing, match="nowhere"):
            texts.say(phrase("nowhere"), language="zh")

    def test_refuse_a_missing_fact_when_strict(self, texts):
        with pytest.raises(TextMissing, match="who"):
            texts.say(phrase("by"), language="zh")

    def test_show_the_key_when_not_strict(self, tmp_path):
        assert Texts(folder=tmp_path).say(phrase("nowhere"), language="zh") == "nowhere"


class TestReadTexts:
    def test_refuses_a_key_in_two_areas(self, tmp_path):
        for area in ("one", "two"):
            (tmp_path / f"{area}.zh.json").write_text('{"same": "x"}')

        with pytest.raises(ValueError, match="same"):
            read_texts(tmp_path, "zh")


class TestPlaceholders:
    def test_leave_out_what_only_chooses_a_plural(self):
        assert placeholders("{figure} {count:day|days} of {total}") == {"figure", "total"}
