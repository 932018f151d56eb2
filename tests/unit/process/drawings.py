"""Reads the objection process as it lies in the repository, once for all tests of this folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from workflows.engine.blueprint import Blueprint, blueprint
from workflows.engine.bundle import Bundle, read_bundle
from workflows.engine.markup import BPMN, find_all, read_markup, tag

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "bpmn"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
SHAPES = frozenset(
    {
        "participant",
        "lane",
        "startEvent",
        "endEvent",
        "boundaryEvent",
        "intermediateCatchEvent",
        "userTask",
        "serviceTask",
        "businessRuleTask",
        "callActivity",
        "exclusiveGateway",
        "parallelGateway",
        "eventBasedGateway",
        "textAnnotation",
    }
)
EDGES = frozenset({"sequenceFlow", "messageFlow", "association"})


@dataclass(frozen=True)
class Box:
    """A rectangle on the page."""

    id: str
    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: Box) -> bool:
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )

    def is_crossed_by(self, line: tuple[tuple[float, float], tuple[float, float]]) -> bool:
        """Say whether a level or upright line runs through the inside."""
        (left, right), (top, bottom) = (
            sorted((line[0][0], line[1][0])),
            sorted((line[0][1], line[1][1])),
        )
        return (
            left < self.x + self.width - 1
            and right > self.x + 1
            and top < self.y + self.height - 1
            and bottom > self.y + 1
        )


@cache
def bundle() -> Bundle:
    return read_bundle(FOLDER, key="objection")


@cache
def plan() -> Blueprint:
    return blueprint(bundle())


@cache
def elsewhere() -> frozenset[str]:
    """Return the shared diagrams that only other processes call."""
    called = {each.calls for each in plan().elements.values() if each.calls}
    shared = (file for file in bundle().list_files(".bpmn") if file.startswith("shared/"))
    return frozenset(
        file for file in shared if file.removeprefix("shared/").removesuffix(".bpmn") not in called
    )


@cache
def tasks() -> dict[str, str]:
    """Return the steps of people that this process can come to, each with its form."""
    return {
        each.id: each.form or ""
        for each in plan().elements.values()
        if each.kind == "userTask" and each.file not in elsewhere()
    }


@cache
def diagrams() -> dict[str, etree._Element]:
    """Return every diagram of the bundle by file name."""
    return {f: read_markup(bundle().files[f], file=f) for f in bundle().list_files(".bpmn")}


@cache
def forms() -> dict[str, dict[str, Any]]:
    """Return every form of the bundle by its name."""
    return {
        file.rpartition("/")[2].removesuffix(".json"): json.loads(bundle().files[file])
        for file in bundle().list_files(".json")
        if file.rpartition("/")[0].endswith("forms")
    }


@cache
def declaration() -> dict[str, Any]:
    """Return process.json: what the product must know besides the diagrams."""
    found: dict[str, Any] = json.loads(bundle().files["process.json"])
    return found


@cache
def english() -> dict[str, str]:
    return dict(plan().texts["en"])


def components(form: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every component of a form, those inside groups too."""
    waiting = list(form["components"])
    while waiting:
        component = waiting.pop(0)
        yield component
        waiting = list(component.get("components", [])) + waiting


def choices(form: str, variable: str) -> set[str]:
    """Return what a form can set a variable to."""
    return {
        choice["value"]
        for component in components(forms()[form])
        if component.get("properties", {}).get("variable") == variable
        for choice in component.get("values", [])
    }


def drawn(root: etree._Element, kinds: frozenset[str]) -> list[etree._Element]:
    """Return the model's elements of these kinds."""
    return [
        node
        for node in root.iter(f"{{{BPMN}}}*")
        if tag(node) in kinds and node.get("id") is not None
    ]


def boxes(root: etree._Element) -> dict[str, Box]:
    """Return the shape of each element that has one."""
    found: dict[str, Box] = {}
    for shape in root.iter(f"{{{DI}}}BPMNShape"):
        bounds = shape.find(f"{{{DC}}}Bounds")
        if bounds is not None:
            found[shape.get("bpmnElement", "")] = _box(shape.get("bpmnElement", ""), bounds)
    return found


def labels(root: etree._Element) -> dict[str, Box]:
    """Return the place of each label that stands outside its element."""
    found: dict[str, Box] = {}
    for owner in root.iter(f"{{{DI}}}BPMNShape", f"{{{DI}}}BPMNEdge"):
        bounds = owner.find(f"{{{DI}}}BPMNLabel/{{{DC}}}Bounds")
        if bounds is not None:
            found[owner.get("bpmnElement", "")] = _box(owner.get("bpmnElement", ""), bounds)
    return found


def lines(root: etree._Element) -> dict[str, list[tuple[float, float]]]:
    """Return the waypoints of each edge."""
    return {
        edge.get("bpmnElement", ""): [
            (float(point.get("x", "nan")), float(point.get("y", "nan")))
            for point in edge.findall(f"{{{DD}}}waypoint")
        ]
        for edge in root.iter(f"{{{DI}}}BPMNEdge")
    }


def ends_of(root: etree._Element) -> dict[str, tuple[str, str]]:
    """Return source and target of each sequence flow."""
    return {
        flow.get("id", ""): (flow.get("sourceRef", ""), flow.get("targetRef", ""))
        for flow in find_all(root, "sequenceFlow")
    }


def _box(name: str, bounds: etree._Element) -> Box:
    x, y, width, height = (float(bounds.get(key, "nan")) for key in ("x", "y", "width", "height"))
    return Box(name, x, y, width, height)
