"""Repetitions, gateways, decisions and failing operations, as our diagrams use them."""

from __future__ import annotations

import pytest

from tests.unit.engine.drawing import (
    decision,
    draw,
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
from tests.unit.engine.patterns import (
    DECISION,
    FAILING,
    INTERRUPTED_ITEMS,
    JOIN_IN_LOOP,
    SUPPLEMENT,
    verification,
)


class TestOneProcessPerItem:
    def test_runs_each_with_its_own_timers(self, walk):
        case = walk(verification(), answers={"list_departments": {"departments": ["a", "b"]}})
        case.start("begin")
        assert case.steps == ["task_verify:a", "task_verify:b"]
        assert len(case.timers) == 7

        case.fire("verification@50%", item="a").fire("verification@overdue", item="b")
        case.fire("verification@80%", item="a")
        case.fire("reply@obj.reply.silence_notice")
        case.complete("task_verify", item="b")

        assert case.steps == ["task_notice", "task_verify:a"]
        assert case.timers == ["verification@overdue:a"]
        case.complete("task_verify", item="a").complete("task_notice")
        assert case.is_finished
        assert case.operations.calls == [
            ("list_departments", None),
            ("send_letter", "a"),
            ("send_letter", "b"),
            ("remind", "a"),
            ("supervise", "b"),
            ("remind", "a"),
            ("record", "b"),
            ("record", "a"),
            ("combine", None),
        ]

    def test_passes_over_an_empty_list(self, walk):
        case = walk(verification(), answers={"list_departments": {"departments": []}})

        case.start("begin")

        assert case.is_finished
        assert case.operations.names == ["list_departments", "combine"]

    def test_waits_with_a_cause_when_there_is_no_list(self, walk):
        case = walk(verification()).start("begin")
        assert [one.element for one in case.now.failed] == ["ask_departments"]
        assert case.now.failed[0].cause.key == "error.engine.not_a_list"

        assert not case.is_finished

    def test_shows_the_item_to_operations(self, walk):
        case = walk(verification(), answers={"list_departments": {"departments": ["a"]}})

        case.start("begin")

        assert case.operations.seen[-1] == {"departments": ["a"], "item": "a"}


class TestInterruptedItems:
    def test_leave_nothing_behind(self, walk):
        """S14: what was cancelled must not be waited for."""
        case = walk(INTERRUPTED_ITEMS).start("begin", items=["a", "b", "c"])
        case.deliver("answer", item="b")
        assert case.steps == ["task_n:b"]
        assert case.timers == ["lift@due:a", "lift@due:c"]

        case.deliver("stop")

        assert case.steps == ["task_after"]
        assert case.timers == case.messages == []
        case.complete("task_after")
        assert case.is_finished

    def test_end_together(self, walk):
        case = walk(INTERRUPTED_ITEMS).start("begin", items=["a", "b", "c"])

        case.deliver("answer", item="b").fire("lift@due", item="c").fire("lift@due", item="a")
        assert case.messages == ["stop"]
        case.complete("task_n")

        assert case.is_finished
        assert case.ended[-2:] == ["o_end", "e1"]


class TestSupplement:
    def test_loops_back_to_the_check_as_often_as_needed(self, walk):
        case = walk(SUPPLEMENT).start("begin")
        for _ in range(3):
            case.complete("task_formal_check", formal_outcome="supplement_first")
            assert case.timers == ["supplement@overdue"]
            case.deliver("supplement_received")

        case.complete("task_formal_check", formal_outcome="supplement_first")
        case.fire("supplement@overdue").complete("task_formal_check", formal_outcome="accept")

        assert case.steps == ["task_finding"]
        assert case.operations.names == ["send_notice"] * 4 + ["record_silence", "mark"]

    @pytest.mark.parametrize("verified_first", [True, False])
    def test_joins_both_branches_after_rounds_of_the_loop(self, walk, verified_first):
        case = walk(SUPPLEMENT).start("begin")
        case.complete("task_formal_check", formal_outcome="supplement_first")
        case.deliver("supplement_received")
        case.complete("task_formal_check", formal_outcome="supplement")
        assert case.timers == ["reply@day13", "supplement@overdue"]
        case.fire("reply@day13")

        if verified_first:
            case.complete("task_verify")
            assert case.steps == []
            case.deliver("supplement_received").complete("task_review")
        else:
            case.fire("supplement@overdue")
            assert case.steps == ["task_verify"]
            case.complete("task_verify")

        assert case.steps == ["task_finding"]
        case.complete("task_finding")
        assert case.is_finished


class TestJoinInALoop:
    @pytest.mark.parametrize("orders", [("lr", "lr", "rl"), ("rl", "lr", "lr"), ("lr", "rl", "rl")])
    def test_waits_for_both_branches_in_every_round(self, walk, orders):
        """S15: the library counts the arrivals of earlier rounds."""
        sides = {"l": "left", "r": "right"}
        case = walk(JOIN_IN_LOOP).start("begin")

        for first, second in orders:
            assert case.steps == ["left", "right"]
            case.complete(sides[first])
            assert case.steps == [sides[second]]
            case.complete(sides[second])
            assert case.steps == ["judge"]
            case.complete("judge", verdict="again")

        case.complete("left").complete("right").complete("judge", verdict="good")
        assert case.is_finished


class TestDecision:
    @pytest.mark.parametrize(
        "origin, source", [("本级", "platform"), ("市", "department"), ("县", "department")]
    )
    def test_sets_its_outputs(self, walk, origin, source):
        case = walk(DECISION).start("begin", origin=origin)

        assert case.variables["source"] == source
        assert case.steps == ["task"]

    def test_waits_when_no_rule_fits(self, walk):
        case = walk(DECISION).start("begin", origin="elsewhere")

        assert case.steps == []
        assert case.now.failed[0].operation == "source.dmn"
        assert case.now.failed[0].cause.key == "error.engine.no_rule_fits"

    def test_waits_when_rules_overlap(self, walk):
        overlapping = draw(
            process("main", start("b"), decision("d", "s.dmn"), end("e"), path("b", "d", "e")),
            s__dmn=table(("'a'", "'x'"), ("-", "'y'")),
        )

        case = walk(overlapping).start("b", origin="a")

        assert case.now.failed[0].cause.key == "error.engine.rules_overlap"
        assert case.now.failed[0].cause.facts["rows"] == "1, 2"

    def test_collects(self, walk):
        collecting = draw(
            process(
                "main",
                start("b"),
                decision("d", "s.dmn"),
                user("u"),
                end("e"),
                path("b", "d", "u", "e"),
            ),
            s__dmn=table(("'a'", "'x'"), ("-", "'y'"), ("'b'", "'z'"), policy="COLLECT"),
        )

        case = walk(collecting).start("b", origin="a")

        assert case.variables["source"] == ["x", "y"]


class TestFailingOperation:
    def test_waits_with_its_cause_while_other_branches_go_on(self, walk):
        cause = ConnectionError("province is down")
        case = walk(FAILING, answers={"send": cause}).start("begin")
        assert case.now.failed[0].cause is cause
        assert case.now.active == ("split",) or "send" in case.now.active

        case.complete("task").fire("reply@due")

        assert not case.is_finished
        assert case.now.failed[0].cause is None
        assert case.operations.names == ["send", "remind"]

    def test_is_tried_again(self, walk):
        case = walk(FAILING, answers={"send": ConnectionError()}).start("begin").complete("task")
        case.retry("send")
        assert isinstance(case.now.failed[0].cause, ConnectionError)

        case.operations.answers["send"] = {"sent": 1}
        case.retry("send")

        assert case.is_finished
        assert case.variables["sent"] == 1
        assert case.timers == []
        assert case.now.failed == ()

    def test_refuses_results_that_cannot_be_saved(self, walk):
        case = walk(FAILING, answers={"send": {"at": object()}}).start("begin")

        assert case.now.failed[0].cause.key == "error.engine.not_plain"


class TestGatewayWithoutATrueCondition:
    def test_waits_for_a_retry(self, walk):
        """S10: the library leaves the gateway in an error from which nothing leads on."""
        bundle = draw(
            process(
                "main",
                start("begin"),
                user("task"),
                xor("choice"),
                service("one"),
                service("two"),
                end("done"),
                path("begin", "task", "choice"),
                flow("choice", "one", "x == 1"),
                flow("choice", "two", "x == 2"),
                path("one", "done"),
                path("two", "done"),
            )
        )
        case = walk(bundle).start("begin").complete("task", x=3)
        assert case.now.failed[0].element == "choice"
        assert case.now.failed[0].cause.key == "error.engine.no_condition_true"

        case.retry("choice")

        assert case.now.failed[0].element == "choice"
        assert not case.is_finished
