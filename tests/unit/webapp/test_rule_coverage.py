"""What carries a rule is found in diagrams, tables, packs, letters and code, and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from webapp.rule_coverage.carriers import Carrier, list_carriers
from webapp.rule_coverage.named_tests import list_named_tests, list_test_nodes
from webapp.rule_coverage.proofs import Proof, prove
from webapp.rule_coverage.report import (
    CARRIED,
    EXEMPT,
    MISSING,
    PENDING,
    UNPROVEN,
    list_unknown_ids,
    read_coverage,
)
from webapp.rule_coverage.rule_ids import ids_in

DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p">
<userTask id="task_a" /><textAnnotation id="note"><text>十五个工作日（R1、O-
2）</text></textAnnotation>
<association id="line" sourceRef="task_a" targetRef="note" />
</process></definitions>"""
CODE = '''"""A module about nothing."""


def act() -> None:
    """Do what R2 asks."""
    value = "R4"  # N5: because.
    print(value)
'''
TEST = '''"""R9 is not cited by a module."""


class TestAct:
    """R2: done."""

    def test_does(self):
        # N5 too.
        assert "R7"
'''


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small product with one of each carrier."""
    for name, text in (
        ("bpmn/small/small.bpmn", DIAGRAM),
        ("workflows/act.py", CODE),
        ("tests/test_act.py", TEST),
        ("bpmn/catalogue/items.json", '{"items": [{"key": "it", "basis": [{"rule": "R6, R8"}]}]}'),
        ("bpmn/letters/remedies.json", '{"rows": [], "fill": {}}'),
        ("bpmn/letters/kinds/reply.json", '{"rules": ["R6", "E"]}'),
        (
            "bpmn/rules/pack.json",
            '{"documents": {}, "parameters": [{"key": "a.b", "rule_ids": ["R8"]}]}',
        ),
    ):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    write_about(tmp_path)
    return tmp_path


def write_about(root: Path, *, exempt=None, pending=None) -> None:
    ids = ("R1", "R2", "R6", "R8", "N5", "O-2", "R3")
    rules = [{"id": each, "source": "s", "zh": "z", "en": "e"} for each in ids]
    folder = root / "bpmn" / "rules" / "about"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (
        ("catalogue", {"rules": rules}),
        ("exempt", {"exempt": exempt or {}}),
        ("pending", {"pending": pending or {}}),
    ):
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")


class TestIds:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("（R2、O-2）", ["R2", "O-2"]),
            ("N18 article 42, R150.", ["N18", "R150"]),
            ("R2-R5", []),
            ("XR2 R2x R1234 pR3 file.R4", []),
            ("R2 R2", ["R2"]),
        ],
    )
    def test_are_found_where_they_stand_alone(self, text, found):
        assert ids_in(text) == found


class TestCarriers:
    def test_are_named_by_file_and_part(self, root):
        found = list_carriers(root)

        assert found["R1"] == [Carrier("diagram", "small/small.bpmn#task_a")]
        assert found["O-2"] == [Carrier("diagram", "small/small.bpmn#task_a")]
        assert found["R2"] == [Carrier("code", "workflows/act.py#act")]
        assert found["N5"] == [Carrier("code", "workflows/act.py#act")]
        listed = Carrier("catalogue", "catalogue/items.json#it")
        assert found["R6"] == [Carrier("letter", "letters/kinds/reply.json"), listed]
        assert found["R8"] == [Carrier("parameter", "rules/pack.json#a.b"), listed]

    def test_are_no_values_and_no_other_words(self, root):
        assert not {"R4", "E"} & set(list_carriers(root))


class TestNamedTests:
    def test_cite_in_docstring_or_comment_only(self, root):
        node = "tests/test_act.py::TestAct::test_does"

        assert list_named_tests(root) == {"R2": [node], "N5": [node]}
        assert list_test_nodes(root) == {node}

    def test_may_be_named_in_a_file(self, root):
        named = {"tests": {"R1": ["tests/test_act.py::TestAct::test_does"]}}
        (root / "tests" / "rule_tests.json").write_text(json.dumps(named), encoding="utf-8")

        assert list_named_tests(root)["R1"] == ["tests/test_act.py::TestAct::test_does"]


class TestCoverage:
    def states(self, root):
        return {each.rule.id: each.state for each in read_coverage(root)}

    def test_needs_carrier_and_test(self, root):
        assert self.states(root) == {
            "R1": UNPROVEN,
            "R2": CARRIED,
            "R6": UNPROVEN,
            "R8": UNPROVEN,
            "N5": CARRIED,
            "O-2": UNPROVEN,
            "R3": MISSING,
        }

    def test_counts_what_waits_as_not_yet_carried(self, root):
        write_about(root, exempt={"R3": "because"}, pending={"repair": ["R2"]})

        states = self.states(root)
        assert (states["R3"], states["R2"]) == (EXEMPT, PENDING)

    def test_names_ids_that_no_catalogue_has(self, root):
        (root / "workflows" / "more.py").write_text('"""As R99 says."""\n', encoding="utf-8")
        write_about(root, exempt={"N44": "because"})

        assert list_unknown_ids(root) == {"N44": ["exempt.json"], "R99": ["workflows/more.py"]}


class TestProve:
    def test_refuses_a_change_of_what_is_not_there(self, root, monkeypatch):
        for name in ("handlers", "notifications", "webapp", "tools"):
            (root / name).mkdir()
        (root / "pyproject.toml").write_text("", encoding="utf-8")
        proof = Proof(
            rules=("R2",),
            what="nothing",
            file="workflows/act.py",
            find="not there",
            replace="",
            test="tests/test_act.py",
        )

        with pytest.raises(ValueError, match="no longer holds"):
            prove(root, proof)
