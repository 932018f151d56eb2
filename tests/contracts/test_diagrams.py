"""Keeps the shipped diagrams, their operations, forms and texts fitting each other."""

from __future__ import annotations

import json

import pytest

from handlers.registry import operations
from tests.contracts.sources import ROOT, report
from workflows.engine.blueprint import blueprint
from workflows.engine.bundle import Bundle, read_bundle
from workflows.engine.check import check_bundle
from workflows.services.agree_rules import ROLES

BPMN = ROOT / "bpmn"


def shipped() -> list[str]:
    """Return the key of every process that we ship: a folder with a diagram of its own name."""
    return sorted(path.stem for path in BPMN.glob("*/*.bpmn") if path.stem == path.parent.name)


def read(key: str) -> Bundle:
    return read_bundle(BPMN, key=key)


def used_operations() -> dict[str, str]:
    """Return every operation that a shipped diagram calls, and where."""
    return {
        element.operation: f"{element.file} {element.id}"
        for key in shipped()
        for element in blueprint(read(key)).elements.values()
        if element.operation
    }


class TestShippedProcesses:
    def test_are_there(self):
        assert "objection" in shipped()

    @pytest.mark.parametrize("key", shipped())
    def test_pass_the_deployment_check(self, key):
        found = check_bundle(read(key), operations=set(operations()), roles=set(ROLES))

        assert not found, report([str(finding) for finding in found], "type: jiannuo lint")

    @pytest.mark.parametrize("key", shipped())
    def test_have_a_form_for_every_task(self, key):
        bundle = read(key)
        tasks = [e for e in blueprint(bundle).elements.values() if e.kind == "userTask"]
        found = [
            f"{task.file} {task.id}: form {task.form!r}"
            for task in tasks
            if f"forms/{task.form}.json" not in bundle.files
            and f"shared/forms/{task.form}.json" not in bundle.files
        ]

        assert tasks
        assert not found, report(
            found, f"draw the form in bpmn/{key}/forms/ and name it on the task."
        )

    @pytest.mark.parametrize("key", shipped())
    def test_have_a_role_for_every_task(self, key):
        tasks = [e for e in blueprint(read(key)).elements.values() if e.kind == "userTask"]
        found = [f"{e.file} {e.id}: {e.role!r}" for e in tasks if e.role not in ROLES]

        assert not found, report(found, "put the task into a lane with a jiannuo:role.")

    @pytest.mark.parametrize("key", shipped())
    def test_are_labelled_in_both_languages(self, key):
        plan = blueprint(read(key))
        found = [
            f"{element.file} {element.id} {element.name}"
            for element in plan.elements.values()
            if element.name and element.id not in plan.texts.get("en", {})
        ]

        assert not found, report(found, f"add the id to bpmn/{key}/texts/en.json.")

    @pytest.mark.parametrize("key", shipped())
    def test_translate_only_what_is_drawn(self, key):
        plan = blueprint(read(key))
        known = plan.elements.keys() | plan.process_names.keys()
        # A key with a dot belongs to a form, lane or flow; tests/unit/process looks after those.
        labels = [name for name in plan.texts.get("en", {}) if "." not in name]
        found = [name for name in labels if name not in known]

        assert not found, report(found, "take the line out, or correct its id.")


class TestOperations:
    def test_are_registered_when_a_diagram_calls_them(self):
        used = used_operations()
        found = [f"{used[name]}: {name}" for name in used.keys() - set(operations())]

        assert not found, report(found, "write it in handlers/ and register it with @operation.")

    def test_are_called_when_they_are_registered(self):
        found = sorted(set(operations()) - used_operations().keys())

        assert not found, report(found, "call it from a diagram, or take it out of handlers/.")


class TestFiles:
    @pytest.mark.parametrize("path", sorted(BPMN.rglob("*.json")), ids=lambda path: path.name)
    def test_are_readable_json(self, path):
        assert json.loads(path.read_text(encoding="utf-8")), f"{path} is empty"
