"""Holds the drawings to what a reader and the engine need: names, ids, roles, a tidy page."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations, pairwise

import pytest

from tests.unit.process.drawings import (
    EDGES,
    SHAPES,
    boxes,
    bundle,
    declaration,
    diagrams,
    drawn,
    elsewhere,
    ends_of,
    english,
    forms,
    labels,
    lines,
    plan,
    tasks,
)
from workflows.engine.blueprint import FLOW_NODES
from workflows.engine.check import check_bundle
from workflows.engine.markup import find_all, own_attribute
from workflows.rules.packs import read_rule_book
from workflows.services.agree_rules import ROLES

# A drawing program makes up names like Activity_0x1y2z3: those have capitals.
READABLE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
FILES = sorted(diagrams())


class TestBundle:
    def test_may_be_deployed(self):
        operations = {e.operation for e in plan().elements.values() if e.operation}

        found = check_bundle(bundle(), operations=operations, roles=set(ROLES))

        assert [str(one) for one in found] == []

    def test_starts_in_the_six_ways(self):
        assert {start.id for start in plan().starts} == {
            "start_portal",
            "start_window",
            "start_hotline",
            "start_pushed",
            "start_transferred",
            "start_reopened",
        }

    def test_ends_in_the_six_ways(self):
        ends = {end.id for end in plan().ends}

        assert ends >= {
            "end_corrected",
            "end_upheld",
            "end_withdrawn",
            "end_given_up",
            "end_not_accepted",
            "end_transferred",
        }

    def test_calls_only_what_is_drawn_and_draws_only_what_is_called(self):
        called = {e.calls for e in plan().elements.values() if e.calls}
        others = {file.removeprefix("shared/").removesuffix(".bpmn") for file in elsewhere()}

        assert called | {"objection"} == set(plan().process_names) - others

    def test_names_each_flow_node_once(self):
        names = Counter(n.get("id") for r in diagrams().values() for n in drawn(r, FLOW_NODES))

        assert [name for name, times in names.items() if times > 1] == []

    def test_takes_every_reminder_from_a_rule_that_exists(self):
        known = {p.key for pack in read_rule_book().packs for p in pack.parameters}
        points = {e.timer.partition("@")[2] for e in plan().elements.values() if e.timer}

        assert {point for point in points if point.startswith("obj.")} <= known


@pytest.mark.parametrize("file", FILES)
class TestDiagram:
    def test_has_readable_ids(self, file):
        ids = [node.get("id") for node in drawn(diagrams()[file], FLOW_NODES | {"lane"})]

        assert [name for name in ids if not READABLE.fullmatch(name)] == []

    def test_has_a_chinese_name_on_whatever_a_reader_meets(self, file):
        silent = {"parallelGateway"}
        flows = ends_of(diagrams()[file])
        joins = {n for n, times in Counter(t for _, t in flows.values()).items() if times > 1}
        found = [
            node.get("id")
            for node in drawn(diagrams()[file], FLOW_NODES | {"lane", "participant"})
            if not re.search("[\u4e00-\u9fff]", node.get("name", ""))
            and node.tag.rpartition("}")[2] not in silent
            and node.get("id") not in joins
        ]

        assert found == []

    def test_gives_each_step_one_lane_with_a_known_role(self, file):
        root = diagrams()[file]
        lanes = find_all(root, "lane")
        placed = Counter(
            ref.text for lane in lanes for ref in find_all(lane, "flowNodeRef") if ref.text
        )

        assert {own_attribute(lane, "role") for lane in lanes} <= ROLES
        assert placed == Counter(node.get("id") for node in drawn(root, FLOW_NODES))

    def test_has_one_lane_per_role(self, file):
        roles = [own_attribute(lane, "role") for lane in find_all(diagrams()[file], "lane")]

        assert len(roles) == len(set(roles))

    def test_is_english_too(self, file):
        root = diagrams()[file]
        process = find_all(root, "process")[0].get("id")
        nodes = {n.get("id") for n in drawn(root, FLOW_NODES) if n.get("name")}
        rest = {
            f"{process}.{node.get('id')}"
            for node in drawn(root, frozenset({"lane", "sequenceFlow", "textAnnotation"}))
            if node.get("name") or find_all(node, "text")
        }

        assert sorted((nodes | rest | {process}) - english().keys()) == []

    def test_draws_every_element(self, file):
        root = diagrams()[file]

        shapes = {node.get("id") for node in drawn(root, SHAPES)}
        edges = {node.get("id") for node in drawn(root, EDGES)}

        assert shapes == boxes(root).keys()
        assert edges == lines(root).keys()
        assert all(len(points) > 1 for points in lines(root).values())

    def test_places_every_label_that_stands_outside(self, file):
        root = diagrams()[file]
        outside = {
            node.get("id")
            for node in drawn(root, FLOW_NODES | EDGES)
            if node.get("name") and not node.tag.endswith(("Task", "callActivity"))
        }

        assert outside <= labels(root).keys()

    def test_overlaps_no_shapes(self, file):
        root = diagrams()[file]
        frames = {n.get("id") for n in drawn(root, frozenset({"lane", "participant"}))}
        hosts = {n.get("id"): n.get("attachedToRef") for n in find_all(root, "boundaryEvent")}
        shown = [box for name, box in boxes(root).items() if name not in frames]

        found = [
            (one.id, other.id)
            for one, other in combinations(shown, 2)
            if one.overlaps(other)
            and hosts.get(one.id) != other.id
            and hosts.get(other.id) != one.id
        ]

        assert found == []

    def test_runs_no_edge_through_a_shape_or_label(self, file):
        root = diagrams()[file]
        hosts = {n.get("id"): n.get("attachedToRef") for n in find_all(root, "boundaryEvent")}
        nodes = {name: boxes(root)[name] for name in (n.get("id") for n in drawn(root, FLOW_NODES))}
        words = labels(root)
        found = []
        for flow, (source, target) in ends_of(root).items():
            own = {source, target, hosts.get(source)}
            for line in pairwise(lines(root)[flow]):
                found += [
                    (flow, n) for n, b in nodes.items() if n not in own and b.is_crossed_by(line)
                ]
                found += [(flow, n) for n, b in words.items() if b.is_crossed_by(line)]

        assert found == []

    def test_cites_only_rules_of_the_domain(self, file):
        cited = set(re.findall(r"\b[RN]\d+\b", " ".join(diagrams()[file].itertext())))

        assert {int(rule[1:]) for rule in cited if rule.startswith("R")} <= set(range(1, 140))
        assert {int(rule[1:]) for rule in cited if rule.startswith("N")} <= set(range(1, 45))


class TestDeclaration:
    def test_names_a_start_and_a_form_that_exist(self):
        starts = {start.id for start in plan().starts}

        assert set(declaration()["start_events"].values()) == starts
        assert declaration()["start_forms"].keys() == starts
        assert set(declaration()["start_forms"].values()) <= forms().keys()

    def test_puts_each_element_into_one_stage(self):
        named = [name for stage in declaration()["stages"] for name in stage["elements"]]

        assert [stage["zh"] for stage in declaration()["stages"]] == [
            "收到申请",
            "受理",
            "核查",
            "认定",
            "答复",
            "更正与解除",
            "办结",
        ]
        assert [name for name, times in Counter(named).items() if times > 1] == []
        assert sorted(set(named) - plan().elements.keys()) == []

    def test_shows_every_step_of_a_person_in_a_stage_unless_it_stands_aside(self):
        # Withdrawal and a revoked base run beside the case and move no stage.
        aside = {"task_confirm_withdrawal", "task_approve_base_change"}
        named = {name for stage in declaration()["stages"] for name in stage["elements"]}

        assert tasks().keys() - named == aside

    def test_delivers_only_messages_that_somebody_waits_for(self):
        caught = {e.message for e in plan().elements.values() if e.message and e.kind != "endEvent"}
        outside = {entry["message"] for entry in declaration()["messages"].values()}
        thrown = {e.message for e in plan().elements.values() if e.kind == "endEvent" and e.message}
        starts = {start.message for start in plan().starts}

        assert outside == caught - thrown - starts

    def test_opens_only_forms_that_exist(self):
        entries = [*declaration()["messages"].values(), *declaration()["case_forms"].values()]

        assert {entry["form"] for entry in entries if "form" in entry} <= forms().keys()
