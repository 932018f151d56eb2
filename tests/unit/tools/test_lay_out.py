"""A laid out diagram can be read: nothing lies on top of anything else, arrows end at shapes."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from lxml import etree

from tests.contracts.sources import ROOT
from tools.diagram.figure import Box, FigureError, Scope, read_figure
from tools.draw_process import drawn
from tools.lay_out import laid_out, main
from workflows.engine.markup import read_markup

OUTLINES = sorted((Path(__file__).parent / "outlines").glob("*.txt"))
SHIPPED = sorted((ROOT / "bpmn").rglob("*.bpmn"))
DRAWN_BY_HAND = [path for path in SHIPPED if path.parent.name == "objection"]
DI = {
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}


class Drawing:
    """The places that a file gives, by element."""

    def __init__(self, markup: str) -> None:
        root = etree.fromstring(markup.encode())
        self.figure = read_figure(root)
        self.boxes = {
            shape.get("bpmnElement"): bounds_of(shape)
            for shape in root.iterfind(".//bpmndi:BPMNShape", DI)
        }
        self.points = {
            edge.get("bpmnElement"): [
                (float(one.get("x")), float(one.get("y")))
                for one in edge.iterfind("di:waypoint", DI)
            ]
            for edge in root.iterfind(".//bpmndi:BPMNEdge", DI)
        }

    def scopes(self) -> list[Scope]:
        found = [self.figure.scope]
        for scope in found:
            found += [node.inside for node in scope.nodes.values() if node.inside]
        return found


def bounds_of(shape: etree._Element) -> Box:
    found = shape.find("dc:Bounds", DI)
    return Box(*(float(found.get(key)) for key in ("x", "y", "width", "height")))


def overlaps(drawing: Drawing) -> list[str]:
    """Return pairs of shapes or notes that lie on each other; events on an edge do by nature."""
    found = []
    for scope in drawing.scopes():
        ids = [node.id for node in scope.nodes.values() if not node.host]
        ids += [note.id for note in scope.notes]
        for one, two in combinations(ids, 2):
            if drawing.boxes[one].meets(drawing.boxes[two]):
                found.append(f"{one} {two}")
    return found


def loose_ends(drawing: Drawing) -> list[str]:
    """Return arrows that do not begin and end on the border of their shapes."""
    found = []
    flows = [flow for scope in drawing.scopes() for flow in scope.flows]
    for flow in [*flows, *drawing.figure.messages]:
        points = drawing.points[flow.id]
        for end, (x, y) in ((flow.source, points[0]), (flow.target, points[-1])):
            box = drawing.boxes[end]
            near = box.grown(1.5)
            inside = near.x <= x <= near.right and near.y <= y <= near.bottom
            deep = box.grown(-3)
            if not inside or (deep.x < x < deep.right and deep.y < y < deep.bottom):
                found.append(f"{flow.id} at {end}")
    return found


def hidden_ends(drawing: Drawing) -> list[str]:
    """Return arrows that meet an activity where an event stands on its edge."""
    found = []
    scope = drawing.figure.scope
    for flow in [*scope.flows, *drawing.figure.messages]:
        points = drawing.points[flow.id]
        for end, (x, y) in ((flow.source, points[0]), (flow.target, points[-1])):
            for event in scope.boundaries(end):
                if drawing.boxes[event.id].meets(Box(x, y, 0.1, 0.1)):
                    found.append(f"{flow.id} at {event.id}")
    return found


def slanted(drawing: Drawing) -> list[str]:
    return [
        name
        for name, points in drawing.points.items()
        for (x, y), (u, v) in zip(points, points[1:], strict=False)
        if x != u and y != v
    ]


def ways_through(drawing: Drawing) -> list[str]:
    """Return arrows that run through a shape that they do not belong to."""
    found = []
    for scope in drawing.scopes():
        shapes = [*scope.nodes, *(note.id for note in scope.notes)]
        for flow in scope.flows:
            points = drawing.points[flow.id]
            own = {flow.source, flow.target, scope.nodes[flow.source].host}
            for (x, y), (u, v) in zip(points, points[1:], strict=False):
                line = Box(min(x, u), min(y, v), abs(u - x) + 0.1, abs(v - y) + 0.1)
                for shape in shapes:
                    if shape not in own and drawing.boxes[shape].grown(-1).meets(line):
                        found.append(f"{flow.id} through {shape}")
    return found


def outside(drawing: Drawing) -> list[str]:
    """Return nodes that do not stand in their lane."""
    found = []
    for node in drawing.figure.scope.nodes.values():
        if not node.lane:
            continue
        lane, box = drawing.boxes[node.lane], drawing.boxes[node.id]
        if not (lane.x <= box.x and box.right <= lane.right):
            found.append(node.id)
        if not (lane.y <= box.y and box.bottom <= lane.bottom):
            found.append(node.id)
    return found


def faults(markup: str) -> dict[str, list[str]]:
    drawing = Drawing(markup)
    checks = (overlaps, loose_ends, hidden_ends, slanted, ways_through, outside)
    return {check.__name__: found for check in checks if (found := check(drawing))}


class TestLayOut:
    @pytest.mark.parametrize("path", OUTLINES, ids=lambda path: path.stem)
    def test_makes_an_outline_readable(self, path):
        assert faults(drawn(path.read_text(encoding="utf-8"))) == {}

    @pytest.mark.thorough
    @pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
    def test_makes_each_shipped_process_readable(self, path):
        assert faults(laid_out(path.read_text(encoding="utf-8"))) == {}

    @pytest.mark.parametrize("path", DRAWN_BY_HAND[:3], ids=lambda path: path.stem)
    def test_leaves_the_logic_alone(self, path):
        before = path.read_text(encoding="utf-8")

        after = laid_out(before)

        assert (
            before.partition("  <bpmndi:BPMNDiagram")[0]
            == after.partition("  <bpmndi:BPMNDiagram")[0]
        )
        assert laid_out(after) == after

    def test_finds_faults_where_there_are_some(self):
        """Otherwise the checks above would say nothing."""
        markup = drawn(OUTLINES[0].read_text(encoding="utf-8"))
        node = next(iter(read_figure(read_markup(markup.encode(), file="")).scope.nodes))
        root = etree.fromstring(markup.encode())
        for shape in root.iterfind(".//bpmndi:BPMNShape", DI):
            if shape.get("bpmnElement") == node:
                shape.find("dc:Bounds", DI).set("x", "600")
                shape.find("dc:Bounds", DI).set("width", "2000")
                shape.find("dc:Bounds", DI).set("height", "1500")

        found = faults(etree.tostring(root, encoding="unicode"))

        assert {"overlaps", "loose_ends", "ways_through", "outside"} <= set(found)

    def test_changes_the_file_where_it_is(self, tmp_path):
        file = tmp_path / "finding.bpmn"
        file.write_bytes(next(p for p in SHIPPED if p.stem == "finding").read_bytes())

        assert main([str(file)]) == 0

        assert faults(file.read_text(encoding="utf-8")) == {}

    def test_says_what_it_cannot_lay_out(self, tmp_path, capsys):
        file = tmp_path / "broken.bpmn"
        file.write_text("<not-closed>", encoding="utf-8")

        assert main([str(file)]) == 1
        assert "broken.bpmn" in capsys.readouterr().err

    def test_refuses_a_note_that_belongs_to_nothing(self):
        markup = drawn("process p 过程\nlane handler 承办岗\nstart s 开始\nend e 完\ns -> e")
        loose = '<bpmn:textAnnotation id="n"><bpmn:text>x</bpmn:text></bpmn:textAnnotation>'

        with pytest.raises(FigureError, match="'n'"):
            laid_out(markup.replace("</bpmn:process>", f"{loose}</bpmn:process>"))
