"""What the library gets wrong without a word, and must be right here (traps S1 to S18)."""

from __future__ import annotations

import json
import threading

import pytest

from tests.unit.engine.drawing import (
    both,
    boundary,
    call,
    catch,
    draw,
    either,
    end,
    flow,
    node,
    path,
    process,
    service,
    start,
    sub,
    throw,
    user,
    xor,
)
from tests.unit.engine.walk import Walker
from workflows.engine.bundle import Bundle
from workflows.errors import Conflict, DiagramError, NotFound

LOOP = draw(
    process(
        "main",
        start("begin"),
        xor("again"),
        user("task"),
        service("count"),
        xor("enough", default="again"),
        end("done"),
        path("begin", "again", "task", "count", "enough", "again"),
        flow("enough", "done", "enough"),
    )
)


def repeated(kind: str, *, interrupting: bool) -> Bundle:
    """Draw a repeated activity of this kind with a timer of its own."""
    activity = {
        "user": user("each", per="items"),
        "call": call("each", "one", per="items"),
        "sub": sub("each", start("s_b"), user("task_s"), end("s_e"), path("s_b", "task_s", "s_e")),
    }[kind]
    if kind == "sub":
        loop = '<bpmn:multiInstanceLoopCharacteristics jiannuo:collection="items"/>'
        activity = activity.replace('name="each">', f'name="each">{loop}', 1)
    return draw(
        process(
            "main",
            start("begin"),
            activity,
            boundary("due", "each", timer="reply@due", interrupting=interrupting),
            service("remind"),
            end("reminded"),
            end("done"),
            path("begin", "each", "done"),
            path("due", "remind", "reminded"),
        ),
        process("one", start("o_b"), user("task_o"), end("o_e"), path("o_b", "task_o", "o_e")),
    )


@pytest.mark.parametrize("reload", [False, True])
@pytest.mark.parametrize("kind, step", [("user", "each"), ("call", "task_o"), ("sub", "task_s")])
class TestTimerOnARepeatedActivity:
    """S12: the library can crash on this."""

    def test_goes_on_beside_it(self, engine, reload, kind, step):
        case = Walker(repeated(kind, interrupting=False), reload=reload, engine=engine)
        case.start("begin", items=["a", "b"]).fire("reply@due").complete(step, item="b")
        assert case.steps == [f"{step}:a"]

        case.complete(step)

        assert case.is_finished
        assert case.ended[-1] == "done"
        assert case.operations.calls == [("remind", None)]

    def test_interrupts_it(self, engine, reload, kind, step):
        case = Walker(repeated(kind, interrupting=True), reload=reload, engine=engine)
        case.start("begin", items=["a", "b"]).complete(step, item="b").fire("reply@due")

        assert case.steps == []
        assert case.is_finished
        assert case.ended[-1] == "reminded"


@pytest.mark.thorough
class TestLongLoop:
    def test_neither_ends_early_nor_overflows(self, engine):
        """S16: beyond a thousand levels the library calls a waiting case completed."""
        case = Walker(LOOP, engine=engine).start("begin")

        for _ in range(260):
            case.complete("task", enough=False)
        case.engine.look(bundle=LOOP, state=case.now.state)

        assert case.steps == ["task"]
        assert not case.is_finished
        case.complete("task", enough=True)
        assert case.is_finished
        assert len(case.operations.calls) == 261


TWO_RECEIVERS = draw(
    process(
        "main",
        start("begin"),
        both("split"),
        catch("first", message="news"),
        catch("second", message="news"),
        both("join"),
        end("done"),
        path("begin", "split", "first", "join", "done"),
        path("split", "second", "join"),
    )
)


class TestMessage:
    def test_goes_to_one_receiver_or_none(self, engine):
        """S13: the library completes every receiver of that name."""
        case = Walker(TWO_RECEIVERS, engine=engine).start("begin")

        with pytest.raises(Conflict, match="several_wait"):
            case.deliver("news")

    def test_that_nobody_waits_for_is_a_conflict(self, engine):
        case = Walker(TWO_RECEIVERS, engine=engine).start("begin")

        with pytest.raises(Conflict, match="nobody_waits"):
            case.deliver("olds")

    def test_thrown_in_one_branch_stays_in_that_branch(self, engine):
        bundle = draw(
            process(
                "main",
                start("b"),
                call("each", "one", per="items"),
                end("e"),
                path("b", "each", "e"),
            ),
            process(
                "one",
                start("o_b"),
                both("split"),
                catch("heard", message="go"),
                user("task"),
                throw("shout", "go"),
                both("join"),
                service("after"),
                end("o_e"),
                path("o_b", "split", "heard", "join", "after", "o_e"),
                path("split", "task", "shout", "join"),
            ),
        )
        case = Walker(bundle, reload=True, engine=engine).start("b", items=["a", "b"])

        case.complete("task", item="b")

        assert case.operations.calls == [("after", "b")]
        assert case.steps == ["task:a"]


class TestEventGateway:
    def test_lists_its_timers_and_messages(self, engine):
        """S11: the library hides the timers of an event gateway."""
        bundle = draw(
            process(
                "main",
                start("begin"),
                either("wait"),
                catch("came", message="came"),
                catch("due", timer="reply@due"),
                catch("over", timer="reply@overdue"),
                end("e1"),
                end("e2"),
                path("begin", "wait", "came", "e1"),
                path("wait", "due", "e2"),
                path("wait", "over", "e2"),
            )
        )
        case = Walker(bundle, reload=True, engine=engine).start("begin")
        assert case.timers == ["reply@due", "reply@overdue"]
        assert case.messages == ["came"]

        case.fire("reply@overdue")

        assert case.passed == ["begin", "wait", "over", "e2"]
        assert case.is_finished


class TestState:
    def test_carries_no_definition(self, engine):
        case = Walker(LOOP, engine=engine).start("begin")

        assert "conditionExpression" not in case.now.state
        assert len(case.now.state) < 1200

    def test_is_refused_with_another_definition(self, engine):
        case = Walker(LOOP, engine=engine).start("begin")

        with pytest.raises(DiagramError, match="other_definition"):
            engine.look(bundle=TWO_RECEIVERS, state=case.now.state)

    @pytest.mark.parametrize("state", ["", "{}", "[]", '{"format": "jiannuo-case-0"}'])
    def test_is_refused_when_it_is_none_of_ours(self, engine, state):
        with pytest.raises(DiagramError, match="state_unreadable"):
            engine.look(bundle=LOOP, state=state)

    def test_keeps_ids_of_what_waits(self, engine):
        case = Walker(STATIC, reload=True, engine=engine).start("begin")
        before = (case.step("task").id, case.timer("reply@due").id)

        case.complete("other")

        assert (case.step("task").id, case.timer("reply@due").id) == before


STATIC = draw(
    process(
        "main",
        start("begin"),
        both("split"),
        user("task"),
        boundary("due", "task", timer="reply@due"),
        end("e_due"),
        user("other"),
        end("done"),
        path("begin", "split", "task", "done"),
        path("split", "other", "done"),
        path("due", "e_due"),
    )
)


class TestStaleMoves:
    def test_conflict_when_the_step_is_done(self, engine):
        case = Walker(STATIC, engine=engine).start("begin")
        step = case.step("other").id
        case.complete("other")

        with pytest.raises(Conflict, match="step_gone"):
            engine.complete(
                bundle=STATIC,
                state=case.now.state,
                step_id=step,
                variables={},
                operations=case.operations,
            )

    def test_conflict_when_the_timer_is_gone(self, engine):
        case = Walker(STATIC, engine=engine).start("begin")
        timer = case.timer("reply@due").id
        case.complete("task")

        with pytest.raises(Conflict, match="timer_gone"):
            engine.fire_timer(
                bundle=STATIC, state=case.now.state, timer_id=timer, operations=case.operations
            )

    def test_conflict_when_nothing_failed(self, engine):
        case = Walker(STATIC, engine=engine).start("begin")

        with pytest.raises(Conflict, match="failed_gone"):
            engine.retry(
                bundle=STATIC,
                state=case.now.state,
                failed_id=case.step("task").id,
                operations=case.operations,
            )

    def test_unknown_start_is_not_found(self, engine):
        with pytest.raises(NotFound, match="no_such_start"):
            Walker(STATIC, engine=engine).start("elsewhere")


class TestDefinition:
    def test_refuses_what_is_not_on_the_list_even_unchecked(self, engine):
        bundle = draw(
            process("main", start("b"), node("scriptTask", "m"), end("e"), path("b", "m", "e"))
        )

        with pytest.raises(DiagramError, match="unreadable") as refused:
            Walker(bundle, engine=engine).start("b")

        assert refused.value.facts["file"] == "main.bpmn"


class TestSharedDefinition:
    def test_serves_threads_side_by_side(self, engine):
        finished = []

        def run() -> None:
            for _ in range(10):
                case = Walker(LOOP, engine=engine).start("begin")
                case.complete("task", enough=False).complete("task", enough=True)
                finished.append(case.is_finished and len(case.operations.calls) == 2)

        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert finished == [True] * 40


class TestVariables:
    def test_are_one_set_for_called_processes_too(self, engine):
        bundle = draw(
            process(
                "main",
                start("b"),
                call("c", "other", jiannuo__letter="reply"),
                user("t"),
                end("e"),
                path("b", "c", "t", "e"),
            ),
            process("other", start("o_b"), service("work"), end("o_e"), path("o_b", "work", "o_e")),
        )
        case = Walker(bundle, answers={"work": {"结论": "有误"}}, engine=engine).start(
            "b", 来源="本级"
        )

        assert case.variables == {"来源": "本级", "letter_kind": "reply", "结论": "有误"}
        assert json.loads(case.now.state)["variables"]["结论"] == "有误"

    @pytest.mark.parametrize("thing", [2**70, "\ud800", float("nan")])
    def test_that_no_saved_state_could_hold_are_refused(self, engine, thing):
        with pytest.raises(DiagramError, match="not_plain"):
            Walker(LOOP, engine=engine).start("begin", thing=thing)

    def test_that_cannot_be_saved_are_refused(self, engine):
        with pytest.raises(DiagramError, match="not_plain"):
            Walker(LOOP, engine=engine).start("begin", thing=object())
