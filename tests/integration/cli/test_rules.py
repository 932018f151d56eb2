"""`jiannuo rules`: a region's rules, two regions side by side, and what carries each rule."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from webapp.cli import coverage as command
from webapp.cli import read_summaries
from webapp.cli.rules import rules
from webapp.rule_coverage import report as coverage_report
from webapp.rule_coverage.proofs import Proof, Result, choose, list_proofs, prove


def run(*arguments):
    return CliRunner().invoke(rules, list(arguments), catch_exceptions=False)


class TestShow:
    def test_lists_what_binds_with_source_rank_and_what_is_not_read(self):
        found = run("show", "--division", "32", "--on", "2026-05-01", "--process", "rectification")

        assert found.exit_code == 0
        assert "rec.honours" in found.stdout
        assert "苏政发〔2023〕55号 二(四)" in found.stdout
        assert "更高效力的文本未读" in found.stdout
        assert "江苏省社会信用条例" in found.stdout
        assert "吉政办发" not in found.stdout

    def test_says_an_unconfirmed_rule_is_unconfirmed_and_no_more(self):
        found = run("show", "--division", "22", "--on", "2026-05-01", "--lang", "en")

        line = next(line for line in found.stdout.splitlines() if "N12" in line and "[" in line)
        assert "Not confirmed" in line or "nconfirmed" in line
        assert "Statutory" not in line

    def test_writes_json_for_a_program(self):
        found = run("show", "--division", "370100", "--on", "2026-05-01", "--json")

        content = json.loads(found.stdout)
        rows = {row["key"]: row["sides"][0] for row in content["rows"]}
        assert content["divisions"] == ["370100"]
        assert rows["obj.reply.limit"]["binding"][0]["value"] == 3
        assert rows["rep.result"]["binding"][0]["set_by_person"] is True
        assert rows["pub.subjectKinds"]["outranked"][0]["document"] == "鲁政发〔2018〕9号"

    @pytest.mark.parametrize("division", ["吉林", "2", "22050", "../22"])
    def test_refuses_what_is_no_division(self, division):
        found = run("show", "--division", division)

        assert found.exit_code == 1
        assert "不是行政区划代码" in found.output


class TestCompare:
    def test_lists_only_differences_unless_asked(self):
        few = run("compare", "22", "37", "--on", "2026-05-01")
        many = run("compare", "22", "37", "--on", "2026-05-01", "--all")

        assert "obj.other.limit" in few.stdout
        assert "rep.accept " not in few.stdout
        assert "rep.accept " in many.stdout

    def test_is_of_the_day_that_was_asked(self):
        before = run("compare", "22", "37", "--on", "2025-06-02")
        after = run("compare", "22", "37", "--on", "2026-06-02")

        assert "rec.publicCriticism" not in before.stdout
        assert "rec.publicCriticism" in after.stdout


class TestCoverage:
    def test_lists_every_rule_and_is_content_with_what_is_shipped(self):
        found = run("coverage", "--json")

        content = json.loads(found.stdout)
        assert found.exit_code == 0
        assert len(content["rules"]) == 163 + 44 + 12
        assert content["unknown"] == {}
        assert content["counts"]["missing"] == content["counts"]["unproven"] == 0

    def test_names_element_parameter_letter_code_and_test(self):
        found = run("coverage", "--rule", "R2", "--long")

        for words in (
            "objection/objection.bpmn#register_receipt",
            "rules/jilin.json#obj.reply.limit",
            "letters/kinds/reply.json",
            "handlers/operations/register_receipt.py",
            "tests/acceptance/test_verification.py::",
        ):
            assert words in found.stdout

    def test_says_of_what_is_not_carried_why(self, monkeypatch):
        monkeypatch.setattr(coverage_report, "read_pending", lambda root: {"R45": "rectification"})

        assert "等待：限期整改流程" in run("coverage", "--rule", "R45").stdout
        assert "本系统只同省级平台交换" in run("coverage", "--rule", "R144").stdout

    def test_fails_where_something_is_missing(self, tmp_path, monkeypatch):
        (tmp_path / "tests").mkdir()
        about = tmp_path / "bpmn" / "rules" / "about"
        about.mkdir(parents=True)
        rule = {"id": "R2", "source": "s", "zh": "z", "en": "e"}
        (about / "catalogue.json").write_text(json.dumps({"rules": [rule]}), "utf-8")
        (about / "exempt.json").write_text('{"exempt": {}}', "utf-8")
        (about / "pending.json").write_text('{"pending": {}}', "utf-8")
        remedies = tmp_path / "bpmn" / "letters"
        remedies.mkdir()
        (remedies / "remedies.json").write_text('{"rows": [], "fill": {}}', "utf-8")
        monkeypatch.setattr(command, "ROOT", tmp_path)

        found = run("coverage")

        assert found.exit_code == 1
        assert "没有承载" in found.stdout

    def test_needs_the_source_folder(self, tmp_path, monkeypatch):
        monkeypatch.setattr(command, "ROOT", tmp_path)

        assert "源码目录" in run("coverage").output


class TestProve:
    def test_finds_that_a_parameter_taken_out_is_noticed(self):
        proof = next(
            proof for proof in list_proofs(command.ROOT) if proof.rules == ("N18",) and proof.row
        )

        result = prove(command.ROOT, proof)

        assert (result.passes_before, result.fails_after) == (True, True), result.said

    def test_says_so_where_no_test_notices(self):
        proof = Proof(
            rules=("R2",),
            what="a title changes",
            file="bpmn/rules/jilin.json",
            find="吉林省规则包",
            replace="吉林规则包",
            test="tests/unit/rules/test_packs.py::TestPrecedence::test_lists_what_was_not_taken",
        )

        result = prove(command.ROOT, proof)

        assert result.passes_before
        assert not result.holds

    def test_takes_the_same_sample_for_the_same_seed_with_both_kinds(self):
        proofs = list_proofs(command.ROOT)

        sample = choose(proofs, number=6, seed=4)

        assert sample == choose(proofs, number=6, seed=4)
        assert sum(proof.row is None for proof in sample) == 3

    def test_ends_with_status_one_if_a_proof_fails(self, monkeypatch):
        def fails(root, proof):
            return Result(proof, passes_before=True, fails_after=False, said="1 passed")

        monkeypatch.setattr(command, "prove", fails)

        found = run("coverage", "--prove", "2")

        assert found.exit_code == 1
        assert "测试没有发现" in found.stdout


class TestSummary:
    def test_stands_in_both_languages(self):
        assert read_summaries("zh")["rules"]
        assert read_summaries("en")["rules"]
