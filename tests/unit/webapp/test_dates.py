"""Days and moments in words."""

from datetime import UTC, date, datetime

import pytest

from webapp.dates import day_words, moment_words
from webapp.sizes import size_words


class TestDayWords:
    @pytest.mark.parametrize(
        ("on", "language", "words"),
        [
            (date(2026, 10, 22), "zh", "10月22日 周四"),
            (date(2026, 10, 22), "en", "Thu 22 Oct"),
            (date(2027, 1, 4), "zh", "2027年1月4日 周一"),
            (date(2027, 1, 4), "en", "Mon 4 Jan 2027"),
        ],
    )
    def test_say_the_year_only_when_it_is_another(self, on, language, words):
        assert day_words(on, language=language, this_year=2026) == words

    def test_leave_the_weekday_out(self):
        assert day_words(date(2026, 10, 22), language="zh", weekday=False) == "10月22日"


class TestMomentWords:
    def test_say_the_offices_time(self):
        at = datetime(2026, 10, 13, 1, 42, tzinfo=UTC)

        assert moment_words(at, language="zh") == "10月13日 09:42"
        assert moment_words(at, language="en") == "13 Oct 09:42"


class TestSizeWords:
    @pytest.mark.parametrize(
        ("size", "words"),
        [(10, "1 kB"), (218000, "213 kB"), (20 * 1024**2, "20 MB"), (1468006, "1.4 MB")],
    )
    def test_are_short(self, size, words):
        assert size_words(size) == words
