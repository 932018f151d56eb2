"""`jiannuo lint`: what would run wrong is named with file, element and remedy; exit status 1."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from webapp.cli.lint import SHIPPED, lint


@pytest.fixture
def folder(tmp_path):
    """A copy of what is shipped, to be spoilt."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "bpmn"))


def run(*arguments):
    return CliRunner().invoke(lint, [str(each) for each in arguments], catch_exceptions=False)


def edit(file, change):
    content = json.loads(file.read_text(encoding="utf-8"))
    change(content)
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def put_script_task(folder):
    file = folder / "objection" / "verification.bpmn"
    text = file.read_text(encoding="utf-8")
    for tag in ("<bpmn:serviceTask", "</bpmn:serviceTask>"):
        text = text.replace(tag, tag.replace("serviceTask", "scriptTask"), 1)
    file.write_text(text, encoding="utf-8")


def sign_what_is_returned(folder):
    file = folder / "shared" / "issue_letter.bpmn"
    text = file.read_text(encoding="utf-8")
    text = text.replace("sign_outcome == 'agree'", "sign_outcome == 'return'")
    file.write_text(text, encoding="utf-8")


class TestLint:
    def test_finds_nothing_in_what_is_shipped(self):
        found = run()

        assert found.exit_code == 0
        assert found.stdout.startswith("没有发现问题。")
        assert "objection：" in found.stdout

    def test_shows_the_risks_that_are_known_with_the_reason(self):
        found = run("--lang", "en", "--process", "objection")

        assert "Risks that are known and accepted:" in found.stdout
        assert "the handler opens a new one by the way of reopening" in found.stdout

    def test_shows_the_shortest_path_to_a_broken_duty(self, folder):
        sign_what_is_returned(folder)

        found = run(folder)

        assert found.exit_code == 1
        assert "shared/issue_letter.bpmn: number_letter 编发文字号 [E, N40]" in found.stdout
        assert "法律的要求：文书经签发才能编号。（E, N40）" in found.stdout
        assert "签发 (task_sign_letter): sign_outcome = return" in found.stdout

    def test_gives_the_path_as_sarif(self, folder):
        sign_what_is_returned(folder)

        found = run(folder, "--sarif", "--lang", "en")

        [tool] = json.loads(found.stdout)["runs"]
        result = next(one for one in tool["results"] if one["ruleId"] == "duty.before")
        place = result["locations"][0]
        flow = result["codeFlows"][0]["threadFlows"][0]["locations"]
        assert place["physicalLocation"]["artifactLocation"]["uri"] == (
            "bpmn/shared/issue_letter.bpmn"
        )
        assert place["physicalLocation"]["region"]["startLine"] > 1
        assert flow[-1]["location"]["logicalLocations"][0]["name"] == "number_letter"

    def test_gives_the_path_as_json(self, folder):
        sign_what_is_returned(folder)

        found = json.loads(run(folder, "--json").stdout)

        broken = next(one for one in found["findings"] if one["name"] == "duty.before")
        assert broken["rules"] == ["E", "N40"]
        assert broken["path_elements"][0] == "start_portal"
        assert broken["path_elements"][-1] == "number_letter"

    def test_names_file_element_and_remedy_of_a_script_task(self, folder):
        put_script_task(folder)

        found = run(folder)

        assert found.exit_code == 1
        assert "verification.bpmn: " in found.stdout
        assert "用了脚本任务" in found.stdout
        assert "改成服务任务" in found.stdout

    def test_gives_json_in_words(self, folder):
        put_script_task(folder)

        found = run(folder, "--json", "--lang", "en")

        finding = json.loads(found.stdout)["findings"][0]
        assert found.exit_code == 1
        assert finding["file"] == "verification.bpmn"
        assert finding["element"]
        assert "script task" in finding["problem"]
        assert finding["remedy"]

    def test_names_a_parameter_that_no_pack_gives(self, folder):
        def leave_out(content):
            content["parameters"] = [
                row for row in content["parameters"] if row["key"] != "obj.verification.limit"
            ]

        edit(folder / "rules" / "office.json", leave_out)

        found = run(folder)

        assert found.exit_code == 1
        assert "obj.verification.limit" in found.stdout

    def test_names_a_slip_in_a_pack(self, folder):
        edit(folder / "rules" / "jilin.json", lambda content: content.pop("version"))

        found = run(folder)

        assert found.exit_code == 1
        assert "jilin.json" in found.stdout

    def test_names_a_missing_day_in_a_notice(self, folder):
        edit(
            folder / "calendars" / "2026.json",
            lambda content: content["holidays"][0].update(to="2026-01-02"),
        )

        found = run(folder)

        assert found.exit_code == 1
        assert "补上缺的一天" in found.stdout

    def test_names_a_diagram_that_cannot_be_read(self, folder):
        (folder / "objection" / "handling.bpmn").write_text("<bpmn", encoding="utf-8")

        found = run(folder)

        assert found.exit_code == 1
        assert "handling.bpmn" in found.stdout

    def test_goes_on_after_the_first_fault(self, folder):
        put_script_task(folder)
        edit(folder / "rules" / "jilin.json", lambda content: content.pop("version"))

        found = run(folder)

        assert "verification.bpmn" in found.stdout
        assert "jilin.json" in found.stdout

    @pytest.mark.parametrize("name", ["empty", "nowhere"])
    def test_of_a_folder_with_nothing_to_check_says_so(self, tmp_path, name):
        (tmp_path / "empty").mkdir()

        found = run(tmp_path / name)

        assert found.exit_code == 1
        assert "没有流程" in found.stderr
