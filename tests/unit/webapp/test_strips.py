"""The strip: one cell per calendar day by weeks, each day's kind readable without colour."""

from datetime import date

import pytest

from tests.unit.webapp.reckonings import Rule, entry, make_clock, spoken
from webapp.presenters.strips import MOST_TICKS, ticks_view
from workflows.clock.ledger import EntryKind


def cells(clock):
    return [cell for week in clock.strip.weeks for cell in week]


def find(clock, label):
    return next(cell for cell in cells(clock) if spoken(cell.label) == label)


@pytest.fixture
def reply():
    return make_clock(date(2026, 9, 24), start_mark="received")


class TestStrip:
    def test_shows_whole_weeks(self, reply):
        assert [len(week) for week in reply.strip.weeks] == [7] * 5
        assert [cell.is_blank for cell in reply.strip.weeks[0]] == [True] * 3 + [False] * 4

    def test_starts_with_a_day_that_does_not_count(self, reply):
        start = find(reply, "24")

        assert (spoken(start.mark), start.css) == ("收", "d d--start")

    def test_counts_a_make_up_saturday(self, reply):
        saturday = find(reply, "班10")

        assert (spoken(saturday.mark), saturday.css) == ("6", "d d--past d--make")

    @pytest.mark.parametrize(("label", "mark"), [("10/1", "休"), ("11", "–")])
    def test_skips_holidays_and_weekends_with_their_mark(self, reply, label, mark):
        cell = find(reply, label)

        assert (spoken(cell.mark), cell.css) == (mark, "d d--off")

    def test_frames_today_and_the_last_day(self, reply):
        assert find(reply, "13").css == "d d--next d--today"
        assert find(reply, "22").css == "d d--next d--due is-ok"

    def test_shows_each_late_day(self):
        clock = make_clock(date(2026, 9, 29), rule=Rule(value=3))

        assert find(clock, "9").css == "d d--past d--due is-late"
        assert find(clock, "班10").css == "d d--over d--make"
        assert spoken(find(clock, "13").mark) == "逾"
        assert find(clock, "11").css == "d d--off"

    def test_ends_where_the_clock_stopped_late(self):
        clock = make_clock(
            date(2026, 9, 29), entry(EntryKind.STOPPED, date(2026, 10, 12)), rule=Rule(value=3)
        )

        assert spoken([c for c in cells(clock) if not c.is_blank][-1].label) == "12"

    def test_says_it_in_one_sentence(self, reply):
        sentence = spoken(reply.strip.sentence)

        assert "9月24日 周四 起" in sentence
        assert "数 15 天" in sentence
        assert "10月22日 周四 止" in sentence


class TestTicks:
    @pytest.mark.parametrize(
        ("total", "left", "is_working", "marks"),
        [
            (5, 2, True, "pptnn"),
            (5, 5, True, "nnnnn"),
            (5, 0, True, "ppppt"),
            (3, 1, False, "ppn"),
            (3, -2, True, "pppoo"),
            (1, 0, True, "t"),
        ],
    )
    def test_are_one_per_working_day(self, total, left, is_working, marks):
        ticks = ticks_view(total=total, left=left, is_working_today=is_working)

        assert ticks is not None
        assert "".join(ticks.marks) == marks

    @pytest.mark.parametrize(("total", "left"), [(MOST_TICKS + 1, 3), (0, 0), (30, -30)])
    def test_are_left_out_where_there_is_no_room(self, total, left):
        assert ticks_view(total=total, left=left, is_working_today=True) is None

    def test_are_drawn_side_by_side(self):
        ticks = ticks_view(total=4, left=1, is_working_today=True)

        assert ticks is not None
        assert ticks.width == 28
        assert list(ticks.drawn) == [
            ("p", "M0.5 1.5h5v9h-5zm7 0h5v9h-5z"),
            ("t", "M14.5 1.5h5v9h-5z"),
            ("n", "M21.5 1.5h5v9h-5z"),
        ]
