"""Reading a form-js schema: what is read, and who is named when it is wrong."""

import json

import pytest

from tests.unit.webapp.reckonings import spoken
from webapp.forms import parse_form
from webapp.forms.definition import Group, Passage
from webapp.phrases import Phrase
from workflows.errors import DiagramError


def make_form(*components, **form):
    return {"id": "check", "components": list(components), **form}


NAME = {"type": "textfield", "key": "name", "label": "名称"}


class TestParseForm:
    def test_reads_a_question(self):
        form = make_form(
            {
                **NAME,
                "description": "写全称",
                "validate": {"required": True, "maxLength": 60},
                "layout": {"columns": 8},
                "properties": {"variable": "name", "check": "uscc, not_after:other"},
            }
        )

        question = parse_form(json.dumps(form)).get_field("name")

        assert (question.label, question.help, question.variable) == ("名称", "写全称", "name")
        assert (question.limits.required, question.limits.max_length) == (True, 60)
        assert question.checks == ("uscc", "not_after:other")
        assert question.is_narrow

    def test_reads_words_groups_and_what_they_hide(self):
        group = {
            "type": "group",
            "id": "g",
            "label": "来文",
            "conditional": {"hide": '=way = "system"'},
            "components": [{**NAME, "conditional": {"hide": '=way = "none"'}}],
        }
        definition = parse_form(make_form({"type": "text", "id": "t", "text": "说明"}, group))

        passage, read_group = definition.items
        assert isinstance(passage, Passage) and passage.text == "说明"
        assert isinstance(read_group, Group)
        hidden_when = definition.get_field("name").hidden_when
        assert hidden_when is not None and hidden_when[0] == "or"

    def test_speaks_the_language_of_its_texts(self):
        radio = {
            "type": "radio",
            "key": "way",
            "label": "怎样",
            "values": [{"value": "post", "label": "邮寄"}, {"value": "window", "label": "窗口"}],
        }
        texts = {"check.title": "Check", "check.way.label": "How", "check.way.option.post": "Post"}

        definition = parse_form(make_form(radio, title="审查"), texts=texts)

        way = definition.get_field("way")
        assert (definition.title, way.label) == ("Check", "How")
        assert [choice.label for choice in way.choices] == ["Post", "窗口"]

    def test_takes_its_verb_from_the_button_it_draws(self):
        form = make_form(NAME, {"type": "button", "id": "b", "label": "提交核稿"})

        assert parse_form(form).submit == "提交核稿"
        assert parse_form(form, texts={"check.submit.label": "Check it"}).submit == "Check it"
        assert parse_form(make_form(NAME)).submit == ""

    def test_asks_for_a_date_by_the_label_that_form_js_writes(self):
        form = make_form({"type": "datetime", "key": "on", "dateLabel": "收到日期"})

        assert parse_form(form).get_field("on").label == "收到日期"

    def test_never_makes_a_variable_of_a_protected_answer(self):
        form = make_form({**NAME, "properties": {"variable": "name", "protected": "true"}})

        question = parse_form(form).get_field("name")

        assert (question.is_protected, question.variable) == (True, "")

    def test_takes_its_id_from_the_file_without_one(self):
        definition = parse_form({"components": [NAME]}, source="forms/formal_check.json")

        assert definition.id == "formal_check"

    @pytest.mark.parametrize(
        ("component", "key"),
        [
            ({"type": "table", "key": "x"}, "form.unknown_type"),
            ({"type": "textfield", "label": "x"}, "form.no_key"),
            ({"type": "radio", "key": "x", "label": "x"}, "form.no_choices"),
            ({"type": "datetime", "key": "x"}, "form.no_label"),
            ({**NAME, "conditional": {"hide": "=a +"}}, "form.condition"),
        ],
    )
    def test_names_the_component_that_is_wrong(self, component, key):
        with pytest.raises(DiagramError) as refused:
            parse_form(make_form(component), source="forms/check.json")

        assert refused.value.key == key
        assert refused.value.facts["file"] == "forms/check.json"
        assert refused.value.facts["element"]

    def test_refuses_a_key_that_stands_twice(self):
        with pytest.raises(DiagramError) as refused:
            parse_form(make_form(NAME, NAME))

        assert refused.value.key == "form.double_key"

    @pytest.mark.parametrize("content", ["{", "[]", '"x"'])
    def test_refuses_what_is_no_form(self, content):
        with pytest.raises(DiagramError):
            parse_form(content, source="forms/x.json")


class TestRefusals:
    @pytest.mark.parametrize(
        "key",
        [
            "form.not_json",
            "form.unknown_type",
            "form.no_key",
            "form.double_key",
            "form.no_choices",
            "form.no_label",
            "form.condition",
            "form.no_source",
            "form.unknown_check",
        ],
    )
    def test_can_be_said_in_both_languages(self, key):
        facts = dict.fromkeys(("file", "element", "problem", "type", "source", "check"), "x")

        for language in ("zh", "en"):
            assert spoken(Phrase(key, facts), language) != key
