"""Duties that the drawing alone keeps: what breaks one is found, and the repaired passes."""

from __future__ import annotations

from typing import ClassVar

import pytest

from tests.unit.engine.drawing import (
    boundary,
    call,
    end,
    node,
    path,
    process,
    repeated,
    service,
    start,
    times,
    user,
)
from tests.unit.lint.linting import form, names, sets
from workflows.lint.declared import ITEMS, declare

STARTED = {"begin": declare(starts={"reply": "obj.reply.limit"})}


class TestExpiry:
    def parts(self, point, *, ends_wait=True):
        return (
            start("b"),
            service("begin"),
            user("t"),
            boundary("over", "t", timer=f"reply@{point}", interrupting=ends_wait),
            end("e"),
            end("e2"),
            path("b", "begin", "t", "e"),
            path("over", "e2"),
        )

    @pytest.mark.parametrize(
        ("point", "found"), [("overdue", set()), ("due", {("duty.expiry", "over")})]
    )
    def test_is_over_only_when_the_last_day_is(self, point, found):
        duty = {"id": "x", "kind": "expiry", "clock": "reply", "steps": ["over"]}

        assert names(*self.parts(point), duties=[duty], operations=STARTED) == found

    def test_ends_the_wait(self):
        duty = {"id": "x", "kind": "expiry", "clock": "reply", "steps": ["over"]}
        parts = self.parts("overdue", ends_wait=False)

        assert names(*parts, duties=[duty], operations=STARTED) == {("duty.expiry", "over")}

    def test_may_end_at_another_point_of_the_term(self):
        duty = {"id": "x", "kind": "expiry", "clock": "reply", "steps": ["over"], "point": "due"}

        assert not names(*self.parts("due"), duties=[duty], operations=STARTED)
        assert names(*self.parts("overdue"), duties=[duty], operations=STARTED) == {
            ("duty.expiry", "over")
        }


class TestOffers:
    PARTS = (start("b"), user("t", form="choice"), end("e"), path("b", "t", "e"))

    @pytest.mark.parametrize(
        ("choices", "found"),
        [(["agree", "return"], set()), (["agree"], {("duty.offers", "")}), ([], set())],
    )
    @pytest.mark.parametrize("kind", ["radio", "checklist"])
    def test_asks_of_a_form_that_one_may_refuse(self, choices, found, kind):
        duty = {
            "id": "o",
            "kind": "offers",
            "forms": ["choice"],
            "variable": "said",
            "values": ["agree", "return"],
        }
        asked = form({"said": choices} if choices else {}, kind)
        found = found if choices else {("duty.offers", "")}

        assert names(*self.PARTS, files={"forms/choice.json": asked}, duties=[duty]) == found


class TestPosts:
    PARTS = (start("b"), user("one"), user("two"), end("e"), path("b", "one", "two", "e"))
    APART = {"id": "a", "kind": "apart", "steps": ["one", "two"]}
    BY = {"id": "b", "kind": "by", "steps": ["two"], "post": "reviewer"}

    def test_that_are_to_be_apart_are_not(self):
        assert names(*self.PARTS, duties=[self.APART]) == {("duty.apart", "two")}

    def test_that_are_apart_pass(self):
        assert not names(*self.PARTS, duties=[self.APART], lanes={"two": "reviewer"})

    def test_of_a_step_is_the_one_named(self):
        assert names(*self.PARTS, duties=[self.BY]) == {("duty.by", "two")}
        assert not names(*self.PARTS, duties=[self.BY], lanes={"two": "reviewer"})


class TestPersons:
    DUTY: ClassVar = {"id": "p", "kind": "another_person", "steps": ["two"], "not_by": ["one"]}

    @pytest.mark.parametrize(("not_by", "found"), [("one", 0), ("two", 1), ("", 1)])
    def test_that_decide_are_not_those_who_proposed(self, not_by, found):
        mark = {"jiannuo__not_by": not_by} if not_by else {}
        second = node("userTask", "two", jiannuo__form="any", jiannuo__role="approver", **mark)
        parts = (start("b"), user("one"), second, end("e"), path("b", "one", "two", "e"))

        wrong = names(*parts, duties=[self.DUTY])

        assert wrong == ({("duty.another_person", "two")} if found else set())


class TestOperations:
    PARTS = (start("b"), service("one", "look"), end("e"), path("b", "one", "e"))
    OPERATIONS: ClassVar = {"look": sets(), "leap": sets()}

    @pytest.mark.parametrize(("operation", "found"), [("look", 0), ("leap", 1)])
    def test_of_a_step_is_the_one_named(self, operation, found):
        duty = {"id": "d", "kind": "does", "steps": ["one"], "operation": operation}

        wrong = names(*self.PARTS, duties=[duty], operations=self.OPERATIONS)

        assert wrong == ({("duty.does", "one")} if found else set())


class TestRepeating:
    INNER = process("lift", start("b1"), user("confirm"), end("e1"), path("b1", "confirm", "e1"))
    DUTY = {"id": "r", "kind": "repeats", "steps": ["c"], "list": "sanctions"}

    @pytest.mark.parametrize(
        ("how", "found"),
        [
            (times(per="sanctions"), set()),
            ("", {("duty.repeats", "c")}),
            (times(count="2"), {("duty.repeats", "c")}),
            (
                times(per="sanctions", until="nrOfCompletedInstances >= 1"),
                {("duty.repeats", "c")},
            ),
        ],
    )
    def test_goes_through_the_whole_list(self, how, found):
        parts = (
            start("b"),
            service("list"),
            repeated(call("c", "lift"), how),
            end("e"),
            path("b", "list", "c", "e"),
        )
        operations = {"list": sets(sanctions=ITEMS)}

        assert (
            names(*parts, others=[self.INNER], operations=operations, duties=[self.DUTY]) == found
        )

    def test_is_asked_of_steps_that_there_are(self):
        parts = (start("b"), user("t"), end("e"), path("b", "t", "e"))

        assert names(*parts, duties=[self.DUTY]) == {("duty.unknown_step", "")}


class TestClosing:
    DUTY = {"id": "c", "kind": "closes", "steps": ["e"]}

    @pytest.mark.parametrize(
        ("ends_all", "found"), [(True, set()), (False, {("duty.closes", "e")})]
    )
    def test_asks_that_nothing_goes_on_behind_the_end(self, ends_all, found):
        parts = (start("b"), user("t"), end("e", terminate=ends_all), path("b", "t", "e"))

        assert names(*parts, duties=[self.DUTY]) == found

    def test_asks_for_an_end_that_there_is(self):
        parts = (start("b"), user("t"), end("other"), path("b", "t", "other"))

        assert names(*parts, duties=[self.DUTY]) == {("duty.unknown_step", "")}
