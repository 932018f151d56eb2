"""The file of duties names its own slips, and may not speak of what no path does."""

from __future__ import annotations

import pytest

from tests.unit.engine.drawing import end, path, start, user
from tests.unit.lint.linting import drawn, lint, names


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
