"""Gateways and flows: inclusive joins, several flows out of a task, paths that simply stop."""

from __future__ import annotations

import pytest

from tests.unit.engine.drawing import (
    attached,
    both,
    catches,
    draw,
    end,
    flow,
    message,
    node,
    path,
    process,
    signal,
    some,
    start,
    sub,
    timer,
    user,
    xor,
)

INCLUSIVE = draw(
    process(
        "main",
        start("b"),
        some("split", default="c"),
        user("a"),
        user("b_task"),
        user("c"),
        some("join"),
        user("after"),
        end("e"),
        path("b", "split"),
        flow("split", "a", "'a' in wanted"),
        flow("split", "b_task", "'b' in wanted"),
        path("split", "c"),
        path("a", "join", "after", "e"),
        path("b_task", "join"),
        path("c", "join"),
    )
)


class TestInclusiveGateway:
    """13.4.3."""

    @pytest.mark.parametrize(
        "wanted, steps",
        [(["a"], ["a"]), (["a", "b"], ["a", "b_task"]), ([], ["c"])],
    )
    def test_waits_for_the_branches_that_were_taken(self, walk, wanted, steps):
        case = walk(INCLUSIVE).start("b", wanted=wanted)
        assert case.steps == steps

        for step in steps:
            assert "after" not in case.steps
            case.complete(step)

        assert case.steps == ["after"]
        assert case.complete("after").is_finished

    def test_waits_for_what_may_still_come_in_a_loop(self, walk):
        bundle = draw(
            process(
                "main",
                start("b"),
                both("split"),
                user("a"),
                user("loops"),
                xor("again", default="join"),
                some("join"),
                user("after"),
                end("e"),
                path("b", "split", "a", "join", "after", "e"),
                path("split", "loops", "again", "join"),
                flow("again", "loops", "more"),
            )
        )
        case = walk(bundle).start("b").complete("a")

        for _ in range(3):
            case.complete("loops", more=True)
            assert case.steps == ["loops"]
        case.complete("loops", more=False)

        assert case.steps == ["after"]

    def test_does_not_wait_for_what_can_no_longer_come(self, walk):
        bundle = draw(
            process(
                "main",
                start("b"),
                both("split"),
                user("a"),
                user("other"),
                xor("which", default="away"),
                user("away"),
                some("join"),
                user("after"),
                end("e"),
                end("e_away"),
                path("b", "split", "a", "join", "after", "e"),
                path("split", "other", "which", "away", "e_away"),
                flow("which", "join", "comes"),
            )
        )
        case = walk(bundle).start("b").complete("a")
        assert case.steps == ["other"]

        case.complete("other", comes=False)

        assert case.steps == ["after", "away"]

    def test_waits_for_what_an_attached_event_may_send(self, walk):
        bundle = draw(
            process(
                "main",
                start("b"),
                both("split"),
                user("a"),
                user("slow"),
                attached("late", "slow", timer("reply@due")),
                some("join"),
                end("e_slow"),
                user("after"),
                end("e"),
                path("b", "split", "a", "join", "after", "e"),
                path("split", "slow", "e_slow"),
                path("late", "join"),
            )
        )

        assert walk(bundle).start("b").complete("a").steps == ["slow"]
        assert walk(bundle).start("b").complete("a").complete("slow").steps == ["after"]
        assert walk(bundle).start("b").complete("a").fire("reply@due").steps == ["after"]

    def test_waits_for_a_retry_when_no_condition_is_true(self, walk):
        bundle = draw(
            process(
                "main",
                start("b"),
                some("split"),
                user("a"),
                user("c"),
                end("e"),
                path("b", "split"),
                flow("split", "a", "x == 1"),
                flow("split", "c", "x == 2"),
                path("a", "e"),
                path("c", "e"),
            )
        )
        case = walk(bundle).start("b")
        assert case.now.failed[0].element == "split"

        case.retry("split")

        assert "no_condition_true" in str(case.now.failed[0].cause)


class TestFlows:
    """13.3.1."""

    def test_out_of_a_task_run_side_by_side(self, walk):
        bundle = draw(
            process(
                "main",
                start("b"),
                user("first"),
                user("x"),
                user("y"),
                both("join"),
                user("after"),
                end("e"),
                path("b", "first", "x", "join", "after", "e"),
                path("first", "y", "join"),
            )
        )
        case = walk(bundle).start("b").complete("first")
        assert case.steps == ["x", "y"]

        case.complete("y").complete("x")

        assert case.steps == ["after"]

    def test_with_conditions_out_of_a_task_are_taken_where_they_hold(self, walk):
        bundle = draw(
            process(
                "main",
                start("b"),
                node(
                    "userTask",
                    "first",
                    default="first__z",
                    jiannuo__form="any",
                    jiannuo__role="handler",
                ),
                user("x"),
                user("y"),
                user("z"),
                path("b", "first"),
                flow("first", "x", "n > 1"),
                flow("first", "y", "n > 2"),
                path("first", "z"),
            )
        )

        assert walk(bundle).start("b").complete("first", n=3).steps == ["x", "y"]
        assert walk(bundle).start("b").complete("first", n=2).steps == ["x"]
        case = walk(bundle).start("b").complete("first", n=1)
        assert case.steps == ["z"]
        assert case.complete("z").is_finished

    def test_without_ids_are_followed(self, walk):
        """S1: the library drops the flow and the case hangs."""
        xml = process("main", start("b"), user("t"), end("e"), path("b", "t", "e"))
        bundle = draw(xml.replace(' id="b__t"', "").replace(' id="t__e"', ""))

        case = walk(bundle).start("b")

        assert case.steps == ["t"]
        assert case.complete("t").is_finished

    def test_a_path_without_an_end_event_ends(self, walk):
        """S7: the library never completes the case."""
        bundle = draw(
            process(
                "main",
                start("b"),
                sub("inner", user("alone"), user("beside")),
                user("last"),
                path("b", "inner", "last"),
            )
        )
        case = walk(bundle).start("b")
        assert case.steps == ["alone", "beside"]

        case.complete("alone").complete("beside").complete("last")

        assert case.is_finished

    def test_a_conditional_flow_that_does_not_hold_waits_for_a_retry(self, walk):
        bundle = draw(
            process(
                "main",
                start("b"),
                user("t"),
                user("after"),
                end("e"),
                path("b", "t"),
                flow("t", "after", "ready"),
                path("after", "e"),
            )
        )
        case = walk(bundle).start("b").complete("t")
        assert [one.element for one in case.now.failed] == ["t"]
        assert case.steps == []

        case.retry("t")

        assert "no_condition_true" in str(case.now.failed[0].cause)


class TestMessageTasks:
    """13.3.3: a receive task waits for a message and may carry events; a send task throws one."""

    BUNDLE = draw(
        process(
            "main",
            start("b"),
            both("split"),
            node("receiveTask", "waits", messageRef="m_news"),
            attached("late", "waits", timer("reply@due"), interrupting=False),
            user("remind"),
            user("task"),
            node("sendTask", "tells", messageRef="m_news"),
            end("e"),
            path("b", "split", "waits", "e"),
            path("split", "task", "tells", "e"),
            path("late", "remind"),
        ),
        message("news").join(["<!--", "-->"]),
    )

    def test_meet_inside_the_case(self, walk):
        case = walk(self.BUNDLE).start("b")
        assert (case.messages, case.timers) == (["news"], ["reply@due"])

        case.fire("reply@due").complete("task").complete("remind")

        assert case.is_finished
        assert case.sent == []

    def test_go_outside_when_nobody_waits(self, walk):
        case = walk(self.BUNDLE).start("b").deliver("news")
        assert case.timers == []

        case.complete("task")

        assert case.sent == ["news"]


class TestEventGateway:
    def test_takes_whichever_event_comes_first(self, walk):
        """13.4.4."""
        bundle = draw(
            process(
                "main",
                start("b"),
                node("eventBasedGateway", "wait"),
                catches("m", message("m")),
                catches("s", signal("s")),
                catches("t", timer("reply@due")),
                end("e_m"),
                end("e_s"),
                end("e_t"),
                path("b", "wait", "m", "e_m"),
                path("wait", "s", "e_s"),
                path("wait", "t", "e_t"),
            )
        )

        assert walk(bundle).start("b").signal("s").ended == ["e_s"]
        assert walk(bundle).start("b").deliver("m").ended == ["e_m"]
        assert walk(bundle).start("b").fire("reply@due").ended == ["e_t"]
