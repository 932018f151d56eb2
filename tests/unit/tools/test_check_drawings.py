"""Drawings of other tools are accepted, or refused with the element named."""

from __future__ import annotations

from tests.unit.engine.drawing import diagram, end, node, path, process, service, start
from tools.check_drawings import main


class TestCheckDrawings:
    def test_says_of_each_file_what_speaks_against_it(self, tmp_path, capsys):
        good = process(
            "main", start("b"), service("s", "close_case"), end("e"), path("b", "s", "e")
        )
        bad = process("other", start("b"), node("scriptTask", "do_it"), path("b", "do_it"))
        (tmp_path / "good.bpmn").write_text(diagram(good), encoding="utf-8")
        (tmp_path / "bad.bpmn").write_text(diagram(bad), encoding="utf-8")
        (tmp_path / "broken.bpmn").write_bytes(b"\x89PNG")

        assert main(str(tmp_path)) == 0

        said = capsys.readouterr().out
        assert "good.bpmn: accepted" in said
        assert "do_it 'do_it': There is a script task." in said
        assert "broken.bpmn: refused" in said
