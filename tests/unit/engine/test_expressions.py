"""Expressions of people outside the code: what they may say, and what must stay impossible."""

from __future__ import annotations

import random

import pytest

from workflows.engine.cells import cell_expression
from workflows.engine.expressions import compile_condition, compile_expression, evaluate, names_in
from workflows.errors import DiagramError

NAMES = {"finding": "correct", "count": 3, "disagree": False, "项目": ["a", "b"], "结论": "有误"}


class TestEvaluate:
    @pytest.mark.parametrize(
        "text, value",
        [
            ("finding == 'correct'", True),
            ("finding != 'correct' or count >= 3", True),
            ("not disagree and 1 < count <= 3", True),
            ("finding in ['revoke', 'correct']", True),
            ("finding not in ('revoke', 'partly')", True),
            ("'a' in 项目", True),
            ("结论 == '有误'", True),
            ("count == -3", False),
            ("never_set == None", True),
            ("never_set is None", True),
            ("never_set", None),
            ("print", None),
            ("count", 3),
            ("[1, 2.5, 'x', True, None]", [1, 2.5, "x", True, None]),
            ("  finding == 'correct'\n", True),
        ],
    )
    def test_answers(self, text, value):
        assert evaluate(text, NAMES) == value
        assert compile_condition(text)(NAMES) == value

    def test_reads_names_in_any_unicode_form(self):
        assert evaluate("ｃount == 3", NAMES) is True
        assert evaluate("ﬁn == 1", {"ﬁn": 1}) is True
        assert compile_condition("ﬁn == 1 and ｃount is None")({"ﬁn": 1}) is True

    @pytest.mark.parametrize("text", ["count < 'a'", "never_set > 1", "'a' in never_set"])
    def test_says_so_when_values_cannot_be_compared(self, text):
        with pytest.raises(DiagramError, match="expression_failed"):
            evaluate(text, NAMES)
        with pytest.raises(DiagramError, match="expression_failed"):
            compile_condition(text)(NAMES)


class TestCompile:
    @pytest.mark.parametrize(
        "text",
        [
            "().__class__.__base__.__subclasses__()",
            "__import__('os').system('true')",
            "open('/etc/passwd')",
            "项目.append(9)",
            "finding.ljust(1000000000)",
            "'%999999999d' % count",
            "'x' * 1000000000",
            "9 ** 9 ** 9",
            "1 << 99999999",
            "[x for x in 项目]",
            "{x: 1 for x in 项目}",
            "(x for x in 项目)",
            "lambda: 1",
            "(count := 5)",
            "f'{finding}'",
            "finding[0]",
            "finding['x']",
            "項 if count else 1",
            "{'a': 1}",
            "{1, 2}",
            "[*项目]",
            "__builtins__",
            "_private == 1",
            "b'x' == 1",
            "1j == 1",
            "... == 1",
            "count + 1",
            "await x",
            "yield 1",
        ],
    )
    def test_refuses_whatever_is_not_on_the_list(self, text):
        with pytest.raises(DiagramError, match="expression_(not_allowed|unreadable)"):
            compile_expression(text)

    @pytest.mark.parametrize("text", ["", "   ", "\n"])
    def test_refuses_nothing(self, text):
        with pytest.raises(DiagramError, match="expression_empty"):
            compile_expression(text)

    @pytest.mark.parametrize("text", ["a =", "a = 1", "import os", "a; b", "(((", "a == 'x", "1 2"])
    def test_refuses_what_does_not_parse(self, text):
        with pytest.raises(DiagramError, match="expression_unreadable"):
            compile_expression(text)

    def test_allows_500_characters_and_no_more(self):
        longest = "a == '" + "x" * 493 + "'"
        assert len(longest) == 500
        compile_expression(longest)

        with pytest.raises(DiagramError, match="expression_too_long"):
            compile_expression(longest + " ")

    def test_survives_deep_nesting(self):
        with pytest.raises(DiagramError):
            compile_expression("(" * 240 + "a" + ")" * 240)
        with pytest.raises(DiagramError):
            evaluate("not " * 120 + "a < 'x'", {"a": 1})


class TestNamesIn:
    def test_lists_what_is_read(self):
        assert names_in("a == 1 and 结论 in ['x', b]") == {"a", "b", "结论"}


class TestCell:
    @pytest.mark.parametrize(
        "cell, whole",
        [
            ("'a'", "(x) == ('a')"),
            ("5", "(x) == (5)"),
            ("'a', 'b'", "(x) in ('a', 'b')"),
            ("> 5", "(x) > 5"),
            ("in ['a']", "(x) in ['a']"),
            ("not in ['a']", "(x) not in ['a']"),
            ("1 < ? <= 5", "1 < (x) <= 5"),
            ("'really?'", "(x) == ('really?')"),
            ("index", "(x) == (index)"),
            ("-", None),
            ("", None),
            (None, None),
        ],
    )
    def test_becomes_a_condition_on_its_column(self, cell, whole):
        assert cell_expression(column="x", cell=cell) == whole

    @pytest.mark.parametrize("cell", ["> ", "f(?)", "'a' 'b' >", "?.x"])
    def test_must_be_one(self, cell):
        with pytest.raises(DiagramError):
            cell_expression(column="x", cell=cell)


class TestBothWays:
    """An expression that was compiled once gives what the evaluator gives."""

    def test_agree(self):
        dice = random.Random(7)
        for text in [phrase(dice, depth=3) for _ in range(1000)]:
            assert outcome(compiled, text) == outcome(evaluate, text), text


def compiled(text, names):
    return compile_condition(text)(names)


def phrase(dice: random.Random, *, depth: int) -> str:
    """Return a random expression of the allowed kinds."""
    if depth == 0:
        names = ["finding", "count", "disagree", "项目", "never_set"]
        return dice.choice([*names, "3", "'a'", "None"])
    inner = [phrase(dice, depth=depth - 1) for _ in range(3)]
    return dice.choice(
        [
            f"({inner[0]} and {inner[1]})",
            f"({inner[0]} or {inner[1]} or {inner[2]})",
            f"(not {inner[0]})",
            f"({inner[0]} == {inner[1]})",
            f"({inner[0]} != {inner[1]} is not {inner[2]})",
            f"({inner[0]} < {inner[1]} <= {inner[2]})",
            f"({inner[0]} in [{inner[1]}, {inner[2]}])",
            f"({inner[0]} not in ({inner[1]}, 'a'))",
            f"(-{inner[0]})",
        ]
    )


def outcome(run, text):
    """Return the value, or what went wrong."""
    try:
        return run(text, NAMES)
    except DiagramError as error:
        return error.key, error.facts
