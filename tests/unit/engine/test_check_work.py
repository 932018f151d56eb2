"""Every mistake in events, joins, messages, work and tables that may not be deployed."""

from __future__ import annotations

import pytest

from tests.unit.engine import test_traps
from tests.unit.engine.checking import STRAIGHT, check, found, straight
from tests.unit.engine.drawing import (
    both,
    boundary,
    call,
    catch,
    decision,
    diagram,
    either,
    end,
    flow,
    node,
    path,
    process,
    service,
    start,
    sub,
    table,
    throw,
    user,
    xor,
)
from workflows.engine.bundle import Bundle


class TestEvents:
    @pytest.mark.parametrize(
        "text", ["PT1H", "2026-10-01T00:00:00Z", "R3/P1D", "reply", "@due", "'reply@due'", "reply@"]
    )
    def test_need_a_clock_and_a_point(self, text):
        assert found(*straight(catch("m", timer=text))) == [("m", "timer", "timer")]

    @pytest.mark.parametrize("kind", ["timeDuration", "timeCycle"])
    def test_refuse_durations_and_cycles(self, kind):
        part = catch("m", timer="reply@due").replace("timeDate", kind)

        assert found(*straight(part)) == [("m", "timer", "timer_kind")]

    @pytest.mark.parametrize(
        "text",
        [
            "reply@due",
            "verification@50%",
            "reply@obj.reply.remind",
            "report@due-1",
            "a@day13",
        ],
    )
    def test_accept_points_on_clocks(self, text):
        assert found(*straight(catch("m", timer=text))) == []

    def test_need_named_messages(self):
        nameless = catch("m", message="x")
        text = diagram(process("main", *straight(nameless))).replace('name="x"', "")
        files = {"main.bpmn": text.encode()}

        findings = check(Bundle(key="main", main_process="main", files=files))

        assert [(one.element, one.name) for one in findings] == [("m", "nameless_message")]

    def test_on_boundaries_need_something_to_watch(self):
        parts = (boundary("w", "gone", timer="a@due"), end("e2"), path("w", "e2"))

        assert found(*STRAIGHT, *parts) == [("w", "event", "not_attached")]

    def test_behind_event_gateways_wait(self):
        parts = (start("b"), either("g"), catch("c", timer="a@due"), user("t"), end("e"))

        assert found(*parts, path("b", "g", "c", "e"), path("g", "t", "e")) == [
            ("g", "event", "not_an_event")
        ]

    def test_behind_event_gateways_are_at_least_two(self):
        parts = (start("b"), either("g"), catch("c", timer="a@due"), end("e"))

        assert found(*parts, path("b", "g", "c", "e")) == [("g", "event", "few_choices")]


class TestJoins:
    def test_of_branches_that_exclude_each_other(self):
        parts = (start("b"), xor("x", default="t"), user("t"), user("u"), both("j"), end("e"))

        result = found(*parts, path("b", "x", "t", "j", "e"), flow("x", "u", "a"), path("u", "j"))

        assert result == [("j", "join", "join_waits_for_ever")]

    def test_of_a_step_and_its_interruption(self):
        parts = (start("b"), user("t"), boundary("w", "t", timer="a@due", interrupting=True))

        result = found(*parts, both("j"), end("e"), path("b", "t", "j", "e"), path("w", "j"))

        assert result == [("j", "join", "join_waits_for_ever")]


class TestMessageReceivers:
    """S13: a message must find one receiver."""

    def test_may_not_wait_side_by_side(self):
        assert [(one.rule, one.name) for one in check(test_traps.TWO_RECEIVERS)] == [
            ("S13", "several_receivers")
        ]

    def test_may_not_wait_inside_and_around(self):
        inner = sub(
            "s", start("s_b"), catch("c", message="go"), end("s_e"), path("s_b", "c", "s_e")
        )
        parts = (boundary("w", "s", message="go"), end("e2"), path("w", "e2"))

        assert [one[1] for one in found(*straight(inner, "s"), *parts)] == ["S13"]

    def test_may_not_wait_twice_in_a_process_called_twice_at_once(self):
        other = process(
            "other", start("o_b"), catch("c", message="go"), end("o_e"), path("o_b", "c", "o_e")
        )
        parts = (
            start("b"),
            both("p"),
            call("c1", "other"),
            call("c2", "other"),
            both("j"),
            end("e"),
        )

        result = found(*parts, path("b", "p", "c1", "j", "e"), path("p", "c2", "j"), extra=(other,))

        assert result == [("c", "S13", "several_receivers")]

    def test_may_wait_one_after_the_other(self):
        parts = (
            start("b"),
            catch("c1", message="go"),
            throw("t", "went"),
            catch("c2", message="go"),
        )

        assert found(*parts, end("e"), path("b", "c1", "t", "c2", "e")) == []


class TestWork:
    def test_needs_a_form(self):
        plain = node("userTask", "m", jiannuo__role="handler")

        assert found(*straight(plain)) == [("m", "form", "no_form")]
        assert found(*straight(user("m", form="gone"))) == [("m", "form", "unknown_form")]

    def test_needs_a_role(self):
        plain = node("userTask", "m", jiannuo__form="any")
        other = node("userTask", "m", jiannuo__form="any", jiannuo__role="king")

        assert found(*straight(plain)) == [("m", "role", "no_role")]
        assert found(*straight(other)) == [("m", "role", "unknown_role")]

    def test_takes_its_role_from_the_lane_of_the_sub_process_around_it(self):
        lanes = (
            '<bpmn:laneSet id="lanes"><bpmn:lane id="lane" jiannuo:role="{}">'
            "<bpmn:flowNodeRef>m</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
        )
        task = node("userTask", "u", jiannuo__form="any")
        inner = sub("m", start("s_b"), task, end("s_e"), path("s_b", "u", "s_e"))

        assert found(lanes.format("handler"), *straight(inner)) == []
        names = {name for _, _, name in found(lanes.format("king"), *straight(inner))}
        assert names == {"unknown_role"}

    def test_needs_an_operation(self):
        assert found(*straight(node("serviceTask", "m"))) == [("m", "operation", "no_operation")]
        assert found(*straight(service("m", "unknown"))) == [
            ("m", "operation", "unknown_operation")
        ]

    @pytest.mark.parametrize(
        ("mark", "value", "wrong"),
        [
            ("not_by", "gone", [("m", "role", "unknown_first_person")]),
            ("not_by", "b", [("m", "role", "unknown_first_person")]),
            ("not_by", "m", []),
            ("answers_to", "gone", [("m", "form", "unknown_form")]),
            ("answers_to", "any filing_ report_answer", []),
        ],
    )
    def test_names_steps_and_forms_that_exist(self, mark, value, wrong):
        marks = {"jiannuo__form": "any", "jiannuo__role": "handler", f"jiannuo__{mark}": value}

        assert found(*straight(node("userTask", "m", **marks))) == wrong

    def test_needs_the_process_it_calls(self):
        assert found(*straight(call("m", "gone"))) == [("m", "call", "unknown_process")]


class TestTables:
    @pytest.mark.parametrize("policy", ["FIRST", "ANY", "PRIORITY", "RULE ORDER"])
    def test_with_hit_policies_that_are_not_kept(self, policy):
        written = table(("'a'", "'x'"), policy=policy)

        assert found(*straight(decision("m", "s.dmn")), s__dmn=written) == [
            ("m", "decision", "hit_policy")
        ]

    @pytest.mark.parametrize("when, then", [("f(1)", "'x'"), ("'a'", "x()"), ("== ==", "'x'")])
    def test_with_cells_that_cannot_be_evaluated(self, when, then):
        written = table((when, then))

        assert found(*straight(decision("m", "s.dmn")), s__dmn=written) == [
            ("m", "expression", "cell")
        ]

    @pytest.mark.parametrize(
        "first, second, overlap",
        [
            ("'a'", "-", True),
            ("'a', 'b'", "in ['b']", True),
            ("'a'", "'b'", False),
            ("> 1", "2", False),
        ],
    )
    def test_with_rules_that_surely_overlap(self, first, second, overlap):
        written = table((first, "'x'"), (second, "'y'"))

        result = found(*straight(decision("m", "s.dmn")), s__dmn=written)

        assert result == ([("m", "decision", "rules_overlap")] if overlap else [])

    def test_that_are_missing(self):
        assert found(*straight(decision("m", "gone.dmn")))[0][2] == "no_such_decision"
        assert found(*straight(node("businessRuleTask", "m")))[0][2] == "no_decision"

    def test_that_are_none(self):
        assert (
            found(*straight(decision("m", "s.dmn")), s__dmn="<x/>")[0][2] == "decision_unreadable"
        )
