"""The server's word on what was entered."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from werkzeug.datastructures import MultiDict

from tests.unit.webapp.reckonings import TUESDAY, spoken
from webapp.forms import (
    Choice,
    FormContext,
    parse_form,
    read_answers,
    storable,
    validate,
    variables,
)
from workflows.errors import DiagramError


@dataclass(frozen=True)
class Staged:
    """A file that waits on the server."""

    token: str
    name: str = "scan.pdf"
    size: int = 10


def make_form(*components):
    return parse_form({"id": "check", "components": list(components)})


def make_question(kind="textfield", key="it", **more):
    return {"type": kind, "key": key, "label": "这一项", **more}


def check(form, answers, **context):
    return validate(form, MultiDict(answers), context=FormContext(today=TUESDAY, **context))


def complaints(checked, key="it"):
    return [spoken(said) for said in checked.errors.get(key, ())]


REQUIRED = {"validate": {"required": True}}
VALUES = {"values": [{"value": "a", "label": "甲"}, {"value": "b", "label": "乙"}]}


class TestValidate:
    @pytest.mark.parametrize(
        ("component", "words"),
        [
            (make_question(**REQUIRED), "还没有填"),
            (make_question("textarea", **REQUIRED), "还没有填"),
            (make_question("number", **REQUIRED), "还没有填"),
            (make_question("datetime", **REQUIRED), "还没有填"),
            (make_question("radio", **VALUES, **REQUIRED), "请选一项"),
            (make_question("select", **VALUES, **REQUIRED), "请选一项"),
            (make_question("checklist", **VALUES, **REQUIRED), "至少选一项"),
            (make_question("checkbox", **REQUIRED), "勾选"),
            (make_question("filepicker", **REQUIRED), "附上文件"),
        ],
    )
    @pytest.mark.parametrize("answers", [[], [("it", "")], [("it", "   ")]])
    def test_asks_for_what_is_required(self, component, words, answers):
        if component["type"] in ("checklist", "filepicker", "checkbox", "radio", "select"):
            answers = [pair for pair in answers if pair[1].strip()]

        checked = check(make_form(component), answers)

        assert not checked.is_valid
        assert words in complaints(checked)[0]

    @pytest.mark.parametrize(
        ("component", "empty"),
        [
            (make_question(), None),
            (make_question("number"), None),
            (make_question("datetime"), None),
            (make_question("radio", **VALUES), None),
            (make_question("checklist", **VALUES), []),
            (make_question("filepicker"), []),
            (make_question("checkbox"), False),
        ],
    )
    def test_accepts_nothing_where_nothing_is_required(self, component, empty):
        checked = check(make_form(component), [])

        assert checked.is_valid
        assert checked.clean == {"it": empty}

    @pytest.mark.parametrize(
        ("typed", "on"),
        [
            ("2026-10-12", date(2026, 10, 12)),
            ("20261012", date(2026, 10, 12)),
            ("2026/10/2", date(2026, 10, 2)),
            ("2026年10月2日", date(2026, 10, 2)),
            (" ２０２６．１０．０２ ", date(2026, 10, 2)),
        ],
    )
    def test_reads_a_date_however_it_was_typed(self, typed, on):
        assert check(make_form(make_question("datetime")), [("it", typed)]).clean == {"it": on}

    @pytest.mark.parametrize("typed", ["2026-13-01", "昨天", "10-12", "2026-02-30", "202610121"])
    def test_refuses_what_is_no_date(self, typed):
        checked = check(make_form(make_question("datetime")), [("it", typed)])

        assert "请填日期" in complaints(checked)[0]

    @pytest.mark.parametrize(
        ("typed", "number"), [("186.4", "186.4"), ("1,860", "1860"), ("３", "3")]
    )
    def test_reads_a_number_however_it_was_typed(self, typed, number):
        checked = check(make_form(make_question("number")), [("it", typed)])

        assert checked.clean == {"it": Decimal(number)}

    @pytest.mark.parametrize("typed", ["x", "NaN", "1e", "12 万"])
    def test_refuses_what_is_no_number(self, typed):
        checked = check(make_form(make_question("number")), [("it", typed)])

        assert "请填数字" in complaints(checked)[0]

    @pytest.mark.parametrize(
        ("more", "typed", "words"),
        [
            ({"validate": {"maxLength": 3}}, "一二三四", "最多 3 个字，现在 4 个"),
            ({"validate": {"minLength": 3}}, "一二", "至少写 3 个字，现在 2 个"),
            ({"validate": {"pattern": "[A-Z]+"}}, "a", "格式不对"),
            ({"validate": {"validationType": "email"}}, "a", "@"),
            ({"validate": {"validationType": "phone"}}, "1", "位数不对"),
        ],
    )
    def test_keeps_the_limits_of_a_text(self, more, typed, words):
        assert words in complaints(check(make_form(make_question(**more)), [("it", typed)]))[0]

    @pytest.mark.parametrize(
        ("typed", "is_fine"), [("1", True), ("5", True), ("0", False), ("6", False)]
    )
    def test_keeps_the_bounds_of_a_number(self, typed, is_fine):
        form = make_form(make_question("number", validate={"min": 1, "max": 5}))

        assert check(form, [("it", typed)]).is_valid is is_fine

    def test_refuses_a_choice_that_is_not_offered(self):
        form = make_form(make_question("radio", **VALUES))

        assert "已经不在了" in complaints(check(form, [("it", "c")]))[0]

    def test_offers_what_the_page_provides(self):
        form = make_form(make_question("checklist", properties={"source": "departments"}))
        context = {"choices": {"departments": [Choice("7", "财政局")]}}

        assert check(form, [("it", "7")], **context).clean == {"it": ["7"]}
        assert not check(form, [("it", "8")], **context).is_valid

    def test_names_the_source_nobody_provides(self):
        form = make_form(make_question("radio", properties={"source": "departments"}))

        with pytest.raises(DiagramError) as refused:
            check(form, [])

        assert refused.value.facts["source"] == "departments"

    def test_takes_only_files_that_wait_on_the_server(self):
        form = make_form(make_question("filepicker"))
        files = {"t1": Staged("t1"), "t2": Staged("t2")}

        assert check(form, [("it", "t1")], files=files).clean == {"it": ["t1"]}
        assert "没有收全" in complaints(check(form, [("it", "t9")], files=files))[0]
        assert "只收一个" in complaints(check(form, [("it", "t1"), ("it", "t2")], files=files))[0]

    def test_stores_a_code_as_it_is_written(self):
        form = make_form(make_question(properties={"check": "uscc"}))

        checked = check(form, [("it", "9111 0000 6000 3734 1l")])

        assert checked.clean == {"it": "91110000600037341L"}

    def test_throws_away_what_a_hidden_question_carries(self):
        form = make_form(
            make_question("radio", "way", **VALUES),
            make_question(conditional={"hide": '=way = "a"'}, **REQUIRED),
        )

        checked = check(form, [("way", "a"), ("it", "smuggled")])

        assert checked.is_valid
        assert "it" not in checked.clean

    def test_hides_what_hangs_on_a_hidden_question(self):
        form = make_form(
            make_question("radio", "way", **VALUES),
            make_question("radio", "how", conditional={"hide": '=way = "a"'}, **VALUES),
            make_question(conditional={"hide": '=how != "b"'}, **REQUIRED),
        )

        checked = check(form, [("way", "a"), ("how", "b")])

        assert checked.is_valid

    def test_lets_a_fact_of_the_page_hide_a_question(self):
        form = make_form(make_question(conditional={"hide": "=supplement_used = true"}, **REQUIRED))

        assert check(form, [], facts={"supplement_used": True}).is_valid
        assert not check(form, [], facts={"supplement_used": False}).is_valid

    def test_throws_away_what_a_locked_question_carries(self):
        form = make_form(make_question(properties={"locked": "true"}))

        assert check(form, [("it", "changed")]).clean == {}

    def test_keeps_a_doubtful_answer_with_its_doubt(self):
        form = make_form(make_question(properties={"check": "uscc", "doubt": "true"}))

        checked = check(form, [("it", "12 3")])

        assert checked.is_valid
        assert checked.clean == {"it": "123"}
        assert "现在 3 位" in spoken(checked.doubts["it"][0])

    def test_names_a_check_nobody_wrote(self):
        form = make_form(make_question(properties={"check": "horoscope"}))

        with pytest.raises(DiagramError) as refused:
            check(form, [("it", "x")])

        assert refused.value.facts["check"] == "horoscope"

    def test_checks_raw_answers_too(self):
        form = make_form(make_question("checklist", **VALUES), make_question("checkbox", "ok"))

        context = FormContext(today=TUESDAY)
        checked = validate(form, {"it": ["a"], "ok": True}, context=context)

        assert checked.clean == {"it": ["a"], "ok": True}


class TestReadAnswers:
    def test_keeps_every_answer_as_it_was_typed(self):
        form = make_form(
            make_question(),
            make_question("checklist", "many", **VALUES),
            make_question("checkbox", "ok"),
        )

        raw = read_answers(form, MultiDict([("it", " x "), ("many", "a"), ("many", "b")]))

        assert raw == {"it": " x ", "many": ["a", "b"], "ok": "false"}


class TestVariables:
    def test_are_plain_values_without_protected_ones(self):
        form = make_form(
            make_question("datetime", "on", properties={"variable": "made_on"}),
            make_question("number", "sum", properties={"variable": "sum"}),
            make_question("textfield", "phone", properties={"variable": "p", "protected": "true"}),
            make_question("textfield", "note"),
        )
        clean = {"on": date(2026, 10, 12), "sum": Decimal("186.4"), "phone": "1", "note": "n"}

        assert variables(form, clean) == {"made_on": "2026-10-12", "sum": 186.4}
        assert storable(form, clean) == {"on": "2026-10-12", "sum": 186.4, "note": "n"}

    def test_forget_what_does_not_show_any_more(self):
        form = make_form(make_question(properties={"variable": "it"}))

        assert variables(form, {}) == {"it": None}
