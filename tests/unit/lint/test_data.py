"""Tables with gaps, and variables that two branches use for two things."""

from __future__ import annotations

import pytest

from tests.unit.engine.drawing import (
    boundary,
    call,
    decision,
    end,
    flow,
    path,
    process,
    service,
    start,
    table,
    user,
    xor,
)
from tests.unit.lint.linting import drawn, is_path_of_engine, lint, names, only, passed


class TestTable:
    def parts(self, *rows):
        return {
            "parts": (start("b"), decision("d", "d.dmn"), end("e"), path("b", "d", "e")),
            "files": {"d.dmn": table(*rows, reads="size")},
            "given": {"start": {"size": [1]}},
        }

    @pytest.mark.parametrize(
        ("rows", "found"),
        [
            ((("< 3", "'a'"), (">= 3", "'b'")), set()),
            ((("< 3", "'a'"), ("> 3", "'b'")), {("table.no_rule_fits", "d")}),
            ((("<= 3", "'a'"), (">= 3", "'b'")), {("table.rules_overlap", "d")}),
        ],
    )
    def test_is_complete_and_without_overlap(self, rows, found):
        drawing = self.parts(*rows)

        assert names(*drawing.pop("parts"), **drawing) == found


class TestOthersMeanwhile:
    """A variable that somebody changes while a called process goes by it (decision 0005)."""

    INNER = process(
        "find",
        start("b1"),
        user("propose", form="finding"),
        user("approve"),
        xor("x", "plain"),
        user("legal"),
        xor("plain"),
        service("record"),
        end("e1"),
        path("b1", "propose", "x", "plain", "approve", "record", "e1"),
        path("legal", "plain"),
        flow("x", "legal", "finding == 'revoke'"),
    )
    DUTY = {
        "id": "legal",
        "kind": "before",
        "first": ["legal"],
        "then": [{"operation": "record", "when": "finding == 'revoke'"}],
    }

    def parts(self, variable):
        return drawn(
            start("b"),
            call("c", "find"),
            boundary("told", "c", message="m"),
            user("confirm", form="change"),
            end("e"),
            end("e2"),
            path("b", "c", "e"),
            path("told", "confirm", "e2"),
            others=[self.INNER],
            forms={
                "finding": {"finding": ["correct", "revoke"]},
                "change": {variable: ["revoke"]},
            },
            duties=[self.DUTY],
        )

    def test_turns_what_was_approved_into_something_that_nobody_approved(self):
        broken = self.parts("finding")

        found = only(lint(broken), "duty.before")

        assert passed(found)[-1] == "record"
        assert passed(found).index("confirm") < passed(found).index("approve")
        assert is_path_of_engine(broken, found.path)

    def test_does_no_harm_under_a_name_of_its_own(self):
        assert not [one for one in lint(self.parts("base_finding")) if one.name == "duty.before"]
