"""Sub-processes, what interrupts them, and what ends with them."""

from __future__ import annotations

import pytest

from tests.unit.engine.drawing import (
    both,
    call,
    draw,
    end,
    path,
    process,
    start,
    sub,
    user,
)
from tests.unit.engine.patterns import (
    DECIDED,
    REPORT,
    STARTS,
    THROWN_INSIDE,
    WITHDRAWAL,
)


class TestWithdrawal:
    def test_interrupts_the_handling_when_confirmed(self, walk):
        case = walk(WITHDRAWAL).start("begin").deliver("withdrawal_requested")
        assert case.steps == ["task_check", "task_confirm"]

        case.complete("task_confirm", answer="yes")

        assert case.is_finished
        assert case.ended == ["threw", "withdrawn"]
        assert case.operations.names == ["record_withdrawal"]
        assert case.timers == case.messages == case.steps == []

    def test_goes_on_when_refused_and_may_be_asked_again(self, walk):
        case = walk(WITHDRAWAL).start("begin").deliver("withdrawal_requested")
        case.complete("task_confirm", answer="no")
        assert case.steps == ["task_check"]

        case.deliver("withdrawal_requested").complete("task_confirm", answer="yes")

        assert case.is_finished
        assert case.operations.names == ["refuse", "record_withdrawal"]

    def test_leaves_the_normal_way_open(self, walk):
        case = walk(WITHDRAWAL).start("begin").deliver("withdrawal_requested")
        case.complete("task_confirm", answer="no").fire("reply@overdue")

        case.complete("task_check").complete("task_more")

        assert case.is_finished
        assert case.ended == ["refused", "reminded", "h_end", "closed"]
        assert case.operations.names == ["refuse", "remind", "after_check", "close"]

    def test_confirmed_after_the_handling_is_done_is_heard_by_nobody(self, walk):
        case = walk(WITHDRAWAL).start("begin").deliver("withdrawal_requested")
        case.complete("task_check").complete("task_more")
        assert case.steps == ["task_confirm"]

        case.complete("task_confirm", answer="yes")

        assert case.is_finished
        assert case.sent == ["withdrawal_confirmed"]
        assert "record_withdrawal" not in case.operations.names

    def test_asked_twice_at_once_is_confirmed_once(self, walk):
        case = walk(WITHDRAWAL).start("begin")
        case.deliver("withdrawal_requested").deliver("withdrawal_requested")
        assert case.steps == ["task_check", "task_confirm", "task_confirm"]


class TestThrowInsideAnInterruptedSubProcess:
    def test_carries_out_nothing_after_the_throw(self, walk):
        """S6: the library still runs the automatic steps behind the throw."""
        case = walk(THROWN_INSIDE).start("begin").complete("task")

        assert case.operations.names == ["clean_up"]
        assert case.ended == ["e_stopped"]
        assert case.is_finished


class TestReport:
    def test_is_sent_until_it_is_acknowledged_while_its_timers_run(self, walk):
        case = walk(REPORT).start("begin")
        assert case.timers == ["report@due", "report@due-1", "report@overdue"]
        case.deliver("rejected").fire("report@due-1").complete("task_repair")
        case.deliver("rejected").complete("task_repair").fire("report@due").fire("report@overdue")
        assert case.messages == ["acknowledged", "rejected"]

        case.deliver("acknowledged")

        assert case.is_finished
        assert case.operations.names == [
            "send",
            "remind",
            "send",
            "send",
            "remind",
            "supervise",
            "receipt",
        ]


class TestDecided:
    def test_replies_and_corrects_side_by_side(self, walk):
        case = walk(DECIDED, answers={"prepare": {"correctors": ["x", "y"], "sanctions": ["s"]}})
        case.start("begin", finding="correct")
        assert case.steps == [
            "task_draft",
            "task_effects",
            "task_lift:s",
            "task_record:x",
            "task_record:y",
        ]

        case.complete("task_draft").complete("task_check", check="return")
        case.fire("lift@50%", item="s").complete("task_record", item="y").complete("task_effects")
        case.fire("reply@due-2").complete("task_draft").complete("task_check", check="agree")
        assert case.steps == ["task_lift:s", "task_record:x"]
        assert case.messages == []
        case.complete("task_lift").complete("task_record")

        assert case.is_finished
        assert case.ended[-1] == "e_corrected"

    def test_has_nothing_to_correct(self, walk):
        case = walk(DECIDED, answers={"prepare": {"correctors": [], "sanctions": []}})
        case.start("begin", finding="revoke")
        assert case.steps == ["task_draft", "task_effects"]

        case.complete("task_effects").complete("task_draft").complete("task_check")

        assert case.is_finished

    def test_goes_on_correcting_after_a_withdrawal(self, walk):
        answers = {
            "prepare": {"correctors": ["x"], "sanctions": []},
            "record_withdrawal": {"withdrawn": True},
        }
        case = walk(DECIDED, answers=answers).start("begin", finding="correct")
        case.deliver("withdrawal_requested").complete("task_confirm")
        assert case.steps == ["task_effects", "task_record:x"]

        case.complete("task_record").complete("task_effects")

        assert case.is_finished
        assert case.ended[-1] == "e_withdrawn"

    def test_upholds(self, walk):
        case = walk(DECIDED).start("begin", finding="uphold")
        assert case.steps == ["task_draft"]

        case.complete("task_draft").complete("task_check", check="agree")

        assert case.ended[-1] == "e_upheld"
        assert case.operations.names == ["remove_mark", "number", "close"]


class TestStart:
    @pytest.mark.parametrize(
        "event", ["portal", "window", "hotline", "pushed", "transferred", "reopened"]
    )
    def test_begins_at_the_chosen_event_alone(self, walk, event):
        case = walk(STARTS).start(event)
        assert case.steps == ["task"]
        assert case.passed == [event, "any"]
        assert case.messages == []

        case.complete("task")

        assert case.is_finished


class TestTerminateEnd:
    def test_ends_its_own_scope_only(self, walk):
        bundle = draw(
            process(
                "main",
                start("begin"),
                sub(
                    "inner",
                    start("i_b"),
                    both("split"),
                    user("a"),
                    call("b", "other"),
                    end("stop", terminate=True),
                    end("i_e"),
                    path("i_b", "split", "a", "stop"),
                    path("split", "b", "i_e"),
                ),
                user("after"),
                end("done"),
                path("begin", "inner", "after", "done"),
            ),
            process("other", start("o_b"), user("c"), end("o_e"), path("o_b", "c", "o_e")),
        )
        case = walk(bundle).start("begin")
        assert case.steps == ["a", "c"]

        case.complete("a")

        assert case.steps == ["after"]
        case.complete("after")
        assert case.is_finished
