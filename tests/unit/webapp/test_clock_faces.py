"""A clock's face says the same by shape, words and number, and never says 0."""

from datetime import date

import pytest

from tests.unit.webapp.reckonings import Rule, entry, make_clock, spoken, today_on
from webapp.presenters.clocks import ClockFacts, ClockState, Move, clock_view
from workflows.clock.ledger import EntryKind

RECEIVED = date(2026, 9, 24)
DUE = date(2026, 10, 22)


def mark_words(clock):
    return [spoken(mark.text) for mark in clock.marks]


class TestClockView:
    @pytest.mark.parametrize(
        ("on", "state", "words"),
        [
            (date(2026, 10, 13), ClockState.IN_TIME, "还剩 7 个工作日"),
            (date(2026, 10, 16), ClockState.IN_TIME, "还剩 4 个工作日"),
            (date(2026, 10, 17), ClockState.IN_TIME, "还剩 4 个工作日"),
            (date(2026, 10, 19), ClockState.AT_RISK, "还剩 3 个工作日"),
            (date(2026, 10, 21), ClockState.AT_RISK, "还剩 1 个工作日"),
            (date(2026, 10, 22), ClockState.TODAY, "今天 到期"),
            (date(2026, 10, 23), ClockState.OVERDUE, "逾期 1 个工作日"),
            (date(2026, 10, 27), ClockState.OVERDUE, "逾期 3 个工作日"),
        ],
    )
    def test_counts_the_days_after_today(self, on, state, words):
        clock = make_clock(RECEIVED, on=on)

        assert (clock.state, spoken(clock.left), clock.due_on) == (state, words, DUE)

    def test_is_late_on_the_saturday_after_a_friday(self):
        clock = make_clock(date(2026, 10, 13), on=date(2026, 10, 17), rule=Rule(value=3))

        assert clock.due_on == date(2026, 10, 16)
        assert spoken(clock.left) == "逾期 1 个工作日"

    def test_follows_the_offices_idea_of_near(self):
        assert make_clock(RECEIVED, risk_days=7).state is ClockState.AT_RISK

    def test_says_it_in_english(self):
        clock = make_clock(RECEIVED, on=date(2026, 10, 21))

        assert spoken(clock.left, "en") == "1 working day left"

    def test_keeps_the_original_date_in_sight_while_paused(self):
        clock = make_clock(RECEIVED, entry(EntryKind.PAUSED, date(2026, 10, 12)))

        assert clock.state is ClockState.PAUSED
        assert spoken(clock.left) == "停表时还剩 8 个工作日"
        assert "10月22日 周四" in spoken(clock.notes[0])
        assert clock.strip is None

    def test_says_by_how_much_and_from_when_it_was_extended(self):
        clock = make_clock(RECEIVED, entry(EntryKind.EXTENDED, date(2026, 10, 12), days=5))

        assert mark_words(clock) == ["已延期"]
        assert spoken(clock.notes[0]) == "原期限 10月22日 周四；经批准延长 5 个工作日。"

    def test_says_that_a_date_moved_and_why(self):
        clock = make_clock(RECEIVED, moved=Move(date(2026, 10, 21), "装载新的通知。"))

        assert mark_words(clock) == ["日期有变"]
        assert spoken(clock.notes[0]) == "10月21日 周三 改为 10月22日 周四：装载新的通知。"

    def test_marks_a_date_in_a_year_without_notice(self):
        clock = make_clock(date(2026, 12, 14), on=date(2026, 12, 15))

        assert clock.is_provisional
        assert mark_words(clock) == ["暂定"]
        assert "2027" in spoken(clock.notes[0])

    def test_says_who_was_early(self):
        clock = make_clock(RECEIVED, entry(EntryKind.STOPPED, date(2026, 10, 20)))

        assert clock.state is ClockState.STOPPED
        assert spoken(clock.left) == "提前 2 个工作日"
        assert mark_words(clock) == []

    def test_never_lets_closing_erase_a_delay(self):
        clock = make_clock(
            RECEIVED, entry(EntryKind.STOPPED, date(2026, 10, 27)), on=date(2026, 10, 28)
        )

        assert spoken(clock.left) == "晚了 3 个工作日"
        assert mark_words(clock) == ["逾期办结"]
        assert "办结不抹去逾期" in spoken(clock.notes[0])

    def test_says_done_on_the_last_day_without_a_number(self):
        clock = make_clock(RECEIVED, entry(EntryKind.STOPPED, DUE), on=date(2026, 10, 23))

        assert spoken(clock.left) == "在最后一天完成"

    def test_says_only_that_a_rule_is_unconfirmed(self):
        clock = make_clock(RECEIVED, rule=Rule(label="statutory", confirmed=False))

        assert clock.state is ClockState.UNCONFIRMED
        assert spoken(clock.rank.word) == "规则未确认"
        assert clock.rank.frame == "promise"

    @pytest.mark.parametrize(
        ("label", "word", "frame"),
        [
            ("statutory", "法定", "law"),
            ("document", "规范性文件", "doc"),
            ("promise", "承诺时限", "promise"),
            ("inner", "内部时限", "inner"),
            ("set", "指定期限", "set"),
        ],
    )
    def test_says_whose_rule_it_is(self, label, word, frame):
        rank = make_clock(RECEIVED, rule=Rule(label=label)).rank

        assert (spoken(rank.word), rank.frame) == (word, frame)

    def test_is_dotted_where_nobody_set_a_number(self):
        clock = clock_view(ClockFacts(name="解除", reckoning=None), today=today_on())

        assert clock.state is ClockState.NOT_STARTED
        assert spoken(clock.left) == "还没有人设定"
        assert spoken(clock.rank.word) == "无时限"

    def test_says_that_none_binds_a_step_without_one(self):
        clock = clock_view(ClockFacts(name="", reckoning=None), today=today_on())

        assert clock.state is ClockState.NOT_STARTED
        assert (spoken(clock.left), spoken(clock.date_words)) == ("不计时限", "随到随办")

    def test_waits_where_the_rule_is_known(self):
        facts = ClockFacts(name="报送", reckoning=None, rule=Rule(value=5))
        clock = clock_view(facts, today=today_on())

        assert spoken(clock.left) == "还没有开始计时"
        assert spoken(clock.why) == "5 个工作日，吉政办发〔2017〕75号 二(十)。"

    @pytest.mark.parametrize("state", list(ClockState))
    def test_has_a_word_for_every_state_in_both_languages(self, state):
        from webapp.phrases import phrase

        for language in ("zh", "en"):
            assert spoken(phrase(f"clock.state.{state}"), language)
