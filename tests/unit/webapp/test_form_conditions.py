"""Conditions: the small part of FEEL that hides a question, read once for page and server."""

import json

import pytest

from webapp.forms.conditions import ConditionError, is_met, parse_condition


class TestParseCondition:
    @pytest.mark.parametrize(
        ("text", "values", "met"),
        [
            ('=outcome != "accept"', {"outcome": "reject"}, True),
            ('=outcome != "accept"', {"outcome": "accept"}, False),
            ('=outcome != "accept"', {}, True),
            ('outcome == "accept"', {"outcome": "accept"}, True),
            ('=a = "x" and not(b = true)', {"a": "x", "b": False}, True),
            ('=a = "x" and not(b = true)', {"a": "x", "b": True}, False),
            ('=a = "x" or a = "y"', {"a": "y"}, True),
            ('=a = "x" and (b = "1" or b = "2")', {"a": "x", "b": "3"}, False),
            ('=way in ["post", "leaving"]', {"way": "leaving"}, True),
            ('=way in ("post", "leaving")', {"way": "window"}, False),
            ('=list contains(items, "amount")', {"items": ["dates", "amount"]}, True),
            ('=not(list contains(items, "amount"))', {"items": []}, True),
            ("=count = 3", {"count": "3"}, True),
            ("=name = null", {"name": ""}, True),
            ("=ticked", {"ticked": "false"}, False),
            ("=not(ticked)", {"ticked": True}, False),
            ('=结论 = "有误"', {"结论": "有误"}, True),
        ],
    )
    def test_is_met_by_these_answers(self, text, values, met):
        assert is_met(parse_condition(text), values) is met

    @pytest.mark.parametrize(
        "text",
        ["=", '=a = "x', "=a + b", '=a = "x" b', '=not a = "x"', '="x"', "=a in", "=f(a)"],
    )
    def test_refuses_what_it_does_not_know(self, text):
        with pytest.raises(ConditionError):
            parse_condition(text)

    def test_makes_a_tree_that_the_page_can_read(self):
        tree = parse_condition('=a != "x" and b in ["1"]')

        assert json.loads(json.dumps(tree)) == tree
