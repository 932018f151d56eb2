"""A notice that is wrong is refused in words that say which file, which line and what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.clock.factories import CALENDARS, day
from workflows.clock.notice import list_problems, read_notice
from workflows.errors import CalendarError

Change = Callable[[dict[str, Any]], None]


def notice(change: Change | None = None, *, file: str = "2026.json") -> str:
    """Return a shipped notice as text, after one change."""
    content = json.loads((CALENDARS / file).read_text(encoding="utf-8"))
    if change is not None:
        change(content)
    return json.dumps(content, ensure_ascii=False)


def refusal(text: bytes | str) -> CalendarError:
    with pytest.raises(CalendarError) as refused:
        read_notice(text, source="mine.json")
    assert refused.value.facts["source"] == "mine.json"
    return refused.value


class TestReadNotice:
    def test_reads_a_shipped_notice(self):
        found = read_notice(notice(), source="2026.json")

        assert (found.year, found.document) == (2026, "国办发明电〔2025〕7号")
        assert found.issued_on == day("2025-11-04")
        assert found.is_annual
        assert found.workdays == tuple(
            day(f"2026-{on}") for on in ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")
        )

    def test_reads_an_amendment(self):
        found = read_notice(notice(file="2020-spring-festival.json"), source="x")

        assert found.amends == "国办发明电〔2019〕16号"
        assert not found.is_annual

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
    def test_reads_what_chinese_editors_save(self, encoding):
        found = read_notice(notice().encode(encoding), source="x")

        assert found.holidays[0].name == "元旦"

    def test_lets_a_notice_explain_what_breaks_the_sum(self):
        def change(content):
            content["holidays"][6]["workdays"] = ["2026-09-20"]
            content["exception"] = "原文如此"

        assert len(read_notice(notice(change), source="x").workdays) == 5


class TestRefusal:
    def test_of_a_missing_day_inside_a_holiday(self):
        def change(content):
            content["holidays"][6]["to"] = "2026-10-06"

        found = refusal(notice(change))

        assert found.key == "error.calendar_missing_day"
        assert found.facts["where"] == "holidays[7] 国庆节"
        assert (found.facts["declared"], found.facts["counted"]) == (7, 6)

    def test_of_a_missing_statutory_holiday(self):
        found = refusal(notice(lambda content: content["holidays"].pop(4)))

        assert found.key == "error.calendar_missing_holiday"
        assert (found.facts["day"], found.facts["name"]) == (day("2026-06-19"), "端午节")

    def test_of_a_missing_make_up_day(self):
        found = refusal(notice(lambda content: content["holidays"][1]["workdays"].pop()))

        assert found.key == "error.calendar_missing_makeup"
        assert (found.facts["expected"], found.facts["listed"]) == (6, 5)

    def test_of_a_make_up_day_on_a_weekday(self):
        def change(content):
            content["holidays"][1]["workdays"] = ["2026-02-13", "2026-02-28"]

        found = refusal(notice(change))

        assert found.key == "error.calendar_workday_on_weekday"
        assert found.facts["day"] == day("2026-02-13")

    def test_of_a_day_of_another_year(self):
        def change(content):
            content["holidays"][3]["workdays"] = ["2025-05-10"]

        found = refusal(notice(change))

        assert found.key == "error.calendar_wrong_year"
        assert (found.facts["day"], found.facts["year"]) == (day("2025-05-10"), 2026)

    def test_of_a_file_that_claims_another_year(self):
        found = refusal(notice(lambda content: content.update(year=2027)))

        assert found.key == "error.calendar_title_year"

    def test_of_overlapping_holidays(self):
        def change(content):
            content["holidays"][5].update({"to": "2026-10-01", "days": 7})

        found = refusal(notice(change))

        assert found.key == "error.calendar_overlap"
        assert (found.facts["first"], found.facts["second"]) == ("中秋节", "国庆节")

    def test_of_a_day_both_off_and_worked(self):
        def change(content):
            content["holidays"][0]["workdays"] = ["2026-01-03"]

        assert refusal(notice(change)).key == "error.calendar_overlap"

    def test_of_a_span_that_runs_backwards(self):
        def change(content):
            content["holidays"][0].update({"from": "2026-01-04"})

        assert refusal(notice(change)).key == "error.calendar_span_reversed"

    def test_of_what_is_not_json_with_its_place(self):
        found = refusal('{"format": "jiannuo-calendar-1",\n "year": }')

        assert found.key == "error.calendar_not_json"
        assert (found.facts["line"], found.facts["column"]) == (2, 10)

    @pytest.mark.parametrize("text", ["[]", "{}", "null", '{"format": "other"}', "7"])
    def test_of_json_that_is_no_notice(self, text):
        assert refusal(text).key == "error.calendar_not_notice"

    def test_of_bytes_that_are_no_text(self):
        assert refusal(b"\xff\xff\xfe\x00PK\x03\x04\x80").key == "error.calendar_not_text"

    def test_of_a_field_named_twice(self):
        found = refusal('{"format": "jiannuo-calendar-1", "year": 2026, "year": 2027}')

        assert (found.key, found.facts["field"]) == ("error.calendar_field_twice", "year")

    def test_of_an_amendment_that_amends_nothing(self):
        found = refusal(notice(lambda content: content.update(kind="amendment")))

        assert (found.key, found.facts["field"]) == ("error.calendar_field_missing", "amends")

    @pytest.mark.parametrize("field", ["year", "kind", "document", "title", "issued_on"])
    def test_of_a_missing_field(self, field):
        found = refusal(notice(lambda content: content.pop(field)))

        assert (found.key, found.facts["field"]) == ("error.calendar_field_missing", field)

    @pytest.mark.parametrize(
        ("field", "value"),
        [("year", "2026"), ("year", True), ("kind", "yearly"), ("issued_on", "20251104")],
    )
    def test_of_a_value_that_cannot_be_read(self, field, value):
        found = refusal(notice(lambda content: content.update({field: value})))

        assert (found.key, found.facts["field"]) == ("error.calendar_field_invalid", field)

    @pytest.mark.parametrize("value", ["2026-02-30", "2026-2-14", "2026/02/14", 20260214, None])
    def test_of_a_date_that_is_none(self, value):
        def change(content):
            content["holidays"][1]["workdays"] = [value]

        assert refusal(notice(change)).key == "error.calendar_field_invalid"

    def test_of_a_misspelt_field(self):
        found = refusal(notice(lambda content: content["holidays"][0].update(workday=[])))

        assert (found.key, found.facts["field"]) == ("error.calendar_field_unknown", "workday")

    @pytest.mark.parametrize("rows", [[], None, {}, "国庆节"])
    def test_of_a_notice_without_holidays(self, rows):
        found = refusal(notice(lambda content: content.update(holidays=rows)))

        assert found.key in ("error.calendar_no_holidays", "error.calendar_field_missing")

    def test_counts_what_else_is_wrong(self):
        def change(content):
            content["holidays"][6]["to"] = "2026-10-06"
            content["holidays"][0]["days"] = 4

        assert refusal(notice(change)).facts["others"] == 1


class TestListProblems:
    def test_names_everything_at_once(self):
        def change(content):
            content["holidays"].pop(4)
            content["holidays"][1]["workdays"] = ["2026-02-13", "2026-02-28"]

        found = [problem.key for problem in list_problems(notice(change), source="x")]

        assert found == [
            "error.calendar_workday_on_weekday",
            "error.calendar_missing_holiday",
            "error.calendar_missing_makeup",
        ]

    @pytest.mark.parametrize("file", sorted(path.name for path in CALENDARS.glob("*.json")))
    def test_finds_nothing_wrong_in_what_is_shipped(self, file):
        assert list_problems((CALENDARS / file).read_bytes(), source=file) == ()
