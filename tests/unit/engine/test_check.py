"""Every mistake in files, kinds and flows that may not be deployed, with its rule."""

from __future__ import annotations

import re

import pytest

from tests.unit.engine import patterns, test_traps
from tests.unit.engine.checking import ROOT, STRAIGHT, TEXTS, check, found, straight
from tests.unit.engine.drawing import (
    both,
    call,
    diagram,
    draw,
    end,
    flow,
    node,
    path,
    process,
    service,
    start,
    sub,
    user,
    xor,
)
from workflows.engine.bundle import Bundle


class TestGoodDiagrams:
    @pytest.mark.parametrize(
        "bundle",
        [
            patterns.WITHDRAWAL,
            patterns.THROWN_INSIDE,
            patterns.verification(),
            patterns.INTERRUPTED_ITEMS,
            patterns.SUPPLEMENT,
            patterns.JOIN_IN_LOOP,
            patterns.REPORT,
            patterns.DECIDED,
            patterns.STARTS,
            patterns.DECISION,
            patterns.FAILING,
            test_traps.LOOP,
            test_traps.STATIC,
            test_traps.repeated("call", interrupting=True),
        ],
    )
    def test_pass(self, bundle):
        assert check(bundle) == []


class TestFiles:
    @pytest.mark.parametrize(
        "content, name",
        [
            (b"<definitions", "not_xml"),
            (b"", "not_xml"),
            (b'<!DOCTYPE d [<!ENTITY x "y">]><d>&x;</d>', "doctype"),
            (b'<!DOCTYPE d SYSTEM "http://example.org/d.dtd"><d/>', "doctype"),
        ],
    )
    def test_that_cannot_be_read(self, content, name):
        bundle = Bundle(key="main", main_process="main", files={"main.bpmn": content})

        assert [(one.rule, one.name) for one in check(bundle)][0] == ("xml", name)

    @pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
    def test_may_declare_another_encoding(self, encoding):
        text = diagram(process("main", *STRAIGHT)).replace('name="t"', 'name="形式审查"')
        content = text.replace("UTF-8", encoding).encode(encoding)
        files = {"main.bpmn": content, "forms/any.json": b"{}"}

        assert check(Bundle(key="main", main_process="main", files=files)) == []

    def test_without_the_main_process(self):
        bundle = draw(process("other", *STRAIGHT))

        assert [(one.rule, one.name) for one in check(bundle)] == [("main", "no_main")]

    def test_with_broken_json(self):
        assert found(*STRAIGHT, forms__json="{")[0][1:] == ("json", "not_json")

    def test_that_are_not_executable(self):
        text = diagram(process("main", *STRAIGHT)).replace('isExecutable="true"', "")
        files = {"main.bpmn": text.encode(), "forms/any.json": b"{}"}

        findings = check(Bundle(key="main", main_process="main", files=files))

        assert [one.name for one in findings] == ["not_executable"]


class TestIds:
    def test_must_be_there(self):
        assert found(*STRAIGHT, node("userTask", ""))[0] == ("", "id", "no_id")

    @pytest.mark.parametrize("id", ["Activity_0x1y2z3", "Gateway_1abc9de", "1st", "a b"])
    def test_must_be_readable(self, id):
        assert (id, "id", "unreadable_id") in found(*straight(user(id), id))

    def test_must_be_unique_over_all_files(self):
        other = diagram(process("other", start("b"), end("o_e"), path("b", "o_e")))

        assert found(*STRAIGHT, other__bpmn=other) == [("b", "id", "id_twice")]


def event(kind: str, definition: str, **attributes: str) -> str:
    return node(kind, "m", f"<bpmn:{definition}/>", **attributes)


class TestKinds:
    @pytest.mark.parametrize(
        "part, rule, name",
        [
            (node("scriptTask", "m"), "script", "script"),
            (node("sendTask", "m"), "kind", "kind"),
            (node("manualTask", "m"), "kind", "kind"),
            (node("inclusiveGateway", "m"), "kind", "kind"),
            (node("adHocSubProcess", "m"), "S17", "kind"),
            (event("intermediateThrowEvent", "signalEventDefinition"), "S2", "event"),
            (event("intermediateThrowEvent", "escalationEventDefinition"), "S6", "event"),
            (event("intermediateCatchEvent", "linkEventDefinition"), "S8", "event"),
            (event("intermediateThrowEvent", "compensateEventDefinition"), "S9", "event"),
            (node("intermediateCatchEvent", "m"), "kind", "no_event"),
            (event("intermediateCatchEvent", "eventDefinitionRef"), "S17", "event_reference"),
            (node("userTask", "m", "<bpmn:standardLoopCharacteristics/>"), "S17", "standard_loop"),
            (node("userTask", "m", completionQuantity="2"), "S17", "quantity"),
            (node("userTask", "m", isForCompensation="true"), "S9", "event"),
        ],
    )  # fmt: skip
    def test_outside_the_list_are_refused(self, part, rule, name):
        assert ("m", rule, name) in found(*straight(part))

    def test_signal_ends_are_refused(self):
        inside = "<bpmn:signalEventDefinition/>"

        assert ("m", "S2", "event") in found(
            start("b"), node("endEvent", "m", inside), path("b", "m")
        )

    def test_event_sub_processes_are_refused(self):
        part = node(
            "subProcess", "m", start("s") + end("x") + path("s", "x"), triggeredByEvent="true"
        )

        assert ("m", "S3", "event_subprocess") in found(*STRAIGHT, part)

    @pytest.mark.parametrize(
        "attributes, inside, rule, name",
        [
            ("", "", "collection", "no_collection"),
            ('isSequential="true" jiannuo:collection="x"', "", "S17", "repetition"),
            ('behavior="None" jiannuo:collection="x"', "", "S17", "repetition"),
            ('jiannuo:collection="x"', "<bpmn:completionCondition/>", "S17", "repetition"),
            ('jiannuo:collection="x"', "<bpmn:loopCardinality/>", "S17", "repetition"),
        ],
    )
    def test_repetitions_that_are_ignored_are_refused(self, attributes, inside, rule, name):
        kind = "bpmn:multiInstanceLoopCharacteristics"
        loop = f"<{kind} {attributes}>{inside}</{kind}>"
        part = node("userTask", "m", loop, jiannuo__form="any", jiannuo__role="handler")

        assert found(*straight(part)) == [("m", rule, name)]


class TestFlows:
    def test_without_an_id(self):
        parts = "".join(STRAIGHT).replace(' id="b__t"', "")

        assert found(parts) == [("", "S1", "flow_without_id")]

    def test_that_hang_loose(self):
        assert ("t__gone", "flow", "loose_flow") in found(*STRAIGHT, flow("t", "gone"))

    def test_that_cross_a_border(self):
        inner = sub("s", start("s_b"), user("u"), end("s_e"), path("s_b", "u", "s_e"))

        assert ("t__u", "flow", "loose_flow") in found(
            *STRAIGHT, inner, flow("t", "u"), path("t", "s", "e")
        )

    def test_without_an_end(self):
        assert ("main", "S7", "no_end") in found(start("b"), user("t"), path("b", "t"))

    def test_that_stop_before_an_end(self):
        parts = (start("b"), both("p"), user("t"), user("u"), end("e"))

        assert found(*parts, path("b", "p", "t", "e"), path("p", "u")) == [("u", "S7", "no_way_on")]

    def test_that_never_leave_a_loop(self):
        parts = (start("b"), both("p"), xor("x"), user("t"), end("e"))

        assert ("t", "S7", "no_way_out") in found(
            *parts, path("b", "p", "e"), path("p", "x", "t", "x")
        )

    def test_that_nothing_leads_into(self):
        assert found(*STRAIGHT, user("u"), path("u", "e")) == [("u", "flow", "never_reached")]

    def test_out_of_a_step_in_several_directions(self):
        assert found(*STRAIGHT, end("e2"), path("t", "e2")) == [("t", "flow", "several_ways_on")]

    def test_into_a_start_or_out_of_an_end(self):
        names = {name for _, _, name in found(*STRAIGHT, flow("e", "b"))}

        assert names == {"way_on_from_end", "way_into_start"}

    def test_twice_between_the_same(self):
        twice = flow("b", "t").replace('id="b__t"', 'id="b__t2"')

        assert ("b__t2", "flow", "flow_twice") in found(*STRAIGHT, twice)

    def test_several_starts_of_a_sub_process(self):
        inner = sub("m", start("s1"), start("s2"), end("x"), path("s1", "x"), path("s2", "x"))

        assert found(*straight(inner)) == [("m", "start", "starts")]

    def test_message_start_of_a_called_process(self):
        other = process("other", start("o_b", message="go"), end("o_e"), path("o_b", "o_e"))

        assert found(*straight(call("m", "other")), extra=(other,)) == [
            ("o_b", "start", "message_start")
        ]


def choice(*flows: str, default: str | None = "e1") -> list[tuple[str, str, str]]:
    return found(
        start("b"), xor("g", default=default), end("e1"), end("e2"), path("b", "g"), *flows
    )


class TestGateways:
    """S10: a gateway on which no condition holds leaves the case dead."""

    def test_need_a_default(self):
        result = choice(flow("g", "e1", "a"), flow("g", "e2", "b"), default=None)

        assert result == [("g", "S10", "no_default")]

    def test_need_conditions_on_the_others(self):
        assert choice(path("g", "e1"), path("g", "e2")) == [("g", "S10", "no_condition")]

    def test_must_not_lay_conditions_on_the_default(self):
        result = choice(flow("g", "e1", "a"), flow("g", "e2", "b"))

        assert result == [("g", "S10", "default_condition")]

    def test_with_one_way_have_no_condition(self):
        assert found(*straight(xor("m")), flow("b", "m").replace("b__m", "x"))[0][1] == "flow"
        parts = (start("b"), xor("m"), end("e"), path("b", "m"), flow("m", "e", "a"))

        assert found(*parts) == [("m", "S10", "lone_condition")]

    def test_are_the_only_place_for_conditions(self):
        parts = (start("b"), user("t"), end("e"), path("b", "t"), flow("t", "e", "a"))

        assert found(*parts) == [("t", "flow", "condition_ignored")]

    @pytest.mark.parametrize(
        "condition, name",
        [
            ("a ==", "expression_unreadable"),
            (" ", "expression_empty"),
            ("len(a) > 1", "expression_not_allowed"),
            ("a.b == 1", "expression_not_allowed"),
            ("a == '" + "x" * 500 + "'", "expression_too_long"),
        ],
    )
    def test_need_conditions_that_can_be_evaluated(self, condition, name):
        assert choice(path("g", "e1"), flow("g", "e2", condition)) == [("g", "expression", name)]


class TestLoops:
    def test_that_wait_for_nobody(self):
        """S18: the library would never return."""
        parts = (start("b"), xor("x"), service("s"), xor("y", default="x"), end("e"))

        result = found(*parts, path("b", "x", "s", "y", "x"), flow("y", "e", "a"))

        assert [one[1:] for one in result] == [("S18", "endless_loop")]

    def test_that_may_wait_for_nobody_inside_a_call(self):
        quick = process(
            "quick", start("q_b"), service("q_s"), end("q_e"), path("q_b", "q_s", "q_e")
        )
        parts = (start("b"), xor("x"), call("c", "quick"), xor("y", default="x"), end("e"))

        result = found(*parts, path("b", "x", "c", "y", "x"), flow("y", "e", "a"), extra=(quick,))

        assert [one[1:] for one in result] == [("S18", "endless_loop")]

    def test_of_calls(self):
        other = process("other", *straight(call("o", "main"), "o")).replace('"b"', '"ob"')
        other = other.replace('"e"', '"oe"').replace("b__o", "ob__o").replace("o__e", "o__oe")
        other = other.replace('sourceRef="b"', 'sourceRef="ob"')

        result = found(*straight(call("m", "other")), extra=(other,))

        assert [one[1:] for one in result] == [("call", "call_circle")]


class TestTexts:
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_word_every_finding_and_error(self, language):
        sources = [file.read_text("utf-8") for file in (ROOT / "workflows/engine").rglob("*.py")]
        code = "\n".join(sources)
        names = set(re.findall(r'finding\(\s*"([a-z_]+)"', code))
        names |= set(re.findall(r'", "[a-zA-Z0-9]+", "([a-z_]+)"', code))
        keys = {f"finding.{name}{part}" for name in names for part in ("", ".remedy")}
        keys |= set(re.findall(r'"(error\.engine\.[a-z_]+)"', code))

        assert len(keys) > 100
        assert sorted(keys - set(TEXTS[language])) == []
