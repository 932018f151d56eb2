"""`jiannuo calendar list` and `check` show notices without touching a database."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from tests.unit.clock.factories import CALENDARS
from webapp.cli.calendar_show import check_notice_command, list_notices_command


def check(*arguments: str) -> Result:
    return CliRunner().invoke(check_notice_command, list(arguments))


class TestList:
    def test_names_every_notice(self):
        found = CliRunner().invoke(list_notices_command, [])
        lines = found.stdout.splitlines()

        assert len(lines) == 12
        assert lines[2].endswith("修改 国办发明电〔2018〕15号")
        assert lines[-1] == "2027 年的通知还没有发布：跨入 2027 年的日期都是暂定的。"

    def test_gives_json(self):
        found = CliRunner().invoke(list_notices_command, ["--json"])

        assert [row["year"] for row in json.loads(found.stdout)][-1] == 2026

    def test_speaks_english(self):
        found = CliRunner().invoke(list_notices_command, ["--lang", "en"])

        assert "annual notice" in found.stdout


class TestCheck:
    def test_says_that_a_shipped_notice_changes_nothing(self):
        found = check(str(CALENDARS / "2026.json"))

        assert found.exit_code == 0
        assert "与现有日历相比，没有一天会变" in found.stdout

    def test_shows_which_days_a_later_notice_changes(self, tmp_path):
        content = json.loads((CALENDARS / "2019-labour-day.json").read_text(encoding="utf-8"))
        content |= {
            "year": 2026,
            "document": "国办发明电〔2026〕1号",
            "title": "关于调整2026年中秋节假期的通知",
            "issued_on": "2026-08-01",
            "amends": "国办发明电〔2025〕7号",
            "holidays": [
                {
                    "name": "中秋节",
                    "from": "2026-09-24",
                    "to": "2026-09-27",
                    "days": 4,
                    "workdays": ["2026-09-19"],
                }
            ],
        }
        file = tmp_path / "new.json"
        file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

        found = check(str(file))

        assert found.exit_code == 0
        assert found.stdout.splitlines()[1:] == [
            "与现有日历相比，2 天的性质会变：",
            "  2026-09-19 周六  周末 → 调休上班 中秋节",
            "  2026-09-24 周四  工作日 → 放假 中秋节",
        ]

    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_lists_all_that_is_wrong(self, tmp_path, language):
        content = json.loads((CALENDARS / "2026.json").read_text(encoding="utf-8"))
        content["holidays"].pop(4)
        content["holidays"][1]["workdays"] = ["2026-02-13", "2026-02-28"]
        file = tmp_path / "bad.json"
        file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

        found = check("--lang", language, str(file))

        assert found.exit_code == 1
        assert len(found.stderr.splitlines()) == 4
        assert "error." not in found.stderr

    def test_refuses_an_amendment_of_an_unknown_notice(self, tmp_path):
        content = json.loads((CALENDARS / "2019-labour-day.json").read_text(encoding="utf-8"))
        content["amends"] = "国办发明电〔2018〕99号"
        file = tmp_path / "lost.json"
        file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

        found = check(str(file))

        assert found.exit_code == 1
        assert "国办发明电〔2018〕99号，但那份通知没有装载" in found.stderr

    def test_says_when_a_file_cannot_be_opened(self, tmp_path):
        found = check(str(tmp_path / "none.json"), str(CALENDARS / "2026.json"))

        assert found.exit_code == 1
        assert "打不开" in found.stderr
        assert "可以装载" in found.stdout

    def test_gives_json(self, tmp_path):
        found = check("--json", str(tmp_path / "none.json"), str(CALENDARS / "2026.json"))
        missing, good = json.loads(found.stdout)

        assert found.exit_code == 1
        assert (missing["notice"], len(missing["problems"])) == (None, 1)
        assert (good["file"], good["notice"]["year"]) == ("2026.json", 2026)
        assert good["problems"] == good["changes"] == []
