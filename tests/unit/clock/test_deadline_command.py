"""`jiannuo deadline` answers one question in words or JSON, and a million rows in order."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import CliRunner, Result

from webapp.cli.deadline import deadline


def ask(*arguments: str, data: bytes | None = None) -> Result:
    return CliRunner().invoke(deadline, list(arguments), input=data)


def batch(text: str | bytes, *arguments: str) -> Result:
    data = text if isinstance(text, bytes) else text.encode()
    return ask("--batch", "-", *arguments, data=data)


class TestOneDate:
    def test_is_said_in_chinese(self):
        found = ask("--received", "2026-09-18", "--days", "15")

        assert found.exit_code == 0
        assert found.stdout == "2026-09-18 周五 接到，15 个工作日\n最后一天：2026-10-15 周四\n"

    def test_is_said_in_english(self):
        found = ask("--received", "2026-09-18", "--days", "1", "--lang", "en")

        assert found.stdout.splitlines() == [
            "received 2026-09-18 Fri, 1 working day",
            "last day: 2026-09-20 Sun",
        ]

    def test_is_explained_day_by_day(self):
        found = ask("--received", "2026-09-24", "--days", "15", "--explain")
        lines = found.stdout.splitlines()

        assert "其后 28 个日历日里，计入 15 天，周末不计 3 天，放假不计 10 天" in lines[2]
        assert "2026-10-10 周六     6  国庆节  调休上班，计入" in lines
        assert lines[-1] == "所依据的放假通知：国办发明电〔2025〕7号"

    def test_is_given_as_json(self):
        found = ask("--received", "2026-12-11", "--days", "15", "--json")

        assert json.loads(found.stdout) == {
            "received": "2026-12-11",
            "days": 15,
            "due": "2027-01-04",
            "provisional": True,
            "missing_years": [2027],
        }

    def test_is_explained_as_json(self):
        found = ask("--received", "2026-09-18", "--days", "15", "--json", "--explain")
        days = json.loads(found.stdout)["explanation"]

        assert len(days) == 28
        assert days[2] == {
            "date": "2026-09-20",
            "kind": "makeup",
            "name": "国庆节",
            "counted": True,
            "number": 1,
            "note": "makeup",
            "document": "国办发明电〔2025〕7号",
        }

    def test_is_reckoned_in_months(self):
        found = ask("--received", "2026-09-01", "--months", "1", "--json")

        assert json.loads(found.stdout)["due"] == "2026-10-08"
        assert json.loads(found.stdout)["months"] == 1

    def test_says_when_it_is_provisional(self):
        found = ask("--received", "2026-12-11", "--days", "15")

        assert "暂定：2027 年的放假通知还没有发布" in found.stdout

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["--received", "2026-02-30", "--days", "5"], "“2026-02-30”不是日期"),
            (["--received", "20260918", "--days", "5"], "“20260918”不是日期"),
            (["--received", "2026-09-18", "--days", "0"], "“0”不是有效的天数"),
            (["--received", "2026-09-18", "--days", "-5"], "“-5”不是有效的天数"),
            (["--received", "2026-09-18", "--days", "1.5"], "“1.5”不是有效的天数"),
            (["--received", "2026-09-18", "--days", "9" * 5000], "期限太长"),
            (["--received", "2026-09-18", "--months", "9" * 50], "期限太长"),
            (["--received", "2017-12-31", "--days", "5"], "不在日历范围内"),
            (["--received", "2026-09-18"], "请给出 --received 和 --days"),
            (["--days", "5"], "请给出 --received 和 --days"),
            (["--received", "2026-09-18", "--days", "5", "--months", "1"], "请给出"),
            ([], "请给出"),
            (["--batch", "-", "--received", "2026-09-18"], "--batch 不能与"),
        ],
    )
    def test_is_refused_in_words_that_say_what_to_do(self, arguments, words):
        found = ask(*arguments, data=b"")

        assert found.exit_code == 1
        assert words in found.stderr
        assert found.stdout == ""


class TestBatch:
    def test_answers_in_the_order_of_the_rows(self):
        found = batch("received,days\n2026-12-11,15\n2026-09-18,15\n2026-12-11,15\n")

        assert found.exit_code == 0
        assert found.stderr == ""
        assert found.stdout == (
            "received,days,due,provisional\n"
            "2026-12-11,15,2027-01-04,true\n"
            "2026-09-18,15,2026-10-15,false\n"
            "2026-12-11,15,2027-01-04,true\n"
        )

    def test_leaves_due_empty_in_a_bad_row_and_goes_on(self):
        found = batch("received,days\n2026-09-18,15\n2026-13-01,5\n2026-09-30,5\n")

        assert found.exit_code == 1
        assert found.stdout.splitlines() == [
            "received,days,due,provisional",
            "2026-09-18,15,2026-10-15,false",
            "2026-13-01,5,,",
            "2026-09-30,5,2026-10-13,false",
        ]
        assert "第 3 行：“2026-13-01”不是日期" in found.stderr
        assert "共 3 行，其中 1 行有误" in found.stderr

    @pytest.mark.parametrize(
        "row",
        [
            "2026-09-18,",
            ",15",
            ",",
            "2026-09-18",
            "2026-09-18,15,extra",
            "2026-09-18,0",
            "2026-09-18,-1",
            "2026-09-18,+1",
            "2026-09-18,1e3",
            "2026-09-18,1_000",
            "2026-09-18,１５",
            "2026-09-18,999999999999999999999",
            "2026-09-18,8000",
            "2026-9-18,15",
            "2026-09-18T00:00,15",
            "2026-W38-5,15",
            "1999-01-01,15",
            "9999-12-31,15",
            '"2026-09-18,15',
            '=cmd(),"a""b"',
            "中文,十五",
        ],
    )
    def test_refuses_what_is_no_date_or_no_number(self, row):
        found = batch(f"received,days\n{row}\n2026-09-18,15\n")
        rows = list(csv.DictReader(io.StringIO(found.stdout)))

        assert found.exit_code == 1
        assert len(rows) == 2
        assert (rows[0]["due"], rows[0]["provisional"]) == ("", "")
        assert rows[1]["due"] == "2026-10-15"
        assert "第 2 行：" in found.stderr

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
    @pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
    def test_reads_files_of_any_system(self, encoding, line_end):
        rows = ["received,days", "2026-09-18,15", "收到,十五", ""]

        found = batch(line_end.join(rows).encode(encoding))

        assert found.stdout.splitlines()[1:] == ["2026-09-18,15,2026-10-15,false", "收到,十五,,"]

    def test_forgives_spaces_capitals_quotes_and_empty_lines(self):
        found = batch('Received, Days\n\n "2026-09-18" , 15\n2026-09-30,05\n\n\n')

        assert found.exit_code == 1
        assert "第 3 行" in found.stderr  # A quote after a space is part of the field.
        assert found.stdout.splitlines()[2] == "2026-09-30,05,2026-10-13,false"

    def test_reads_quoted_fields(self):
        found = batch('"received","days"\n"2026-09-18","15"\n')

        assert found.stdout.splitlines()[1] == "2026-09-18,15,2026-10-15,false"

    @pytest.mark.parametrize("text", ["", "\n", "2026-09-18,15\n", "days,received\n", "received\n"])
    def test_wants_its_header(self, text):
        found = batch(text)

        assert found.exit_code == 1
        assert "第一行应是 received,days" in found.stderr
        assert found.stdout == ""

    def test_answers_a_header_alone(self):
        found = batch("received,days\n")

        assert (found.exit_code, found.stdout) == (0, "received,days,due,provisional\n")

    def test_refuses_bytes_that_are_no_text(self):
        found = batch(b"received,days\n2026-09-18,\xff\xff\n")

        assert found.exit_code == 1
        assert "编码看不懂" in found.stderr

    def test_speaks_english(self):
        found = batch("received,days\nx,1\n", "--lang", "en")

        assert 'line 2: "x" is not a date. Write 2026-09-18.' in found.stderr
        assert "1 row, 1 of them wrong" in found.stderr

    def test_reads_a_file(self, tmp_path):
        file = tmp_path / "cases.csv"
        file.write_text("received,days\n2026-09-18,15\n", encoding="utf-8")

        assert ask("--batch", str(file)).stdout.endswith("2026-09-18,15,2026-10-15,false\n")

    def test_says_which_file_cannot_be_opened(self, tmp_path):
        for place in (tmp_path, tmp_path / "none.csv"):
            found = ask("--batch", str(place))

            assert found.exit_code == 1
            assert f"打不开 {place}" in found.stderr

    @pytest.mark.thorough
    def test_reckons_a_million_rows_in_order(self):
        # Every start date with 304 different terms, so that no answer is only looked up again.
        days = [
            f"{year}-{month:02}-{on:02}"
            for year in range(2018, 2027)
            for month in range(1, 13)
            for on in range(1, 29)
        ]
        rows = [f"{on},{amount}" for amount in range(1, 332) for on in days][:1_000_000]
        text = "\n".join(["received,days", *rows])

        found = batch(text)

        answers = found.stdout.splitlines()[1:]
        assert found.exit_code == 0
        assert len(answers) == len(rows) == 1_000_000
        assert all(map(str.startswith, answers, rows))
