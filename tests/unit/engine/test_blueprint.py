"""What the diagrams say, read without any engine; and the bundle that carries them."""

from __future__ import annotations

import pytest

from tests.unit.engine.drawing import boundary, catch, draw, end, path, process, start, user
from tests.unit.engine.patterns import DECIDED, DECISION, REPORT, STARTS, WITHDRAWAL
from workflows.engine.blueprint import blueprint
from workflows.engine.bundle import Bundle, read_bundle
from workflows.errors import DiagramError, NotFound


class TestBlueprint:
    def test_knows_each_kind_of_element(self):
        plan = blueprint(WITHDRAWAL)

        task = plan.element("task_check")
        assert (task.kind, task.form, task.role) == ("userTask", "any", "handler")
        assert (task.process, task.scope, task.file) == ("main", "handling", "main.bpmn")
        assert plan.element("remind").operation == "remind"
        asked = plan.element("asked")
        assert (asked.message, asked.attached_to) == ("withdrawal_requested", "handling")
        assert not asked.interrupting
        assert plan.element("sure").interrupting
        assert plan.element("late").timer == "reply@overdue"
        assert plan.element("threw").message == "withdrawal_confirmed"
        assert blueprint(DECISION).element("decide").decision == "source.dmn"
        assert blueprint(DECIDED).element("records").collection == "correctors"
        assert blueprint(DECIDED).element("records").calls == "record"
        assert blueprint(REPORT).element("ack").message == "acknowledged"

    def test_lists_starts_and_ends_of_the_main_process_only(self):
        assert len(blueprint(STARTS).starts) == 6
        assert [end.id for end in blueprint(DECIDED).ends] == [
            "e_remind",
            "threw",
            "e_upheld",
            "e_withdrawn",
            "e_corrected",
        ]

    def test_keeps_our_own_attributes(self):
        bundle = draw(process("main", start("b"), user("t", jiannuo__clock="reply"), end("e")))

        element = blueprint(bundle).element("t")

        assert element.clock == "reply"
        assert element.attributes == {"form": "any", "role": "handler", "clock": "reply"}

    def test_names_elements_in_each_language(self):
        bundle = draw(process("main", *START_TO_END))
        files = {**bundle.files, "texts/en.json": b'{"t": "Formal check"}'}
        plan = blueprint(Bundle(key="main", main_process="main", files=files))

        assert plan.label("t") == "t"
        assert plan.label("t", "en") == "Formal check"
        assert plan.label("e", "en") == "e"

    def test_does_not_know_every_id(self):
        with pytest.raises(NotFound, match="no_such_element"):
            blueprint(WITHDRAWAL).element("gone")

    def test_refuses_broken_labels(self):
        bundle = draw(process("main", *START_TO_END))
        files = {**bundle.files, "texts/en.json": b"[1]"}

        with pytest.raises(DiagramError, match="not_json"):
            blueprint(Bundle(key="main", main_process="main", files=files))

    def test_puts_a_boundary_event_where_it_watches(self):
        bundle = draw(
            process(
                "main",
                *START_TO_END,
                boundary("late", "t", timer="reply@due"),
                catch("c", message="go"),
                path("late", "c", "e"),
            )
        )

        assert blueprint(bundle).element("late").attached_to == "t"


START_TO_END = (start("b"), user("t"), end("e"), path("b", "t", "e"))


class TestBundle:
    def test_is_known_by_its_content(self):
        files = {"main.bpmn": b"x", "forms/a.json": b"{}"}
        one = Bundle(key="p", main_process="p", files=files)

        assert (
            one.hash == Bundle(key="p", main_process="p", files=dict(reversed(files.items()))).hash
        )
        assert one.hash != Bundle(key="p", main_process="p", files={**files, "x.json": b""}).hash
        assert one.hash != Bundle(key="p", main_process="p", files={"main.bpmn": b"x"}).hash
        assert one.hash != Bundle(key="q", main_process="p", files=files).hash
        moved = {"main.bpmn": b"x", "forms/b.json": b"{}"}
        assert one.hash != Bundle(key="p", main_process="p", files=moved).hash

    def test_cannot_be_changed_afterwards(self):
        files = {"main.bpmn": b"x"}
        bundle = Bundle(key="p", main_process="p", files=files)
        before = bundle.hash

        files["main.bpmn"] = b"y"

        assert bundle.files["main.bpmn"] == b"x"
        assert bundle.hash == before
        with pytest.raises(TypeError):
            bundle.files["z"] = b""  # type: ignore[index]

    def test_is_read_with_the_shared_parts(self, tmp_path):
        for name in ("case/case.bpmn", "case/forms/a.json", "shared/letter.bpmn", "case/notes.txt"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(name.encode())

        bundle = read_bundle(tmp_path, key="case")

        assert dict(bundle.files) == {
            "case.bpmn": b"case/case.bpmn",
            "forms/a.json": b"case/forms/a.json",
            "shared/letter.bpmn": b"shared/letter.bpmn",
        }
        assert bundle.main_process == "case"

    def test_needs_its_folder(self, tmp_path):
        with pytest.raises(DiagramError, match="no_such_process"):
            read_bundle(tmp_path, key="case")
