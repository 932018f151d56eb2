"""Each kind of duty: what breaks it is caught on its shortest path, and the repaired passes."""

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
    repeated,
    service,
    start,
    times,
    user,
    xor,
)
from tests.unit.lint.linting import (
    drawn,
    is_path_of_engine,
    lint,
    names,
    only,
    passed,
    sets,
)
from workflows.lint.declared import ITEMS, declare

CHOICE = {"choice": {"way": ["left", "right"]}}


def detour(*, around: bool) -> tuple[str, ...]:
    """Draw a reply that one answer may go round."""
    target = "merge" if around else "reply"
    return (
        start("b"),
        user("ask", form="choice"),
        xor("x", "reply"),
        user("reply"),
        xor("merge"),
        end("e"),
        path("b", "ask", "x", "reply", "merge", "e"),
        flow("x", target, "way == 'right'") if around else "",
    )


class TestPasses:
    DUTY = {"id": "answered", "kind": "passes", "from": "ask", "one_of": ["reply"]}

    def test_is_broken_by_a_path_around_all_of_them(self):
        broken = drawn(*detour(around=True), forms=CHOICE, duties=[self.DUTY])

        found = only(lint(broken), "duty.passes")

        assert passed(found) == ["b", "ask", "x", "merge", "e"]
        assert found.path[1].given == (("way", "right"),)
        assert (found.rules, found.sentence["en"]) == (("R0",), "A duty.")
        assert is_path_of_engine(broken, found.path)

    def test_is_kept_when_no_path_leads_around(self):
        assert not names(*detour(around=False), forms=CHOICE, duties=[self.DUTY])

    def test_may_ask_only_of_some_ends(self):
        duty = {**self.DUTY, "ends": ["e2"]}
        parts = (end("e2"), flow("x", "e2", "way == 'left'"))

        found = names(*detour(around=True), *parts, forms=CHOICE, duties=[duty])

        assert ("duty.passes", "e2") in found
        assert ("duty.passes", "e") not in found

    def test_is_known_and_accepted_where_the_duty_says_why(self):
        excuse = {"through": ["merge"], "zh": "知道。", "en": "Known.", "rules": []}
        duty = {**self.DUTY, "accepted": [excuse]}

        assert not names(*detour(around=True), forms=CHOICE, duties=[duty])

    def test_no_longer_needs_an_excuse_for_what_does_not_happen(self):
        excuse = {"through": ["merge"], "zh": "知道。", "en": "Known.", "rules": []}
        duty = {**self.DUTY, "accepted": [excuse]}

        found = names(*detour(around=False), forms=CHOICE, duties=[duty])

        assert found == {("duty.needless", "merge")}


class TestAfter:
    DUTY = {"id": "lifted", "kind": "after", "after": "approve", "needs": ["lift", "report"]}

    def parts(self, join):
        return (
            start("b"),
            user("approve"),
            both("split"),
            user("lift"),
            user("report"),
            join,
            end("e", terminate=True),
            path("b", "approve", "split", "lift", "join", "e"),
            path("split", "report", "join"),
        )

    def test_is_broken_when_the_first_branch_ends_the_case(self):
        broken = drawn(*self.parts(xor("join")), duties=[self.DUTY])

        found = only(lint(broken), "duty.after")

        assert passed(found)[-1] == "e"
        assert len({"lift", "report"} & set(passed(found))) == 1
        assert is_path_of_engine(broken, found.path)

    def test_is_kept_when_the_end_waits_for_both(self):
        assert not names(*self.parts(both("join")), duties=[self.DUTY])

    def test_is_owed_by_those_answers_alone_that_it_names(self):
        duty = {
            "id": "answered",
            "kind": "after",
            "after": [{"step": "ask", "when": "way == 'left'"}],
            "needs": ["reply"],
        }

        assert not names(*detour(around=True), forms=CHOICE, duties=[duty])

    def test_is_not_owed_after_what_makes_it_needless(self):
        duty = {"id": "d", "kind": "after", "after": "ask", "needs": ["reply"], "unless": ["merge"]}

        assert not names(*detour(around=True), forms=CHOICE, duties=[duty])


class TestBefore:
    DUTY = {"id": "warned", "kind": "before", "first": ["warn"], "then": ["punish"]}

    def parts(self, *order):
        return (start("b"), user("warn"), user("punish"), end("e"), path("b", *order, "e"))

    def test_is_broken_by_the_other_order(self):
        broken = drawn(*self.parts("punish", "warn"), duties=[self.DUTY])

        found = only(lint(broken), "duty.before")

        assert passed(found) == ["b", "punish"]

    def test_is_kept_by_the_order(self):
        assert not names(*self.parts("warn", "punish"), duties=[self.DUTY])

    def test_is_broken_when_branches_run_side_by_side(self):
        found = names(
            start("b"),
            both("split"),
            user("warn"),
            user("punish"),
            both("join"),
            end("e"),
            path("b", "split", "warn", "join", "e"),
            path("split", "punish", "join"),
            duties=[self.DUTY],
        )

        assert found == {("duty.before", "punish")}

    @pytest.mark.parametrize(
        ("order", "found"),
        [(("warn", "punish"), set()), (("punish", "warn"), {("duty.before", "punish")})],
    )
    def test_is_judged_inside_a_called_process(self, order, found):
        inner = process("inner", *self.parts(*order))
        outer = (start("b0"), call("c", "inner"), end("e0"), path("b0", "c", "e0"))

        assert names(*outer, others=[inner], duties=[self.DUTY]) == found

    def test_looks_across_calls(self):
        first = process("one", start("b1"), user("warn"), end("e1"), path("b1", "warn", "e1"))
        then = process("two", start("b2"), user("punish"), end("e2"), path("b2", "punish", "e2"))
        calls = (start("b"), call("c1", "one"), call("c2", "two"), end("e"))
        duties = [self.DUTY]

        assert not names(*calls, path("b", "c1", "c2", "e"), others=[first, then], duties=duties)
        assert names(*calls, path("b", "c2", "c1", "e"), others=[first, then], duties=duties) == {
            ("duty.before", "punish")
        }


class TestOnce:
    DUTY = {"id": "once", "kind": "once", "step": "notice"}
    PARTS = (
        start("b"),
        xor("merge"),
        user("ask", form="choice"),
        xor("x", "e"),
        service("notice"),
        end("e"),
        path("b", "merge", "ask", "x", "e"),
        path("notice", "merge"),
        flow("x", "notice", "way == 'right'"),
    )

    def test_is_broken_by_a_circle(self):
        broken = drawn(*self.PARTS, forms=CHOICE, duties=[self.DUTY])

        found = only(lint(broken), "duty.once")

        assert passed(found).count("notice") == 2
        assert is_path_of_engine(broken, found.path)

    def test_is_kept_when_the_form_refuses_the_second_time(self):
        refusing = {"choice": declare(refuses=[("way", "right", "noticed")])}
        operations = {"notice": sets(noticed=True)}

        assert not names(
            *self.PARTS, forms=CHOICE, duties=[self.DUTY], answers=refusing, operations=operations
        )


class TestNever:
    DUTY = {"id": "never", "kind": "never", "after": "reply", "then": "merge"}

    def test_is_broken_by_what_may_not_follow(self):
        assert names(*detour(around=True), forms=CHOICE, duties=[self.DUTY]) == {
            ("duty.never", "merge")
        }

    def test_is_kept_in_the_other_order(self):
        duty = {**self.DUTY, "after": "merge", "then": "reply"}

        assert not names(*detour(around=True), forms=CHOICE, duties=[duty])


class TestEach:
    DUTY = {"id": "each", "kind": "each", "list": "sanctions", "step": "confirm"}
    INNER = process("lift", start("b1"), user("confirm"), end("e1"), path("b1", "confirm", "e1"))

    def parts(self, how):
        return {
            "parts": (
                start("b"),
                service("list"),
                repeated(call("c", "lift"), how) if how else call("c", "lift"),
                end("e"),
                path("b", "list", "c", "e"),
            ),
            "others": [self.INNER],
            "operations": {"list": sets(sanctions=ITEMS)},
            "duties": [self.DUTY],
        }

    def drawn(self, how):
        drawing = self.parts(how)
        return drawn(*drawing.pop("parts"), **drawing)

    def test_is_broken_when_the_first_of_two_is_enough(self):
        broken = self.drawn(times(per="sanctions", until="nrOfCompletedInstances >= 1"))

        found = only(lint(broken), "duty.each")

        assert passed(found).count("confirm") == 1
        assert found.path[1].given == (("sanctions", ("1", "2")),)
        assert is_path_of_engine(broken, found.path)

    def test_is_broken_when_it_is_done_once_for_all(self):
        assert "duty.each" in {one.name for one in lint(self.drawn(""))}

    @pytest.mark.parametrize("sequential", [False, True])
    def test_is_kept_when_all_are_gone_through(self, sequential):
        assert not lint(self.drawn(times(per="sanctions", sequential=sequential)))


class TestRemedies:
    def duty(self, letter):
        return {"id": "r", "kind": "remedies", "one_of": [{"letter": letter}], "ends": ["e"]}

    INNER = process(
        "issue",
        start("b1"),
        service("record_service"),
        end("e1"),
        path("b1", "record_service", "e1"),
    )

    def parts(self, letter):
        return (
            start("b"),
            call("c", "issue", jiannuo__letter=letter),
            end("e"),
            path("b", "c", "e"),
        )

    def test_are_named_by_the_letter_that_is_served(self):
        found = names(*self.parts("reply"), others=[self.INNER], duties=[self.duty("reply")])

        assert not found

    def test_are_missed_when_another_letter_is_served(self):
        found = names(*self.parts("receipt"), others=[self.INNER], duties=[self.duty("reply")])

        assert ("duty.remedies", "e") in found

    def test_are_missed_in_a_letter_whose_kind_has_none(self):
        found = names(*self.parts("receipt"), others=[self.INNER], duties=[self.duty("receipt")])

        assert found == {("duty.remedies.letter", "")}


class TestProvision:
    DUTY = {
        "id": "p",
        "kind": "provision",
        "first": [{"operation": "ask_pack", "when": "silence == 'given_up'"}],
        "then": ["given_up"],
        "parameter": "obj.silence",
        "value": "given_up",
    }

    def parts(self, condition):
        return (
            start("b"),
            service("ask_pack"),
            xor("x", "e"),
            end("given_up"),
            end("e"),
            path("b", "ask_pack", "x", "e"),
            flow("x", "given_up", condition),
        )

    OPERATIONS = {"ask_pack": sets(silence=["continue", "given_up"])}

    def test_is_missing_where_silence_ends_the_case_by_itself(self):
        found = names(
            *self.parts("silence == 'continue'"), duties=[self.DUTY], operations=self.OPERATIONS
        )

        assert ("duty.provision", "given_up") in found

    def test_is_asked_for_first(self):
        assert not names(
            *self.parts("silence == 'given_up'"), duties=[self.DUTY], operations=self.OPERATIONS
        )


class TestClock:
    DUTY = {"id": "c", "kind": "clock", "clock": "reply", "waits": ["t"], "reminders": 1}
    STARTED = {"begin": declare(starts={"reply": "obj.reply.limit"})}

    def parts(self, *points, first="begin"):
        beside = "".join(
            boundary(f"at{n}", "t", timer=f"reply@{point}")
            + service(f"do{n}", operation)
            + end(f"e{n}")
            + path(f"at{n}", f"do{n}", f"e{n}")
            for n, (point, operation) in enumerate(points)
        )
        main = (start("b"), service(first), user("t"), end("e"), path("b", first, "t", "e"))
        return (*main, beside)

    GOOD = (("due-2", "remind"), ("overdue", "draft_supervision_letter"))

    def test_is_kept_by_a_reminder_before_and_supervision_after(self):
        assert not names(*self.parts(*self.GOOD), duties=[self.DUTY], operations=self.STARTED)

    @pytest.mark.parametrize(
        ("points", "missing"),
        [
            (GOOD[1:], "reminder"),
            (GOOD[:1], "escalation"),
            ((("overdue", "remind"), GOOD[1]), "reminder"),
            ((GOOD[0], ("overdue", "remind")), "escalation"),
        ],
    )
    def test_names_what_is_missing(self, points, missing):
        found = names(*self.parts(*points), duties=[self.DUTY], operations=self.STARTED)

        assert found == {(f"duty.clock.{missing}", "t")}

    def test_is_named_when_nothing_starts_it(self):
        found = names(*self.parts(*self.GOOD, first="other"), duties=[self.DUTY])

        assert ("clock_not_started", "at0") in found

    def test_is_named_when_a_path_comes_to_it_before_it_is_started(self):
        parts = (
            start("b"),
            user("t", jiannuo__clock="reply"),
            service("begin"),
            end("e"),
            path("b", "t", "begin", "e"),
        )

        assert names(*parts, operations=self.STARTED) == {("duty.before", "t")}


class TestHeard:
    def parts(self, message):
        return (
            start("b"),
            user("t"),
            boundary("came", "t", message=message),
            end("e"),
            end("e2"),
            path("b", "t", "e"),
            path("came", "e2"),
        )

    @pytest.mark.parametrize(
        ("message", "found"), [("withdrawn", set()), ("other", {("duty.heard", "t")})]
    )
    def test_is_a_message_that_an_event_beside_the_step_waits_for(self, message, found):
        duty = {"id": "h", "kind": "heard", "message": "withdrawn", "waits": ["t"]}

        assert names(*self.parts(message), duties=[duty]) == found
