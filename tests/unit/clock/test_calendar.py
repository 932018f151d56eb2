"""The calendar knows what each day is, by which paper, and where its knowledge ends."""

from __future__ import annotations

import json

import pytest

from tests.unit.clock.factories import CALENDARS, FIFTEEN, calendar, day
from workflows.clock.calendar import DayKind, Notice, WorkingCalendar, read_folder, read_notice
from workflows.clock.terms import deadline
from workflows.errors import CalendarError


def shipped(*files: str) -> list[Notice]:
    return [read_notice((CALENDARS / file).read_bytes(), source=file) for file in files]


def notice_2027() -> Notice:
    """Return an invented notice, shaped like those before it."""
    rows = [
        ("元旦", "2027-01-01", "2027-01-03", 3, []),
        ("春节", "2027-02-05", "2027-02-12", 8, ["2027-01-30", "2027-02-20"]),
        ("清明节", "2027-04-03", "2027-04-05", 3, []),
        ("劳动节", "2027-05-01", "2027-05-05", 5, ["2027-05-08"]),
        ("端午节", "2027-06-09", "2027-06-09", 1, []),
        ("中秋节", "2027-09-15", "2027-09-15", 1, []),
        ("国庆节", "2027-10-01", "2027-10-07", 7, ["2027-09-26", "2027-10-09"]),
    ]
    content = {
        "format": "jiannuo-calendar-1",
        "year": 2027,
        "kind": "annual",
        "document": "国办发明电〔2026〕99号",
        "title": "2027年部分节假日安排（虚构）",
        "issued_on": "2026-11-05",
        "holidays": [
            {"name": name, "from": first, "to": last, "days": days, "workdays": workdays}
            for name, first, last, days, workdays in rows
        ],
    }
    return read_notice(json.dumps(content, ensure_ascii=False), source="2027.json")


class TestDay:
    @pytest.mark.parametrize(
        ("on", "kind", "name", "document"),
        [
            ("2026-09-24", DayKind.WORKDAY, "", ""),
            ("2026-10-11", DayKind.WEEKEND, "", ""),
            ("2026-10-03", DayKind.HOLIDAY, "国庆节", "国办发明电〔2025〕7号"),
            ("2026-10-10", DayKind.MAKEUP, "国庆节", "国办发明电〔2025〕7号"),
            ("2018-12-29", DayKind.MAKEUP, "元旦", "国办发明电〔2018〕15号"),
            ("2022-12-31", DayKind.HOLIDAY, "元旦", "国办发明电〔2022〕16号"),
            ("2019-05-02", DayKind.HOLIDAY, "劳动节", "国办发明电〔2019〕3号"),
            ("2019-05-05", DayKind.MAKEUP, "劳动节", "国办发明电〔2019〕3号"),
            ("2020-02-01", DayKind.HOLIDAY, "春节", "国办发明电〔2020〕1号"),
            ("2020-01-19", DayKind.MAKEUP, "春节", "国办发明电〔2019〕16号"),
            ("2027-02-05", DayKind.PROVISIONAL_HOLIDAY, "春节", "国务院令第795号"),
            ("2027-10-04", DayKind.WORKDAY, "", ""),
        ],
    )
    def test_names_its_kind_and_its_paper(self, on, kind, name, document):
        found = calendar().day(day(on))

        assert (found.kind, found.name, found.document) == (kind, name, document)

    def test_of_a_make_up_saturday_is_worked(self):
        assert calendar().is_working(day("2026-02-14"))

    @pytest.mark.parametrize("on", ["2017-12-31", "2051-01-01"])
    def test_outside_the_calendar_is_refused(self, on):
        with pytest.raises(CalendarError) as refused:
            calendar().day(day(on))

        assert refused.value.key == "error.calendar_out_of_range"


class TestWorkingCalendar:
    def test_knows_the_years_that_have_a_notice(self):
        assert calendar().years == tuple(range(2018, 2027))
        assert not calendar().knows(2027)
        assert calendar().missing_years(day("2026-12-30"), day("2028-01-05")) == (2027, 2028)

    def test_leaves_an_amendment_out_when_the_notice_is_replaced(self):
        first, amendment = shipped("2019.json", "2019-labour-day.json")
        content = json.loads((CALENDARS / "2019.json").read_text(encoding="utf-8"))
        content |= {"document": "国办发明电〔2019〕8号", "issued_on": "2019-04-15"}
        again = read_notice(json.dumps(content), source="again.json")

        found = WorkingCalendar([first, amendment, again])

        assert found.is_working(day("2019-05-02"))
        assert found.notices == (again,)

    def test_does_not_mind_in_which_order_notices_come(self):
        notices = list(read_folder(CALENDARS))

        backwards = WorkingCalendar(reversed(notices))

        assert backwards.day(day("2020-02-01")).kind is DayKind.HOLIDAY
        assert backwards.notices == calendar().notices

    def test_gives_the_last_word_to_the_youngest_amendment(self):
        (base,) = shipped("2026.json")
        row = {"name": "中秋节", "from": "2026-09-24", "to": "2026-09-27", "days": 4}

        def amendment(number: int, issued_on: str, holiday: dict) -> Notice:
            content = {
                "format": "jiannuo-calendar-1",
                "year": 2026,
                "kind": "amendment",
                "document": f"国办发明电〔2026〕{number}号",
                "title": "关于调整2026年中秋节假期的通知（虚构）",
                "issued_on": issued_on,
                "amends": base.document,
                "holidays": [holiday],
            }
            return read_notice(json.dumps(content), source="x")

        shorter = amendment(
            2, "2026-08-20", row | {"from": "2026-09-25", "days": 3, "workdays": ["2026-09-19"]}
        )
        longer = amendment(1, "2026-08-01", row | {"workdays": ["2026-09-19"]})
        last = amendment(3, "2026-08-30", row | {"name": "中秋假"})

        found = WorkingCalendar([last, shorter, base, longer])

        assert found.day(day("2026-09-24")).name == "中秋假"
        assert [notice.document[-2] for notice in found.notices] == ["7", "1", "2", "3"]

    def test_is_needed_whole(self):
        with pytest.raises(CalendarError) as refused:
            WorkingCalendar([])

        assert refused.value.key == "error.calendar_empty"

    def test_refuses_an_amendment_without_its_notice(self):
        base, amendment = shipped("2018.json", "2019-labour-day.json")

        with pytest.raises(CalendarError) as refused:
            WorkingCalendar([base, amendment])

        assert refused.value.key == "error.calendar_amends_unknown"
        assert refused.value.facts["amends"] == "国办发明电〔2018〕15号"

    def test_bridges_a_year_whose_notice_is_missing(self):
        found = WorkingCalendar(shipped("2018.json", "2020.json"))

        assert found.missing_years(day("2018-06-01"), day("2020-06-01")) == (2019,)
        assert found.day(day("2019-02-05")).kind is DayKind.PROVISIONAL_HOLIDAY

    def test_needs_no_notice_for_the_start_day_which_is_not_counted(self):
        found = WorkingCalendar(shipped("2018.json", "2020.json"))

        on_the_eve = deadline(start_on=day("2019-12-31"), term=FIFTEEN, calendar=found)
        a_day_before = deadline(start_on=day("2019-12-30"), term=FIFTEEN, calendar=found)

        assert (on_the_eve.provisional, a_day_before.provisional) == (False, True)

    def test_refuses_an_empty_folder(self, tmp_path):
        with pytest.raises(CalendarError) as refused:
            read_folder(tmp_path)

        assert refused.value.key == "error.calendar_folder_empty"


class TestNewNotice:
    def test_moves_what_was_provisional_and_nothing_else(self):
        before = calendar()
        after = before.with_notice(notice_2027())
        start_on = day("2027-01-25")

        first = deadline(start_on=start_on, term=FIFTEEN, calendar=before)
        second = deadline(start_on=start_on, term=FIFTEEN, calendar=after)

        assert (first.due_on, first.provisional) == (day("2027-02-17"), True)
        assert (second.due_on, second.provisional) == (day("2027-02-20"), False)
        assert after.day(day("2027-01-30")).kind is DayKind.MAKEUP

    def test_makes_scene_four_certain_without_moving_it(self):
        after = calendar().with_notice(notice_2027())

        found = deadline(start_on=day("2026-12-11"), term=FIFTEEN, calendar=after)

        assert (found.due_on, found.provisional) == (day("2027-01-04"), False)

    def test_leaves_the_calendar_it_was_shown_against_alone(self):
        before = calendar()

        before.with_notice(notice_2027())

        assert not before.knows(2027)
