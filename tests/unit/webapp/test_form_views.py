"""A form as drawn: answers stay, complaints stand beside their questions and above them all."""

from dataclasses import dataclass
from datetime import date

import pytest

from tests.unit.webapp.reckonings import TUESDAY, spoken
from webapp.forms import FormContext, FormFrame, form_view, parse_form, validate
from webapp.forms.rendering import NO_SELECT_BELOW


@dataclass(frozen=True)
class Staged:
    """A file that waits on the server."""

    token: str
    name: str
    size: int


def draw(*components, values=None, errors=None, **context):
    definition = parse_form({"id": "check", "components": list(components)})
    return form_view(
        definition,
        frame=FormFrame(action="/x", command_id="c1"),
        context=FormContext(today=TUESDAY, **context),
        values=values,
        errors=errors,
    )


def question(kind, key="it", **more):
    return {"type": kind, "key": key, "label": "这一项", **more}


def values(count):
    return {"values": [{"value": str(n), "label": f"第 {n} 项"} for n in range(count)]}


class TestFormView:
    @pytest.mark.parametrize(
        ("count", "control"), [(NO_SELECT_BELOW - 1, "radio"), (NO_SELECT_BELOW, "select")]
    )
    def test_hides_few_choices_in_no_select(self, count, control):
        [drawn] = draw(question("select", **values(count))).items

        assert drawn.control == control

    @pytest.mark.parametrize(
        ("typed", "control"), [("email", "email"), ("phone", "tel"), (None, "text")]
    )
    def test_asks_for_the_right_keyboard(self, typed, control):
        [drawn] = draw(question("textfield", validate={"validationType": typed})).items

        assert drawn.control == control

    def test_shows_defaults_only_while_nothing_was_answered(self):
        component = question("textfield", defaultValue="先填好的")

        assert draw(component).items[0].value == "先填好的"
        assert draw(component, values={}).items[0].value == ""

    def test_shows_what_was_chosen(self):
        [drawn] = draw(question("checklist", **values(3)), values={"it": ["0", "2"]}).items

        assert [option.is_chosen for option in drawn.options] == [True, False, True]

    def test_shows_files_that_still_wait(self):
        files = {"t1": Staged("t1", "scan.pdf", 10)}

        [drawn] = draw(question("filepicker"), values={"it": ["t1", "gone"]}, files=files).items

        assert [file.name for file in drawn.files] == ["scan.pdf"]

    def test_hides_what_the_answers_hide(self):
        component = question("textfield", "b", conditional={"hide": '=a = "x"'})

        view = draw(question("textfield", "a"), component, values={"a": "x"})

        assert view.items[1].is_hidden
        assert view.items[1].hide_data == '["=", ["name", "a"], ["value", "x"]]'

    def test_writes_dates_so_that_they_can_be_typed_again(self):
        [drawn] = draw(question("datetime"), values={"it": date(2026, 10, 2)}).items

        assert drawn.value == "2026-10-02"

    def test_lists_complaints_in_the_order_of_the_page(self):
        components = [question("textfield", key, validate={"required": True}) for key in "ba"]
        definition = parse_form({"id": "check", "components": components})
        checked = validate(definition, {}, context=FormContext(today=TUESDAY))

        view = draw(*components, values={}, errors=checked.errors)

        assert [target for target, _ in view.problems] == ["check-b-field", "check-a-field"]
        assert spoken(view.problems[0][1]) == "这一项：这一项还没有填"

    def test_ties_help_and_complaint_to_the_control(self):
        component = question("textfield", description="说明", validate={"required": True})
        definition = parse_form({"id": "check", "components": [component]})
        checked = validate(definition, {}, context=FormContext(today=TUESDAY))

        [drawn] = draw(component, values={}, errors=checked.errors).items

        assert drawn.attributes["aria-describedby"] == "check-it-help check-it-bad"
        assert drawn.attributes["aria-invalid"] == "true"
        assert drawn.attributes["required"] == ""
