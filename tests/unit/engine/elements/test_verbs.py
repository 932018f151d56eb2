"""What no diagram draws: moving a token, cancelling a scope; and cases that run for very long."""

from __future__ import annotations

import json

import pytest

from tests.unit.engine import patterns
from tests.unit.engine.drawing import (
    attached,
    both,
    draw,
    end,
    path,
    process,
    repeated,
    service,
    start,
    sub,
    timer,
    times,
    user,
)
from tests.unit.engine.test_traps import LOOP
from tests.unit.engine.walk import Walker
from workflows.engine.token.engine import TokenEngine
from workflows.errors import Conflict, NotFound

NESTED = draw(
    process(
        "main",
        start("b"),
        user("early"),
        both("split"),
        sub("inner", start("i_b"), user("x"), user("y"), end("i_e"), path("i_b", "x", "y", "i_e")),
        attached("late", "inner", timer("reply@due"), interrupting=False),
        end("e_late"),
        user("beside"),
        both("join"),
        user("last"),
        end("e"),
        path("b", "early", "split", "inner", "join", "last", "e"),
        path("split", "beside", "join"),
        path("late", "e_late"),
    )
)


class TestMove:
    def test_goes_back_within_its_scope_and_leaves_the_other_branch_alone(self, walk):
        case = walk(NESTED).start("b").complete("early").complete("x")
        assert case.steps == ["beside", "y"]

        case.move("y", "x")

        assert case.steps == ["beside", "x"]
        assert case.timers == ["reply@due"]
        case.complete("x").complete("y").complete("beside").complete("last")
        assert case.is_finished

    def test_out_of_a_sub_process_leaves_it(self, walk):
        case = walk(NESTED).start("b").complete("early").move("x", "last")

        assert case.steps == ["beside", "last"]
        assert case.timers == []

    def test_into_a_sub_process_opens_it(self, walk):
        case = walk(NESTED).start("b").move("early", "y")
        assert case.steps == ["y"]
        assert case.timers == ["reply@due"]

        assert case.complete("y").now.active == ("join",)

    def test_of_the_sub_process_takes_all_inside_with_it(self, walk):
        case = walk(NESTED).start("b").complete("early").move("inner", "early")

        assert case.steps == ["beside", "early"]

    @pytest.mark.parametrize("to, problem", [("late", "cannot_move"), ("b", "cannot_move")])
    def test_is_refused_where_no_token_can_stand(self, walk, to, problem):
        case = walk(NESTED).start("b")

        with pytest.raises(Conflict, match=problem):
            case.move("early", to)

    def test_to_nowhere_is_not_found(self, walk):
        with pytest.raises(NotFound, match="no_such_element"):
            walk(NESTED).start("b").move("early", "elsewhere")

    def test_into_another_branch_of_a_repetition_is_refused(self, walk):
        bundle = draw(
            process(
                "main",
                start("b"),
                user("first"),
                repeated(
                    sub("each", start("i_b"), user("x"), end("i_e"), path("i_b", "x", "i_e")),
                    times(per="items"),
                ),
                end("e"),
                path("b", "first", "each", "e"),
            )
        )
        case = walk(bundle).start("b", items=["p", "q"])
        with pytest.raises(Conflict, match="cannot_move"):
            case.move("first", "x")

        case.complete("first").move("x", "first", item="p")

        # Leaving one branch for a step outside of all of them leaves all of them.
        assert case.steps == ["first"]

    def test_of_a_token_that_is_gone_is_a_conflict(self):
        case = Walker(NESTED).start("b")
        gone = case.token("early")
        case.complete("early")

        with pytest.raises(Conflict, match="step_gone"):
            TokenEngine().move(
                bundle=NESTED,
                state=case.now.state,
                token_id=gone,
                element="last",
                operations=case.operations,
            )


class TestCancel:
    def test_ends_one_path_and_what_waits_for_nothing_else(self, walk):
        case = walk(NESTED).start("b").complete("early").cancel("inner")

        assert case.steps == ["beside"]
        assert case.timers == []
        assert not case.is_finished

    def test_of_the_last_path_inside_completes_the_scope(self, walk):
        case = walk(NESTED).start("b").complete("early").cancel("x")

        assert case.now.active == ("join", "beside") or "join" in case.now.active
        case.complete("beside")
        assert case.steps == ["last"]

    def test_of_the_whole_case_leaves_nothing(self, walk):
        case = walk(patterns.DECIDED).start("begin", finding="correct")

        case.cancel()

        assert case.is_finished
        assert case.steps == case.timers == case.messages == []


class TestConstantCost:
    """A case after thousands of steps is as small as a new one: nothing of the past is kept."""

    def test_after_two_thousand_rounds_of_a_loop(self):
        case = Walker(LOOP).start("begin")
        first = case.complete("task", enough=False).now.state

        for _ in range(2_000):
            case.complete("task", enough=False)

        # Only the numbers of tokens have more digits.
        assert len(case.now.state) <= len(first) + 2 * len("2000")
        assert case.steps == ["task"]
        assert case.complete("task", enough=True).is_finished
        assert len(case.operations.calls) == 2_002

    def test_after_five_thousand_finished_tasks(self):
        case = Walker(patterns.JOIN_IN_LOOP).start("begin")
        first = case.now.state

        for _ in range(1_667):
            case.complete("left").complete("right").complete("judge", verdict="again")

        grown = len(case.now.state) - len(first) - len('"verdict":"again",')
        assert grown <= 4 * len("99999")
        assert case.steps == ["left", "right"]

    def test_of_an_open_branch_is_two_hundred_bytes(self):
        sizes = []
        for count in (10, 60):
            items = [f"department-{number:04}" for number in range(count)]
            case = Walker(
                patterns.verification(), answers={"list_departments": {"departments": items}}
            ).start("begin")
            content = json.loads(case.now.state)
            del content["variables"]
            sizes.append(len(json.dumps(content, separators=(",", ":"))))

        assert (sizes[1] - sizes[0]) / 50 <= 200


class TestManyBranches:
    def test_are_begun_and_ended(self):
        bundle = draw(
            process(
                "main",
                start("b"),
                repeated(service("each"), times(per="items")),
                end("e"),
                path("b", "each", "e"),
            )
        )
        case = Walker(bundle).start("b", items=[str(number) for number in range(1_000)])

        assert case.is_finished
        assert len(case.operations.calls) == 1_000
