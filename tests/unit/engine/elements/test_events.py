"""Signals, errors, escalations and links: who catches what, and what happens to the thrower."""

from __future__ import annotations

import pytest

from tests.unit.engine.drawing import (
    attached,
    both,
    call,
    catches,
    draw,
    end,
    ends,
    error,
    escalation,
    flow,
    handler,
    link,
    message,
    on,
    path,
    process,
    repeated,
    service,
    signal,
    start,
    sub,
    throw,
    throws,
    timer,
    times,
    user,
    xor,
)
from workflows.engine.values import RaisedError


def inner(*parts: str, event: str, interrupting: bool = True) -> tuple[str, ...]:
    """Draw a sub-process of these parts with an event attached that leads to ``caught``."""
    return (
        start("b"),
        sub("inner", *parts),
        attached("catcher", "inner", event, interrupting=interrupting),
        service("caught"),
        end("e_caught"),
        end("e"),
        path("b", "inner", "e"),
        path("catcher", "caught", "e_caught"),
    )


class TestSignal:
    """10.5 and 13.5: a signal reaches everything that waits for it."""

    SIGNALS = draw(
        process(
            "main",
            start("b"),
            both("split"),
            catches("one", signal("go")),
            catches("two", signal("go")),
            user("task"),
            attached("three", "task", signal("go"), interrupting=False),
            service("heard"),
            end("e_heard"),
            end("e"),
            path("b", "split", "one", "e"),
            path("split", "two", "e"),
            path("split", "task", "e"),
            path("three", "heard", "e_heard"),
        )
    )

    def test_reaches_all_receivers(self, walk):
        case = walk(self.SIGNALS).start("b")
        assert case.signals == ["go", "go", "go"]

        case.signal("go").signal("go")

        assert case.steps == ["task"]
        assert case.signals == ["go"]
        assert case.operations.names == ["heard", "heard"]
        case.complete("task")
        assert case.is_finished

    def test_that_nobody_waits_for_changes_nothing(self, walk):
        case = walk(self.SIGNALS).start("b")
        before = case.now.state

        assert case.signal("other").now.state == before

    def test_is_thrown_by_an_end_event(self, walk):
        """S2: the library never throws it."""
        bundle = draw(
            process(
                "main",
                start("b"),
                both("split"),
                catches("heard", signal("over")),
                service("after"),
                end("e"),
                user("task"),
                ends("threw", signal("over")),
                path("b", "split", "heard", "after", "e"),
                path("split", "task", "threw"),
            )
        )
        case = walk(bundle).start("b").complete("task")

        assert case.operations.names == ["after"]
        assert case.now.signalled == ("over",)
        assert case.is_finished

    def test_thrown_inside_stops_what_it_interrupts(self, walk):
        """S6: the library still runs the steps behind the throw."""
        parts = (
            start("i_b"),
            user("task"),
            throws("shout", signal("stop")),
            service("never"),
            end("i_e"),
            path("i_b", "task", "shout", "never", "i_e"),
        )
        case = walk(draw(process("main", *inner(*parts, event=signal("stop"))))).start("b")

        case.complete("task")

        assert case.operations.names == ["caught"]
        assert case.is_finished


class TestError:
    """10.5.6 and 13.5.3: the innermost scope that catches the code is interrupted."""

    def parts(self, code: str) -> tuple[str, ...]:
        return (
            start("i_b"),
            both("split"),
            user("task"),
            ends("i_error", error(code)),
            user("other"),
            end("i_e"),
            path("i_b", "split", "task", "i_error"),
            path("split", "other", "i_e"),
        )

    @pytest.mark.parametrize("caught", ["lost", ""])
    def test_interrupts_the_sub_process(self, walk, caught):
        case = walk(draw(process("main", *inner(*self.parts("lost"), event=error(caught)))))

        case.start("b").complete("task")

        assert case.steps == []
        assert case.operations.names == ["caught"]
        assert case.ended == ["i_error", "e_caught"]
        assert case.is_finished

    def test_that_nobody_catches_waits_as_an_incident(self, walk):
        case = walk(draw(process("main", *inner(*self.parts("lost"), event=error("other")))))

        case.start("b").complete("task")

        assert case.now.failed[0].element == "i_error"
        assert "error_uncaught" in str(case.now.failed[0].cause)
        assert case.steps == ["other"]
        case.retry("i_error")
        assert case.now.failed[0].element == "i_error"

    def test_goes_to_the_catcher_that_names_it(self, walk):
        parts = (
            *inner(*self.parts("lost"), event=error()),
            attached("exact", "inner", error("lost")),
            service("exactly"),
            end("e_exact"),
            path("exact", "exactly", "e_exact"),
        )
        case = walk(draw(process("main", *parts))).start("b").complete("task")

        assert case.operations.names == ["exactly"]

    def test_of_a_called_process_is_caught_at_the_call(self, walk):
        bundle = draw(
            process(
                "main",
                start("b"),
                repeated(call("each", "other"), times(per="items")),
                attached("catcher", "each", error("lost")),
                service("caught"),
                end("e_caught"),
                end("e"),
                path("b", "each", "e"),
                path("catcher", "caught", "e_caught"),
            ),
            process("other", *self.parts("lost")),
        )
        case = walk(bundle).start("b", items=["x", "y"])
        assert len(case.steps) == 4

        case.complete("task", item="y")

        assert case.steps == []
        assert case.operations.calls == [("caught", None)]
        assert case.is_finished

    def test_that_an_operation_raises_is_caught_at_its_task(self, walk):
        bundle = draw(
            process(
                "main",
                start("b"),
                service("send"),
                attached("catcher", "send", error("refused")),
                user("repair"),
                end("e"),
                path("b", "send", "e"),
                path("catcher", "repair", "e"),
            )
        )
        case = walk(bundle, answers={"send": RaisedError("refused")}).start("b")
        assert case.steps == ["repair"]
        assert case.now.failed == ()

        other = walk(bundle, answers={"send": RaisedError("elsewhere")}).start("b")

        assert other.now.failed[0].cause.code == "elsewhere"


class TestEscalation:
    """10.5.5 and 13.5.3: an escalation leaves the thrower running unless it is interrupted."""

    PARTS = (
        start("i_b"),
        throws("shout", escalation("late")),
        user("task"),
        end("i_e"),
        path("i_b", "shout", "task", "i_e"),
    )

    def test_goes_on_beside_the_thrower(self, walk):
        parts = inner(*self.PARTS, event=escalation("late"), interrupting=False)
        case = walk(draw(process("main", *parts))).start("b")

        assert case.operations.names == ["caught"]
        assert case.steps == ["task"]
        case.complete("task")
        assert case.is_finished

    def test_interrupts_where_it_is_drawn_to(self, walk):
        case = walk(draw(process("main", *inner(*self.PARTS, event=escalation())))).start("b")

        assert case.operations.names == ["caught"]
        assert case.is_finished

    def test_that_nobody_catches_is_passed_over(self, walk):
        case = walk(draw(process("main", *inner(*self.PARTS, event=escalation("other")))))

        assert case.start("b").steps == ["task"]

    def test_of_an_end_event_is_caught(self, walk):
        parts = (
            start("i_b"),
            user("task"),
            ends("i_e", escalation("late")),
            path("i_b", "task", "i_e"),
        )
        case = walk(draw(process("main", *inner(*parts, event=escalation("late")))))

        case.start("b").complete("task")

        assert case.operations.names == ["caught"]
        assert case.is_finished


class TestLink:
    def test_leads_to_the_link_of_its_name(self, walk):
        """S8: the library is stuck for ever. 10.5.5."""
        bundle = draw(
            process(
                "main",
                start("b"),
                xor("which", default="to_a"),
                throws("to_a", link("A")),
                throws("to_a_too", link("A")),
                throws("to_b", link("B")),
                catches("from_a", link("A")),
                catches("from_b", link("B")),
                user("a"),
                user("b_task"),
                end("e"),
                path("b", "which", "to_a"),
                flow("which", "to_b", "way == 'b'"),
                flow("which", "to_a_too", "way == 'too'"),
                path("from_a", "a", "e"),
                path("from_b", "b_task", "e"),
            )
        )

        assert walk(bundle).start("b").steps == ["a"]
        assert walk(bundle).start("b", way="too").steps == ["a"]
        case = walk(bundle).start("b", way="b")
        assert case.steps == ["b_task"]
        assert case.complete("b_task").is_finished


START_EVENTS = {
    "message": (message("come"), lambda case: case.deliver("come")),
    "timer": (timer("reply@due"), lambda case: case.fire("reply@due")),
    "signal": (signal("come"), lambda case: case.signal("come")),
    "error": (error("lost"), lambda case: case.complete("breaks")),
    "escalation": (escalation("late"), lambda case: case.complete("shouts")),
}


def with_handler(event: str, *, interrupting: bool, nested: bool) -> tuple[str, ...]:
    """Draw a process, or a sub-process in it, with an event sub-process."""
    parts = (
        start("b"),
        both("split"),
        user("task"),
        user("breaks"),
        ends("error", error("lost")),
        user("shouts"),
        throw("shout_m", "unheard"),
        throws("shout", escalation("late")),
        end("e"),
        path("b", "split", "task", "e"),
        path("split", "breaks", "error"),
        path("split", "shouts", "shout_m", "shout", "e"),
        handler(
            "handler",
            on("h_b", event, interrupting=interrupting),
            user("handle"),
            end("h_e"),
            path("h_b", "handle", "h_e"),
        ),
    )
    if not nested:
        return parts
    return (
        start("m_b"),
        sub("inner", *parts),
        user("after"),
        end("m_e"),
        path("m_b", "inner", "after", "m_e"),
    )


@pytest.mark.parametrize("nested", [False, True], ids=["process", "sub_process"])
@pytest.mark.parametrize("kind", START_EVENTS)
class TestInterruptingEventSubProcess:
    """13.5.4; S3, S4, S5: the library does not interrupt, runs at once, or never fires."""

    def begin(self, walk, kind, nested, *, interrupting):
        event, happen = START_EVENTS[kind]
        bundle = draw(
            process("main", *with_handler(event, interrupting=interrupting, nested=nested))
        )
        case = walk(bundle).start("m_b" if nested else "b")
        assert case.steps == ["breaks", "shouts", "task"]
        happen(case)
        return case

    def test_takes_over_when_it_interrupts(self, walk, kind, nested):
        case = self.begin(walk, kind, nested, interrupting=True)

        assert case.steps == ["handle"]
        assert case.timers == case.messages == case.signals == []
        case.complete("handle")
        assert case.steps == (["after"] if nested else [])
        assert case.is_finished is not nested


@pytest.mark.parametrize("nested", [False, True], ids=["process", "sub_process"])
@pytest.mark.parametrize("kind", ["message", "timer", "signal", "escalation"])
class TestEventSubProcessBeside:
    """Not interrupting; an error always interrupts (10.5.2)."""

    def test_goes_on_beside_its_scope(self, walk, kind, nested):
        event, happen = START_EVENTS[kind]
        parts = with_handler(event, interrupting=False, nested=nested)
        case = walk(draw(process("main", *parts))).start("m_b" if nested else "b")

        happen(case)

        assert "handle" in case.steps and "task" in case.steps
        case.complete("handle").complete("task")
        assert not case.is_finished

    def test_may_happen_again_unless_it_is_a_timer(self, walk, kind, nested):
        event, happen = START_EVENTS[kind]
        parts = with_handler(event, interrupting=False, nested=nested)
        case = walk(draw(process("main", *parts))).start("m_b" if nested else "b")

        happen(case)

        waits = [*case.timers, *case.messages, *case.signals]
        assert waits == {"message": ["come"], "signal": ["come"]}.get(kind, [])


class TestTimerEventSubProcess:
    def test_does_not_keep_a_finished_case_open(self, walk):
        """S3: the library leaves the case open and fires later."""
        bundle = draw(
            process(
                "main",
                start("b"),
                user("task"),
                end("e"),
                path("b", "task", "e"),
                handler(
                    "h",
                    on("h_b", timer("reply@due"), interrupting=False),
                    service("late"),
                    end("h_e"),
                    path("h_b", "late", "h_e"),
                ),
            )
        )
        case = walk(bundle).start("b")
        assert case.timers == ["reply@due"]

        case.fire("reply@due")
        assert case.timers == []
        case.complete("task")

        assert case.is_finished
        assert case.operations.names == ["late"]
