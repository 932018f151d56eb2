"""What is kept of a variable is what a saved state gives back, however it was given."""

from __future__ import annotations

import enum
import json
import math

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.engine.plain import plain
from workflows.errors import DiagramError

NUMBERS = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | NUMBERS | st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab界"), inner, max_size=3),
    max_leaves=8,
)


class Colour(enum.StrEnum):
    RED = "red"


class TestPlain:
    @given(st.dictionaries(st.text("ab界", min_size=1), VALUES, max_size=4))
    def test_gives_back_what_a_saved_state_does(self, variables):
        kept = plain(variables)

        assert kept == variables
        assert orjson.loads(orjson.dumps(kept)) == kept

    def test_shares_nothing_with_what_was_given(self):
        names = ["a"]
        variables = {"names": names, "one": 1}

        kept = plain(variables)
        names.append("b")
        variables["one"] = 2

        assert kept == {"names": ["a"], "one": 1}

    @pytest.mark.parametrize("value", [Colour.RED, ("red",), {1: "red"}])
    def test_keeps_no_type_that_json_does_not_know(self, value):
        assert plain({"it": value})["it"] == json.loads(json.dumps(value))
        assert type(plain({"it": value})["it"]) in (str, list, dict)

    @pytest.mark.parametrize(
        "value", [2**64, -(2**63) - 1, "\ud800", "界\udfff", math.nan, math.inf, object(), {1, 2}]
    )
    def test_refuses_what_no_saved_state_could_hold(self, value):
        for variables in ({"it": value}, {"it": [value]}):
            with pytest.raises(DiagramError, match="not_plain"):
                plain(variables)

    def test_refuses_half_a_character_in_a_name(self):
        with pytest.raises(DiagramError, match="not_plain"):
            plain({"\ud800": 1})
