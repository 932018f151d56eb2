"""An outline says all that a shipped process says, and what is drawn from it can be deployed."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

import tools.draw_process
from handlers.registry import operations
from tests.contracts.sources import ROOT
from tools.diagram.markup import markup_of
from tools.diagram.outline import OutlineError, read_outline
from tools.diagram.outline_text import outline_text
from tools.draw_process import drawn, main
from workflows.engine.blueprint import blueprint
from workflows.engine.bundle import Bundle, read_bundle
from workflows.engine.check import check_bundle
from workflows.engine.markup import read_markup
from workflows.engine.token.compiler import program_of
from workflows.services.agree_rules import ROLES

SHIPPED = sorted((ROOT / "bpmn").rglob("*.bpmn"))
OUTLINES = Path(__file__).parent / "outlines"
SMALL = """
process p 过程
lane handler 承办岗
  start s 开始
  xor x 好吗？
  end e 完
s -> x -> e
"""


def without_line_breaks_in_notes(markup: str) -> str:
    """Return the logic; where a note's lines break is the drawer's choice."""
    logic = markup.partition("  <bpmndi:BPMNDiagram")[0].replace("</bpmn:definitions>\n", "")
    pattern = r"<bpmn:text>.*?</bpmn:text>"
    return re.sub(pattern, lambda found: found[0].replace("\n", ""), logic, flags=re.DOTALL)


def redrawn(bundle: Bundle) -> Bundle:
    """Return the bundle with each diagram drawn from its own outline."""
    files = dict(bundle.files)
    for name in bundle.list_files(".bpmn"):
        files[name] = drawn(outline_text(read_markup(files[name], file=name))).encode()
    return Bundle(bundle.key, bundle.main_process, files)


def compiled(bundle: Bundle) -> list[str]:
    """Return the tables that the engine runs; of a compiled condition only that there is one."""
    program = program_of(bundle)
    return [re.sub(r" at 0x[0-9a-f]+", "", repr(one)) for one in (*program.scopes, *program.nodes)]


class TestShippedProcesses:
    @pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
    def test_come_back_from_their_outline_to_the_letter(self, path):
        shipped = path.read_text(encoding="utf-8")

        again = markup_of(read_outline(outline_text(read_markup(shipped.encode(), file=""))))

        assert without_line_breaks_in_notes(again) == without_line_breaks_in_notes(shipped)

    @pytest.mark.thorough
    def test_run_the_same_when_drawn_from_outlines(self):
        bundle = read_bundle(ROOT / "bpmn", key="objection")

        again = redrawn(bundle)

        assert check_bundle(again, operations=set(operations()), roles=set(ROLES)) == []
        assert blueprint(again).elements == blueprint(bundle).elements
        assert compiled(again) == compiled(bundle)


class TestOutlines:
    def test_the_example_in_the_manual_is_the_one_that_is_drawn(self):
        manual = str(tools.draw_process.__doc__).partition("can be said:\n")[2]
        example = textwrap.dedent(manual.partition("\nKinds of step")[0]).strip()

        assert (OUTLINES / "repair.txt").read_text(encoding="utf-8").startswith(example)

    def test_sub_processes_and_repetition_are_written(self):
        text = (OUTLINES / "repair.txt").read_text(encoding="utf-8")

        markup = markup_of(read_outline(text))

        root = read_markup(markup.encode(), file="")
        again = outline_text(root)
        assert markup_of(read_outline(again)) == markup
        assert 'triggeredByEvent="true"' in markup
        assert "<bpmn:completionCondition" in markup
        assert "sub examine 审查\n    start start_examine" in again

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("dance d 舞", "line 8: no such kind of line"),
            ("user task_x 名 fomr=check", "fomr= means nothing here"),
            ("user s 名", "s is there already"),
            ("user Task_1 名", "is no id"),
            ("user task_x 名 @nobody", "there is no lane_nobody"),
            ("boundary b 名 timer=a@b", "says on=<step>"),
            ("boundary b 名 on=task_y timer=a@b", "on task_y, which is no step"),
            ("x -> f : 是 default", "names f, which is no step"),
            ("s -> x", "written twice"),
            ("note n: 文", "a note is written"),
        ],
    )
    def test_are_refused_with_the_reason(self, line, said):
        with pytest.raises(OutlineError, match=re.escape(said)):
            read_outline(f"{SMALL}{line}")

    def test_name_condition_and_default_of_an_arrow_are_told_apart(self):
        outline = read_outline(f"{SMALL}x -> s : 退回 if a == 'b:c'\nx -> s if not done\ne -> s")

        said = [(one.name, one.condition, one.default) for one in outline.arrows[2:]]
        assert said == [("退回", "a == 'b:c'", False), ("", "not done", False), ("", "", False)]


class TestCommand:
    def test_writes_the_file_with_the_folder_as_its_namespace(self, tmp_path):
        (tmp_path / "repair").mkdir()
        outline, into = tmp_path / "p.txt", tmp_path / "repair" / "p.bpmn"
        outline.write_text(SMALL, encoding="utf-8")

        assert main(str(outline), str(into)) == 0

        assert 'targetNamespace="urn:jiannuo:repair"' in into.read_text(encoding="utf-8")

    def test_names_the_file_and_line_that_it_cannot_read(self, tmp_path, capsys):
        outline = tmp_path / "p.txt"
        outline.write_text(f"{SMALL}nonsense", encoding="utf-8")

        assert main(str(outline), str(tmp_path / "p.bpmn")) == 1

        assert "p.txt: line 8" in capsys.readouterr().err
        assert not (tmp_path / "p.bpmn").exists()
