"""What no process may do: each defect is caught with its shortest path, the repaired one passes."""

from __future__ import annotations

import pytest

from tests.unit.engine.drawing import (
    both,
    boundary,
    call,
    end,
    flow,
    path,
    process,
    service,
    start,
    throw,
    user,
    xor,
)
from tests.unit.lint.linting import drawn, is_path_of_engine, lint, names, only, passed, sets
from workflows.lint.declared import declare

CHOICE = {"choice": {"way": ["left", "right"]}}


def fork(split: str, join: str) -> tuple[str, ...]:
    """Draw two branches between these gateways."""
    return (
        start("b"),
        user("ask", form="choice"),
        split,
        user("left"),
        user("right"),
        join,
        end("e"),
        path("b", "ask", "split"),
        path("left", "join"),
        path("right", "join", "e"),
    )


CHOSEN = (flow("split", "left"), flow("split", "right", "way == 'right'"))
ALL = (flow("split", "left"), flow("split", "right"))


class TestDeadlock:
    def test_is_a_join_that_waits_for_a_branch_not_taken(self):
        broken = drawn(*fork(xor("split", "left"), both("join")), *CHOSEN, forms=CHOICE)

        found = only(lint(broken), "deadlock")

        assert found.element == "join"
        assert passed(found) == ["b", "ask", "split", "left"]
        assert is_path_of_engine(broken, found.path)

    def test_is_not_there_when_the_branches_are_merged(self):
        assert not names(*fork(xor("split", "left"), xor("join")), *CHOSEN, forms=CHOICE)

    def test_is_not_there_when_all_branches_are_taken(self):
        assert not names(*fork(both("split"), both("join")), *ALL, forms=CHOICE)

    def test_inside_a_called_process_is_told_with_the_way_into_it(self):
        inner = process("inner", *fork(xor("split", "left"), both("join")), *CHOSEN)
        outer = (start("b0"), call("c", "inner"), end("e0"), path("b0", "c", "e0"))
        broken = drawn(*outer, others=[inner], forms=CHOICE)

        found = only(lint(broken), "deadlock")

        assert passed(found) == ["b0", "b", "ask", "split", "left"]
        assert is_path_of_engine(broken, found.path)


class TestLostToken:
    def parts(self, last):
        return (
            start("b"),
            both("split"),
            user("one"),
            user("two", form="choice"),
            xor("choose", "join"),
            user("last"),
            both("join"),
            end("e"),
            last,
            path("b", "split", "one", "join", "e"),
            path("split", "two", "choose", "join"),
            flow("choose", "last", "way == 'left'"),
        )

    def test_waits_while_the_other_branch_goes_to_an_end(self):
        parts = (*self.parts(end("over", terminate=True)), path("last", "over"))
        broken = drawn(*parts, forms=CHOICE)

        found = only(lint(broken), "lost_token")

        assert found.element == "join"
        assert set(passed(found)) == {"b", "split", "one", "two", "choose"}
        assert is_path_of_engine(broken, found.path)

    def test_is_found_again_when_the_branch_comes_back(self):
        assert not names(
            start("b"),
            both("split"),
            user("one"),
            user("two", form="choice"),
            xor("choose", "merge"),
            user("last"),
            xor("merge"),
            both("join"),
            end("e"),
            path("b", "split", "one", "join", "e"),
            path("split", "two", "choose", "merge", "join"),
            path("last", "merge"),
            flow("choose", "last", "way == 'left'"),
            forms=CHOICE,
        )


class TestDeadStep:
    def parts(self, value):
        return (
            start("b"),
            user("ask", form="choice"),
            xor("x", "e"),
            user("t"),
            end("e"),
            path("b", "ask", "x", "e"),
            path("t", "e"),
            flow("x", "t", f"way == '{value}'"),
        )

    def test_is_one_whose_condition_waits_for_a_value_that_nobody_gives(self):
        found = lint(drawn(*self.parts("up"), forms=CHOICE))

        assert {(one.name, one.element) for one in found} == {
            ("dead_step", "t"),
            ("value_never_set", "x"),
        }
        assert passed(only(found, "dead_step"))[-2:] == ["x", "e"]

    def test_lives_when_the_form_gives_the_value(self):
        assert not names(*self.parts("right"), forms=CHOICE)

    def test_is_an_event_of_a_message_that_only_the_case_throws_and_never_does(self):
        parts = (start("b"), user("t"), end("e"), path("b", "t", "e"))
        inside = (boundary("caught", "t", message="m"), end("e2"), path("caught", "e2"))
        never = (xor("x", "late"), throw("thrown", "m"), end("late"))

        assert ("dead_step", "caught") in names(
            start("b"),
            user("t"),
            end("e"),
            *inside,
            *never,
            path("b", "t", "x", "late"),
            path("thrown", "e"),
            flow("x", "thrown", "yes"),
            operations={"set": sets(yes=[True, False])},
        )
        assert not names(*parts, *inside)


class TestNoEnd:
    def parts(self, ways):
        return {
            "forms": {"choice": {"way": ways}},
            "parts": (
                start("b"),
                xor("merge"),
                user("ask", form="choice"),
                xor("x", "merge"),
                end("e"),
                path("b", "merge", "ask", "x", "merge"),
                flow("x", "e", "way != 'again'"),
            ),
        }

    def test_is_a_circle_that_no_answer_leaves(self):
        drawing = self.parts(["again"])

        found = only(lint(drawn(*drawing["parts"], forms=drawing["forms"])), "no_end")

        assert found.element == "ask"

    def test_is_left_by_an_answer(self):
        drawing = self.parts(["again", "done"])

        assert not names(*drawing["parts"], forms=drawing["forms"])


class TestTokens:
    def test_without_bound_are_made_by_a_split_in_a_circle(self):
        broken = drawn(
            start("b"),
            xor("merge"),
            user("t"),
            both("split"),
            user("more"),
            end("e"),
            path("b", "merge", "t", "split", "merge"),
            path("split", "more", "e"),
        )

        found = only(lint(broken), "unbounded")

        assert found.element == "more"
        assert is_path_of_engine(broken, found.path)

    def test_are_bounded_when_messages_come_again_and_again(self):
        assert not names(
            start("b"),
            user("t"),
            boundary("came", "t", message="m"),
            user("look"),
            end("e"),
            end("e2"),
            path("b", "t", "e"),
            path("came", "look", "e2"),
        )


class TestStuck:
    def parts(self, values):
        return {
            "operations": {"set": sets(way=values)},
            "parts": (
                start("b"),
                service("set"),
                xor("x"),
                end("e1"),
                end("e2"),
                path("b", "set", "x"),
                flow("x", "e1", "way == 'one'"),
                flow("x", "e2", "way == 'two'"),
            ),
        }

    def test_is_a_gateway_none_of_whose_conditions_holds(self):
        drawing = self.parts(["one", "two", "three"])

        found = only(lint(drawn(*drawing["parts"], operations=drawing["operations"])), "stuck")

        assert found.element == "x"
        assert found.path[1].given == (("way", "three"),)

    def test_is_not_one_whose_conditions_cover_all(self):
        drawing = self.parts(["one", "two"])

        assert not names(*drawing["parts"], operations=drawing["operations"])


class TestVariable:
    PARTS = (
        start("b"),
        user("ask", form="choice"),
        xor("x", "e1"),
        end("e1"),
        end("e2"),
        path("b", "ask", "x", "e1"),
        flow("x", "e2", "way == 'right'"),
    )

    def test_that_a_gateway_reads_and_nobody_set_is_named(self):
        found = lint(drawn(*self.PARTS, forms={"choice": {}}))

        assert only(found, "unset").facts == {"variable": "way"}
        assert passed(only(found, "unset")) == ["b", "ask", "x", "e1"]

    def test_that_every_path_sets_is_not_named(self):
        assert not names(*self.PARTS, forms=CHOICE)

    def test_that_an_operation_needs_is_named_where_one_path_misses_it(self):
        parts = (
            start("b"),
            user("ask", form="choice"),
            xor("x", "merge"),
            service("fill"),
            xor("merge"),
            service("use"),
            end("e"),
            path("b", "ask", "x", "merge", "use", "e"),
            path("fill", "merge"),
            flow("x", "fill", "way == 'right'"),
        )
        operations = {"fill": sets(number="7"), "use": declare(needs=["number"])}

        found = only(lint(drawn(*parts, forms=CHOICE, operations=operations)), "unset")

        assert found.element == "use"
        assert "fill" not in passed(found)

    @pytest.mark.parametrize("element", ["x", "*"])
    def test_may_be_blank_where_the_duties_say_so(self, element):
        blank = {"variable": "way", "at": [] if element == "*" else [element], "zh": "", "en": ""}

        found = names(*self.PARTS, forms={"choice": {}}, may_be_blank=[blank])

        assert found == {("value_never_set", "x"), ("dead_step", "e2")}


def circle(step: str) -> tuple[str, ...]:
    """Draw a step that is done again as long as the way is the right one."""
    return (
        start("b"),
        user("ask", form="choice"),
        xor("merge"),
        step,
        xor("split", "done"),
        end("done"),
        path("b", "ask", "merge", "again", "split"),
        flow("split", "done"),
        flow("split", "merge", "way == 'right'"),
    )


class TestCircle:
    def test_without_wait_is_stuck_as_it_is_in_the_engine(self):
        broken = drawn(*circle(service("again", "look")), forms=CHOICE, operations={"look": sets()})

        [found] = lint(broken)

        assert found.name == "stuck"
        assert "ask" in passed(found)

    def test_in_which_a_person_answers_is_sound(self):
        assert not names(*circle(user("again", form="choice")), forms=CHOICE)
