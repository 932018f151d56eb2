"""The inbox: groups by nearness, edges by state, counts that are true."""

from datetime import date

import pytest

from tests.unit.webapp.reckonings import Rule, entry, make_clock, spoken
from webapp.presenters.lists import FilterField, Row, group_rows
from workflows.clock.ledger import EntryKind

STARTS = {
    "overdue": date(2026, 9, 14),
    "today": date(2026, 9, 16),
    "soon": date(2026, 9, 17),
    "later": date(2026, 9, 24),
}


def make_row(clock, number="1"):
    return Row(id=number, clock=clock, what="办", url="#", case_number=number, subject="某")


class TestGroupRows:
    def test_sorts_by_how_near_the_last_day_is(self):
        rows = [make_row(make_clock(start)) for start in reversed(STARTS.values())]

        groups = group_rows(rows, risk_days=3)

        assert [spoken(group.title) for group in groups] == [
            "已逾期",
            "今天到期",
            "3 个工作日内",
            "以后",
        ]

    def test_puts_an_unconfirmed_rule_by_its_days(self):
        near = make_clock(STARTS["soon"], rule=Rule(confirmed=False))
        far = make_clock(STARTS["later"], rule=Rule(confirmed=False))

        titles = [spoken(g.title) for g in group_rows([make_row(near), make_row(far)], risk_days=3)]

        assert titles == ["3 个工作日内", "以后"]

    def test_leaves_paused_clocks_among_the_later(self):
        paused = make_clock(STARTS["overdue"], entry(EntryKind.PAUSED, date(2026, 9, 20)))

        [group] = group_rows([make_row(paused)], risk_days=3)

        assert spoken(group.title) == "以后"

    def test_says_how_many_are_not_shown(self):
        [group] = group_rows(
            [make_row(make_clock(STARTS["later"]))], risk_days=3, totals={"later": 30}
        )

        assert spoken(group.count_words) == "30 件，下面是前 1 件"

    def test_leaves_out_empty_groups(self):
        assert group_rows([], risk_days=3) == ()


class TestRow:
    @pytest.mark.parametrize(
        ("start", "edge"),
        [
            ("overdue", "is-late"),
            ("today", "is-risk"),
            ("soon", "is-risk"),
            ("later", ""),
        ],
    )
    def test_has_an_edge_by_its_state(self, start, edge):
        assert make_row(make_clock(STARTS[start])).edge == edge

    def test_has_no_edge_for_an_unconfirmed_rule(self):
        clock = make_clock(STARTS["overdue"], rule=Rule(confirmed=False))

        assert make_row(clock).edge == ""


class TestFilterField:
    def test_is_marked_when_set(self):
        choices = (("a", "甲"),)

        assert FilterField("x", "种类", choices, "a").is_set
        assert not FilterField("x", "种类", choices).is_set
