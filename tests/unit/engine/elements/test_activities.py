"""Repetitions, loops, compensation and transactions."""

from __future__ import annotations

import pytest

from tests.unit.engine.drawing import (
    CANCEL,
    again,
    attached,
    both,
    call,
    draw,
    end,
    ends,
    error,
    handler,
    message,
    node,
    on,
    path,
    process,
    repeated,
    service,
    start,
    sub,
    throws,
    timer,
    times,
    transaction,
    undo,
    undone_by,
    user,
)


def one_activity(activity: str, *more: str) -> str:
    return process(
        "main", start("b"), activity, user("after"), end("e"), path("b", "a", "after", "e"), *more
    )


def body() -> tuple[str, ...]:
    return (
        start("i_b"),
        user("task"),
        service("work"),
        end("i_e"),
        path("i_b", "task", "work", "i_e"),
    )


KINDS = {
    "user": ("a", lambda how: one_activity(repeated(user("a"), how))),
    "sub": ("task", lambda how: one_activity(repeated(sub("a", *body()), how))),
    "call": (
        "task",
        lambda how: one_activity(repeated(call("a", "other"), how)) + process("other", *body()),
    ),
}


@pytest.mark.parametrize("kind", KINDS)
class TestMultiInstance:
    """13.3.7."""

    def begin(self, walk, kind, how, **variables):
        step, drawn = KINDS[kind]
        return walk(draw(drawn(how))).start("b", **variables), step

    def test_runs_one_after_the_other(self, walk, kind):
        how = times(sequential=True, per="items")
        case, step = self.begin(walk, kind, how, items=["x", "y", "z"])

        for item in ("x", "y", "z"):
            assert case.steps == [f"{step}:{item}"]
            case.complete(step, item=item)

        assert case.steps == ["after"]

    def test_runs_side_by_side_in_any_order(self, walk, kind):
        case, step = self.begin(walk, kind, times(per="items"), items=["x", "y", "z"])
        assert len(case.steps) == 3

        for item in ("z", "x", "y"):
            case.complete(step, item=item)

        assert case.steps == ["after"]

    @pytest.mark.parametrize("sequential", [False, True])
    def test_runs_so_many_times(self, walk, kind, sequential):
        case, step = self.begin(walk, kind, times(sequential=sequential, count="n"), n=3)

        for number in ("1", "2", "3"):
            case.complete(step, item=number)

        assert case.steps == ["after"]

    @pytest.mark.parametrize("sequential", [False, True])
    def test_stops_when_its_condition_holds(self, walk, kind, sequential):
        how = times(
            sequential=sequential, per="items", until="enough or nrOfCompletedInstances == 2"
        )
        case, step = self.begin(walk, kind, how, items=["w", "x", "y", "z"])

        case.complete(step, item="w")
        assert case.steps != ["after"]
        case.complete(step, item="x")
        assert case.steps == ["after"]

        other, step = self.begin(walk, kind, how, items=["w", "x", "y", "z"])
        assert other.complete(step, item="w", enough=True).steps == ["after"]

    @pytest.mark.parametrize("how", [times(per="items"), times(count="n")])
    def test_of_nothing_is_passed_over(self, walk, kind, how):
        case, _ = self.begin(walk, kind, how, items=[], n=0)

        assert case.steps == ["after"]

    def test_waits_when_the_number_is_none(self, walk, kind):
        case, _ = self.begin(walk, kind, times(count="n"), n="many")

        assert "not_a_count" in str(case.now.failed[0].cause)

    def test_is_interrupted_as_a_whole(self, walk, kind):
        """S12: the library can crash on this."""
        step, drawn = KINDS[kind]
        more = (attached("late", "a", timer("reply@due")), end("e_late"), path("late", "e_late"))
        xml = drawn(times(per="items")).replace(
            "</bpmn:process>", "".join(more) + "</bpmn:process>", 1
        )
        case = walk(draw(xml)).start("b", items=["x", "y"])
        assert case.timers == ["reply@due"]

        case.complete(step, item="x").fire("reply@due")

        assert case.steps == []
        assert case.is_finished


class TestMultiInstanceCondition:
    def test_that_cannot_be_read_waits_for_a_retry(self, walk):
        how = times(per="items", until="limit > nrOfActiveInstances")
        case = walk(draw(one_activity(repeated(user("a"), how)))).start("b", items=["x", "y"])
        case.complete("a", item="x")
        assert "expression_failed" in str(case.now.failed[0].cause)

        case.complete("a", item="y", limit=5)

        assert case.steps == ["after"]
        assert case.now.failed == ()


@pytest.mark.parametrize("kind", KINDS)
class TestLoop:
    """13.3.6."""

    def begin(self, walk, kind, how, **variables):
        step, drawn = KINDS[kind]
        return walk(draw(drawn(how))).start("b", **variables), step

    def test_goes_round_while_the_condition_holds(self, walk, kind):
        case, step = self.begin(walk, kind, again("more"))

        for _ in range(4):
            assert case.steps == [step]
            case.complete(step, more=True)
        case.complete(step, more=False)

        assert case.steps == ["after"]

    def test_asks_before_the_first_round_where_drawn_so(self, walk, kind):
        case, _ = self.begin(walk, kind, again("more", first=True))

        assert case.steps == ["after"]

    def test_stops_at_its_maximum(self, walk, kind):
        case, step = self.begin(walk, kind, again("more", most=2), more=True)

        case.complete(step).complete(step)

        assert case.steps == ["after"]


TRAVEL = (
    service("book_train"),
    undone_by("book_train", "cancel_train"),
    service("book_room"),
    undone_by("book_room", "cancel_room"),
)


class TestCompensation:
    """13.5.5; S9: the library does nothing."""

    def test_undoes_the_last_thing_first(self, walk):
        bundle = draw(
            process(
                "main",
                start("b"),
                *TRAVEL,
                user("task"),
                throws("back", undo()),
                service("after"),
                end("e"),
                path("b", "book_train", "book_room", "task", "back", "after", "e"),
            )
        )
        case = walk(bundle).start("b").complete("task")

        assert case.operations.names[2:] == ["cancel_room", "cancel_train", "after"]
        assert case.is_finished

    def test_undoes_one_activity_where_it_is_named(self, walk):
        bundle = draw(
            process(
                "main",
                start("b"),
                *TRAVEL,
                throws("back", undo("book_train")),
                ends("e", undo()),
                path("b", "book_train", "book_room", "back", "e"),
            )
        )

        assert walk(bundle).start("b").operations.names[2:] == ["cancel_train", "cancel_room"]

    def test_leaves_alone_what_was_not_done(self, walk):
        bundle = draw(
            process(
                "main",
                start("b"),
                *TRAVEL,
                throws("back", undo()),
                end("e"),
                path("b", "book_train", "back", "e"),
                path("book_room", "e"),
            )
        )

        assert walk(bundle).start("b").operations.names == ["book_train", "cancel_train"]

    def test_reaches_into_what_a_finished_sub_process_did_for_each_item(self, walk):
        inner = (start("i_b"), *TRAVEL, end("i_e"), path("i_b", "book_train", "book_room", "i_e"))
        bundle = draw(
            process(
                "main",
                start("b"),
                repeated(sub("trips", *inner), times(per="items", sequential=True)),
                user("task"),
                ends("e", undo()),
                path("b", "trips", "task", "e"),
            )
        )
        case = walk(bundle).start("b", items=["x", "y"]).complete("task")

        assert case.operations.calls[4:] == [
            ("cancel_room", "y"),
            ("cancel_train", "y"),
            ("cancel_room", "x"),
            ("cancel_train", "x"),
        ]
        assert case.is_finished

    def test_of_a_sub_process_that_has_its_own_leaves_the_inside_alone(self, walk):
        inner = (start("i_b"), *TRAVEL, end("i_e"), path("i_b", "book_train", "book_room", "i_e"))
        bundle = draw(
            process(
                "main",
                start("b"),
                sub("trip", *inner),
                undone_by("trip", "cancel_trip"),
                ends("e", undo()),
                path("b", "trip", "e"),
            )
        )

        assert walk(bundle).start("b").operations.names[2:] == ["cancel_trip"]

    def test_runs_in_several_branches_at_once(self, walk):
        inner = (
            start("i_b"),
            *TRAVEL,
            throws("back", undo()),
            end("i_e"),
            path("i_b", "book_train", "book_room", "back", "i_e"),
        )
        bundle = draw(
            process(
                "main",
                start("b"),
                repeated(sub("trips", *inner), times(per="items")),
                end("e"),
                path("b", "trips", "e"),
            )
        )
        case = walk(bundle).start("b", items=["x", "y", "z"])

        assert sorted(case.operations.calls[6:]) == [
            (name, item) for name in ("cancel_room", "cancel_train") for item in ("x", "y", "z")
        ]
        assert case.is_finished

    def test_in_an_event_sub_process_undoes_what_was_done_around_it(self, walk):
        inside = (on("h_b", message("stop")), throws("back", undo()), path("h_b", "back"))
        bundle = draw(
            process(
                "main",
                start("b"),
                *TRAVEL,
                user("task"),
                path("b", "book_train", "book_room", "task"),
                handler("h", *inside),
            )
        )
        case = walk(bundle).start("b").deliver("stop")

        assert case.operations.names[2:] == ["cancel_room", "cancel_train"]
        assert case.is_finished

    def test_undoes_a_send_task(self, walk):
        telling = node("sendTask", "tell", messageRef="m_told")
        bundle = draw(
            process(
                "main",
                start("b"),
                telling,
                undone_by("tell", "take_back"),
                ends("e", undo()),
                path("b", "tell", "e"),
            )
        )

        assert walk(bundle).start("b").operations.names == ["take_back"]

    def test_waits_for_a_handler_that_fails(self, walk):
        bundle = draw(
            process(
                "main",
                start("b"),
                *TRAVEL,
                ends("e", undo()),
                path("b", "book_train", "book_room", "e"),
            )
        )
        case = walk(bundle, answers={"cancel_room": ConnectionError()}).start("b")
        assert [one.element for one in case.now.failed] == ["cancel_room"]

        case.operations.answers.clear()
        case.retry("cancel_room")

        assert case.operations.names[-1] == "cancel_train"
        assert case.is_finished


class TestTransaction:
    """13.3.4: a cancel end undoes what was done and leaves by the cancel event."""

    BUNDLE = draw(
        process(
            "main",
            start("b"),
            transaction(
                "deal",
                start("i_b"),
                *TRAVEL,
                both("split"),
                user("agree"),
                end("i_e"),
                user("refuse"),
                ends("i_cancel", CANCEL),
                path("i_b", "book_train", "book_room", "split", "agree", "i_e"),
                path("split", "refuse", "i_cancel"),
            ),
            attached("cancelled", "deal", CANCEL),
            attached("broken", "deal", error()),
            user("tell"),
            end("e_cancelled"),
            end("e_broken"),
            end("e"),
            path("b", "deal", "e"),
            path("cancelled", "tell", "e_cancelled"),
            path("broken", "e_broken"),
        )
    )

    def test_is_undone_when_cancelled(self, walk):
        case = walk(self.BUNDLE).start("b").complete("refuse")

        assert case.operations.names[2:] == ["cancel_room", "cancel_train"]
        assert case.steps == ["tell"]
        assert case.complete("tell").ended == ["i_cancel", "e_cancelled"]

    def test_goes_on_when_it_succeeds(self, walk):
        case = walk(self.BUNDLE).start("b").complete("agree")
        assert not case.is_finished

        case.cancel("refuse")

        assert case.ended == ["i_e", "e"]
        assert case.operations.names == ["book_train", "book_room"]
