"""The file of duties names its own slips, and may not speak of what no path does."""

from __future__ import annotations

import json
from typing import ClassVar

import pytest

from tests.unit.engine.drawing import call, end, path, process, start, user
from tests.unit.lint.linting import SAID, drawn, lint, names


class TestDutyFile:
    PARTS = (start("b"), user("t"), end("e"), path("b", "t", "e"))

    def test_must_be_there(self):
        one = drawn(*self.PARTS)
        files = {name: each for name, each in one.bundle.files.items() if name != "duties.json"}

        bare = type(one)(type(one.bundle)("main", "main", files), one.declared)

        assert [found.name for found in lint(bare)] == ["no_duties"]

    @pytest.mark.parametrize(
        ("duty", "name"),
        [
            ({"id": "x", "kind": "sometimes"}, "duties.unknown_kind"),
            ({"id": "x", "kind": "once"}, "duties.part_missing"),
            ({"id": "x", "kind": "once", "step": "t", "colour": "red"}, "duties.part_unknown"),
            ({"id": "x", "kind": "once", "step": "gone"}, "duties.unknown_step"),
            (
                {"id": "x", "kind": "once", "step": {"step": "t", "when": "import os"}},
                "duties.condition",
            ),
            ({"id": "x", "kind": "by", "steps": ["gone"], "post": "handler"}, "duty.unknown_step"),
        ],
    )
    def test_names_its_own_slips(self, duty, name):
        assert name in {one.name for one in lint(drawn(*self.PARTS, duties=[duty]))}

    def test_may_not_say_the_same_twice(self):
        duty = {"id": "x", "kind": "once", "step": "t"}

        assert names(*self.PARTS, duties=[duty, duty]) == {("duties.said_twice", "")}

    def test_may_not_speak_of_what_no_path_does(self):
        duty = {
            "id": "x",
            "kind": "after",
            "after": [{"step": "t", "when": "way == 'never'"}],
            "needs": ["e"],
        }

        assert names(*self.PARTS, duties=[duty]) == {("duty.idle", "t")}


class TestDutiesOfSharedParts:
    INNER = process("inner", start("i"), user("j"), end("k"), path("i", "j", "k"))
    OF_INNER = {"id": "j_once", "kind": "once", "step": "j", "part": "inner", **SAID}
    FILES: ClassVar = {"shared/duties.json": json.dumps({"duties": [OF_INNER]})}

    def test_are_those_of_who_calls_the_part(self):
        parts = (
            start("b"),
            call("first", "inner"),
            call("second", "inner"),
            end("e"),
            path("b", "first", "second", "e"),
        )

        found = names(*parts, others=[self.INNER], files=self.FILES)

        assert found == {("duty.once", "j")}

    def test_are_nobody_elses(self):
        parts = (start("b"), user("t"), end("e"), path("b", "t", "e"))

        assert not names(*parts, files=self.FILES)
