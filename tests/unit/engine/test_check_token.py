"""What the check refuses for the token engine, by element and reason, and what it takes."""

from __future__ import annotations

import random

import pytest

from tests.unit.engine.checking import check
from tests.unit.engine.drawing import (
    ANY_ERROR,
    CANCEL,
    again,
    attached,
    both,
    call,
    catches,
    diagram,
    draw,
    end,
    ends,
    error,
    escalation,
    event,
    flow,
    handler,
    link,
    message,
    node,
    on,
    path,
    process,
    repeated,
    service,
    signal,
    some,
    start,
    sub,
    throws,
    timer,
    times,
    transaction,
    undo,
    undone_by,
    user,
    xor,
)
from tests.unit.engine.elements import test_activities, test_events, test_flows, test_verbs
from tests.unit.engine.generating import generate
from tests.unit.engine.wandering import Wanderer
from workflows.engine.bundle import Bundle


def found(*parts: str, extra: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Return element and name of what is found in one process of these parts."""
    return [
        (one.element, one.name)
        for one in check(draw(process("main", *parts), *extra), engine="token")
    ]


def between(middle: str, *more: str, id: str = "m") -> list[tuple[str, str]]:
    return found(start("b"), middle, end("e"), path("b", id, "e"), *more)


DRAWN = [
    test_events.TestSignal.SIGNALS,
    test_flows.INCLUSIVE,
    test_flows.TestMessageTasks.BUNDLE,
    test_activities.TestTransaction.BUNDLE,
    test_verbs.NESTED,
]


class TestAcceptedDiagrams:
    @pytest.mark.parametrize("bundle", DRAWN)
    def test_are_those_drawn_by_hand(self, bundle):
        assert check(bundle, engine="token") == []

    @pytest.mark.thorough
    def test_are_more_than_two_hundred_generated_ones_that_come_to_their_end(self):
        refused = set()
        for seed in range(240):
            bundle, items = generate(f"accepted {seed}", wide=True)
            findings = check(bundle, engine="token")
            if findings:
                refused.add((seed, *{one.name for one in findings}))
                continue

            case = Wanderer(bundle, items, random.Random(seed))
            case.finish(300)
            assert case.now.is_finished, seed

        # A repeated event may leave two tokens before one message; only that is refused.
        assert {name for _, name in refused} <= {"several_receivers"}
        assert len(refused) <= 40

    @pytest.mark.parametrize("kind", ["message", "timer", "signal", "error", "escalation"])
    @pytest.mark.parametrize("interrupting", [True, False])
    def test_may_have_event_sub_processes(self, kind, interrupting):
        drawn, _ = test_events.START_EVENTS[kind]
        parts = test_events.with_handler(
            drawn, interrupting=interrupting or kind == "error", nested=False
        )
        if kind != "error":
            parts = (
                *parts,
                handler("h2", on("h2_b", ANY_ERROR), user("h2_t"), path("h2_b", "h2_t")),
            )

        assert found(*parts) == []


class TestModellersHabits:
    def test_flows_without_ids(self):
        xml = process("main", start("b"), user("t"), end("e"), path("b", "t", "e"))
        bundle = draw(xml.replace(' id="b__t"', "").replace(' id="t__e"', ""))

        assert check(bundle, engine="token") == []

    def test_paths_without_an_end_event(self):
        assert found(start("b"), user("t"), path("b", "t")) == []

    def test_several_flows_out_of_a_task(self):
        parts = (user("t"), user("x"), user("y"), path("b", "t", "x"), path("t", "y"))

        assert found(start("b"), *parts) == []

    @pytest.mark.parametrize("text", ["PT1H", "P3D", "P1M", "P1DT12H", "reply@due"])
    @pytest.mark.parametrize("kind", ["timeDate", "timeDuration"])
    def test_plain_durations(self, text, kind):
        drawn = timer(text).replace("timeDate", kind)

        assert between(catches("m", drawn)) == []

    def test_vendor_namespaces(self):
        drawn = diagram(process("main", start("b"), user("t"), path("b", "t")))
        drawn = drawn.replace("<bpmn:definitions ", '<bpmn:definitions xmlns:v="http://vendor" ', 1)
        closing = "</bpmn:userTask>"
        inside = "<bpmn:extensionElements><v:x/></bpmn:extensionElements>"
        drawn = drawn.replace('name="t"', 'name="t" v:assignee="x"', 1)
        drawn = drawn.replace(closing, inside + closing)
        files = {"main.bpmn": drawn.encode(), "forms/any.json": b"{}"}

        assert check(Bundle(key="main", main_process="main", files=files), engine="token") == []

    @pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-16", "utf-16-le", "utf-8-sig"])
    def test_other_encodings(self, encoding):
        text = diagram(process("main", start("b"), user("t"), path("b", "t")))
        text = text.replace('name="t"', 'name="形式审查"')
        declared = {"utf-8-sig": "UTF-8", "utf-16-le": "UTF-16LE"}.get(encoding, encoding)
        content = text.replace("UTF-8", declared).encode(encoding)
        files = {"main.bpmn": content, "forms/any.json": b"{}"}

        assert check(Bundle(key="main", main_process="main", files=files), engine="token") == []


class TestRefusedElements:
    @pytest.mark.parametrize(
        "part, name",
        [
            (node("scriptTask", "m"), "script"),
            (catches("m", timer("reply@" + "d" * 61)), "timer_wide"),
            (catches("m", timer("r" * 41 + "@due")), "timer_wide"),
            (node("manualTask", "m"), "kind_wide"),
            (node("task", "m"), "kind_wide"),
            (node("complexGateway", "m"), "kind_wide"),
            (node("adHocSubProcess", "m"), "kind_wide"),
            (node("sendTask", "m"), "nameless_message"),
            (node("receiveTask", "m"), "nameless_message"),
            (throws("m", signal("")), "nameless_event"),
            (catches("m", "<bpmn:conditionalEventDefinition/>"), "event_wide"),
            (throws("m", timer("reply@due")), "event_wide"),
            (catches("m", message("x") + signal("y")), "several_events"),
            (node("userTask", "m", isForCompensation="true"), "loose_compensation"),
            (node("eventBasedGateway", "m", eventGatewayType="Parallel"), "quantity"),
            (repeated(service("m"), again()), "loop_without_end"),
            (repeated(service("m"), times()), "no_collection_wide"),
            (repeated(service("m"), times(per="x", count="2")), "no_collection_wide"),
            (repeated(service("m"), times(count="f(x)")), "expression_not_allowed"),
            (
                repeated(service("m"), times(per="x").replace(">", ' behavior="None">', 1)),
                "repetition_wide",
            ),
        ],
    )
    def test_are_named_with_the_reason(self, part, name):
        assert ("m", name) in between(part)

    @pytest.mark.parametrize("length, names", [(64, []), (65, ["long_id"])])
    def test_an_id_that_the_database_could_not_keep(self, length, names):
        assert [name for _, name in between(service("m" * length), id="m" * length)] == names

    def test_compensation_without_an_activity_that_undoes(self):
        lost = between(service("m"), attached("x", "m", undo()))

        assert lost == [("x", "no_compensation")]

    def test_links_without_their_other_end(self):
        parts = (start("b"), throws("m", link("A")), path("b", "m"), catches("n", link("B")))

        assert found(*parts, user("t"), path("n", "t")) == [
            ("m", "loose_link"),
            ("n", "loose_link"),
        ]

    def test_an_error_that_nobody_catches(self):
        inside = (start("i_b"), ends("i_e", error("lost")), path("i_b", "i_e"))
        calls = (start("b"), call("m", "other"), end("e"), path("b", "m", "e"))
        other = process("other", *inside)

        assert found(*calls, extra=(other,)) == [("i_e", "error_uncaught")]
        caught = (attached("x", "m", error("lost")), end("e2"), path("x", "e2"))
        assert found(*calls, *caught, extra=(other,)) == []

    def test_an_error_caught_beside(self):
        inside = (start("i_b"), end("i_e"), path("i_b", "i_e"))
        beside = attached("x", "m", error("lost"), interrupting=False)

        assert between(sub("m", *inside), beside) == [("x", "error_beside")]

    def test_an_error_or_escalation_that_a_task_never_throws(self):
        for host in (user("m"), node("receiveTask", "m", messageRef="m_x")):
            caught = attached("x", "m", error("lost"))
            assert ("x", "never_thrown") in between(host, caught)
        assert ("x", "never_thrown") in between(service("m"), attached("x", "m", escalation("e")))
        assert between(service("m"), attached("x", "m", error("lost"))) == []

    def test_an_activity_that_undoes_and_is_repeated(self):
        closing = "</bpmn:serviceTask>"
        drawn = undone_by("m", "back").replace(closing, times(per="items") + closing)

        assert between(service("m") + drawn) == [("back", "busy_compensation")]

    def test_a_cancel_without_a_transaction(self):
        inside = (start("i_b"), ends("i_e", CANCEL), path("i_b", "i_e"))

        assert between(sub("m", *inside)) == [("i_e", "cancel_uncaught")]
        assert between(transaction("m", *inside)) == [("i_e", "cancel_uncaught")]
        assert between(transaction("m", *inside), attached("x", "m", CANCEL)) == []
        assert ("x", "cancel_elsewhere") in between(service("m"), attached("x", "m", CANCEL))

    @pytest.mark.parametrize(
        "begin, name",
        [
            (start("h_b"), "event_start"),
            (on("h_b", error(), interrupting=False), "error_beside"),
        ],
    )
    def test_an_event_sub_process_that_could_not_start(self, begin, name):
        drawn = handler("h", begin, user("t"), path("h_b", "t"))

        assert ("h", name) in between(service("m"), drawn)

    def test_an_event_sub_process_with_a_flow(self):
        drawn = handler("m", on("h_b", message("x")), user("t"), path("h_b", "t"))

        assert ("m", "event_subprocess_flow") in between(drawn)

    def test_a_start_that_nothing_could_trigger(self):
        parts = (event("startEvent", "b", timer("reply@due")), user("t"), path("b", "t"))

        assert found(*parts) == [("b", "event_wide")]

    @pytest.mark.parametrize(
        "drawn, name",
        [
            (timer("2026-10-01T08:00:00"), "timer_wide"),
            (timer("tomorrow"), "timer_wide"),
            (timer("P"), "timer_wide"),
            (timer("elapsed@due"), "timer_wide"),
            (timer("R3/PT1H").replace("timeDate", "timeCycle"), "timer_kind_wide"),
            ("<bpmn:timerEventDefinition/>", "timer_kind_wide"),
        ],
    )
    def test_timers_that_name_an_instant_or_a_cycle(self, drawn, name):
        assert ("m", name) in between(catches("m", drawn))


class TestRefusedFlows:
    def test_a_parallel_join_behind_an_inclusive_split(self):
        parts = (
            start("b"),
            some("split", default="x"),
            user("x"),
            user("y"),
            both("join"),
            path("b", "split", "x", "join"),
            flow("split", "y", "a"),
            path("y", "join"),
        )

        assert found(*parts) == [("join", "join_waits_for_ever")]

    def test_a_task_whose_ways_on_all_have_conditions(self):
        parts = (start("b"), user("t"), user("x"), path("b", "t"), flow("t", "x", "a"))

        assert found(*parts) == [("t", "no_default")]

    def test_an_inclusive_split_without_a_flow_that_is_surely_taken(self):
        parts = (start("b"), some("s"), user("x"), user("y"), path("b", "s"), flow("s", "x", "a"))

        assert found(*parts, path("s", "y")) == []
        assert found(*parts, flow("s", "y", "c")) == [("s", "no_default")]

    def test_conditions_where_they_would_be_ignored(self):
        parts = (start("b"), both("s"), user("x"), user("y"), path("b", "s", "x"))

        assert found(*parts, flow("s", "y", "a")) == [("s", "condition_ignored")]

    def test_what_nothing_leads_to(self):
        assert found(start("b"), user("t"), user("x"), path("b", "t")) == [("x", "never_reached")]

    def test_a_loop_without_a_way_out(self):
        parts = (start("b"), xor("m"), service("s"), path("b", "m", "s", "m"))

        assert ("s", "no_way_out") in found(*parts)

    @pytest.mark.parametrize("kind", ["correlationKey", "correlationProperty"])
    def test_messages_told_apart_by_their_contents(self, kind):
        straight = (start("b"), user("t"), end("e"), path("b", "t", "e"))

        assert found(*straight, extra=(f'<bpmn:{kind} id="order" name="案号"/>',)) == [
            ("order", "correlation")
        ]

    def test_two_receivers_of_one_message(self):
        parts = (
            start("b"),
            catches("m", message("news")),
            path("b", "m"),
            handler("h", on("h_b", message("news")), user("t"), path("h_b", "t")),
        )

        assert [name for _, name in found(*parts)] == ["several_receivers"]


class TestHostileFiles:
    @pytest.mark.parametrize(
        "content, name",
        [
            (b"", "not_xml"),
            (b"\x00\x01\x02", "not_xml"),
            (b"<a>" * 100_000, "not_xml"),
            (b'<?xml version="1.0" encoding="klingon"?><a/>', "not_xml"),
            (
                b'<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "' + b"&x;" * 50 + b'">]><a>&y;</a>',
                "doctype",
            ),
            (b"<a>" + b"x" * 50_000_000 + b"</a>", "too_large"),
        ],
    )
    def test_are_refused_with_the_file_named(self, content, name):
        bundle = Bundle(key="main", main_process="main", files={"bad.bpmn": content})

        first = check(bundle, engine="token")[0]

        assert (first.file, first.name) in (("bad.bpmn", name), ("", "no_main"))
        assert name in [one.name for one in check(bundle, engine="token")]

    def test_deep_nesting_is_refused(self):
        inner = user("t")
        for number in range(300):
            inner = sub(f"s{number}", inner)

        bundle = draw(process("main", start("b"), inner, path("b", "s299")))

        assert [one.name for one in check(bundle, engine="token")] == ["not_xml"]
