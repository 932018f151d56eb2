"""Every form beside the diagrams is drawn and checked as it stands, in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import html

import webapp
from tests.integration.interface.gallery import TODAY, make_gallery_app
from webapp.forms import (
    Choice,
    Field,
    FormContext,
    FormDefinition,
    FormFrame,
    Upload,
    form_view,
    parse_form,
    validate,
)

BPMN = Path(webapp.__file__).parents[1] / "bpmn"
FORMS = sorted(BPMN.glob("*/forms/*.json"))


def read_form(path: Path, *, language: str) -> FormDefinition:
    texts: dict[str, str] = {}
    if language == "en":
        for file in BPMN.glob("*/texts/en.json"):
            texts.update(json.loads(file.read_text(encoding="utf-8")))
    return parse_form(path.read_bytes(), source=str(path), texts=texts)


def make_context(definition: FormDefinition) -> FormContext:
    sources = {question.source for question in definition.fields if question.source}
    return FormContext(today=TODAY, choices={s: [Choice("1", "一")] for s in sources})


def draw(definition: FormDefinition, *, language: str) -> html.HtmlElement:
    view = form_view(
        definition,
        frame=FormFrame(action="/x", command_id="c", upload=Upload("/upload")),
        context=make_context(definition),
    )
    app = make_gallery_app()
    macro = '{% from "components/forms.html" import render_form %}{{ render_form(view) }}'
    with app.test_request_context(f"/?lang={language}"):
        app.preprocess_request()
        return html.fromstring(app.jinja_env.from_string(macro).render(view=view))


def names(question: Field) -> str:
    return f"{question.key}.file" if question.kind == "filepicker" else question.key


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
class TestDeclaredForm:
    def test_draws_every_question(self, path, language):
        definition = read_form(path, language=language)

        drawn = draw(definition, language=language)

        found = {control.get("name") for control in drawn.xpath(".//*[@name]")}
        wanted = {names(q) for q in definition.fields if not q.is_locked}
        assert wanted
        assert wanted <= found

    def test_labels_every_control(self, path, language):
        drawn = draw(read_form(path, language=language), language=language)

        labelled = set(drawn.xpath(".//label/@for"))
        controls = drawn.xpath(".//input[not(@type='hidden')] | .//textarea | .//select")
        assert [
            control.get("id") for control in controls if control.get("id") not in labelled
        ] == []

    def test_can_be_checked_while_it_is_empty(self, path, language):
        definition = read_form(path, language=language)

        checked = validate(definition, {}, context=make_context(definition))

        assert set(checked.errors) <= {question.key for question in definition.fields}
