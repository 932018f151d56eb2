"""`jiannuo import`: a table is checked, reported, and applied when asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflows.models import Subject

CODE = "91350100M000100Y43"
LINES = (
    "kind,name,code,division_code",
    f"enterprise,甲公司,{CODE},220500",
    "enterprise,,91310115MA1H8R7C6D,220500",
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "subjects.csv"
    file.write_text("\n".join(LINES), encoding="utf-8")
    return file


def found(office, code: str = CODE) -> int:
    with office.reading() as session:
        return session.query(Subject).filter_by(credit_code=code).count()


class TestImport:
    def test_checks_and_writes_nothing_unless_asked(self, office, jiannuo, table):
        result = jiannuo("import", str(table), "--kind", "subjects")

        assert result.exit_code == 0
        assert "待导入 1" in result.stdout
        assert "第 3 行" in result.stdout
        assert found(office) == 0

    def test_applies_and_writes_a_report(self, office, jiannuo, table, tmp_path):
        report = tmp_path / "report.csv"
        arguments = ("--kind", "subjects", "--apply", "--report", str(report), "--lang", "en")

        result = jiannuo("import", str(table), *arguments)
        again = jiannuo("import", str(table), *arguments)

        assert "1 applied" in result.stdout
        assert "1 registered" in again.stdout
        assert found(office) == 1
        assert "3,Name," in report.read_text(encoding="utf-8-sig")

    def test_says_what_is_wrong_with_a_file(self, jiannuo, table, tmp_path):
        table.write_text("kind,unknown\n", encoding="utf-8")

        refused = jiannuo("import", str(table), "--kind", "subjects")
        missing = jiannuo("import", str(tmp_path / "no.csv"), "--kind", "subjects")

        assert refused.exit_code == missing.exit_code == 1
        assert "unknown" in refused.output
        assert "no.csv" in missing.output
