"""The chart draws the numbers of its table and nothing else."""

import pytest

from webapp.presenters.boards import AXIS_LEFT, AXIS_RIGHT, BarRow, bar_chart


def make_chart(*rows):
    return bar_chart(rows=rows, caption="图", sentence="句")


class TestBarChart:
    def test_adds_up(self):
        chart = make_chart(BarRow("甲", 2, 5, 22), BarRow("乙", 1, 3, 14))

        assert chart.totals == (3, 8, 36, 47)

    def test_draws_pieces_in_proportion_and_leaves_out_none(self):
        chart = make_chart(BarRow("甲", 2, 0, 8))

        late, rest = chart.bars[0].segments
        assert (late.series, rest.series) == ("late", "ok")
        assert rest.width == pytest.approx(4 * late.width)
        assert rest.x == pytest.approx(late.x + late.width)

    @pytest.mark.parametrize("most", [0, 1, 7, 29, 30, 31, 86, 999])
    def test_has_round_marks_that_reach_the_longest_bar(self, most):
        chart = make_chart(BarRow("甲", 0, 0, most))

        values = [tick.value for tick in chart.ticks]
        assert values[-1] >= most
        assert len(values) <= 9
        assert (chart.ticks[0].x, chart.ticks[-1].x) == (AXIS_LEFT, pytest.approx(AXIS_RIGHT))

    def test_leaves_a_number_out_where_it_has_no_room(self):
        chart = make_chart(BarRow("甲", 1, 0, 500))

        late, rest = chart.bars[0].segments
        assert (late.shows_number, rest.shows_number) == (False, True)
