"""Inner terms that add up to more than the law gives are shown with the way and the first day."""

from __future__ import annotations

from tests.unit.engine.drawing import both, end, flow, path, service, start, user, xor
from tests.unit.lint.linting import drawn, lint, only, passed, terms_book


class TestTerms:
    TERM = {
        "id": "in_time",
        "rules": ["R2"],
        "zh": "来得及。",
        "en": "In time.",
        "term": "t.limit",
        "from": ["begin"],
        "to": ["e"],
        "steps": {"one": "t.first", "two": "t.second"},
    }

    def parts(self, *ways):
        return (
            start("b"),
            service("begin"),
            user("one"),
            user("two"),
            end("e"),
            *ways,
        )

    SERIES = path("b", "begin", "one", "two", "e")
    PARALLEL = (
        both("split")
        + both("join")
        + path("b", "begin", "split", "one", "join", "e")
        + path("split", "two", "join")
    )

    def found(self, ways, *, limit, first, second, unit="WD", **more):
        book = terms_book(
            t_limit=("law", limit, "WD"),
            t_first=("inner", first, unit),
            t_second=("inner", second, unit),
        )
        return lint(drawn(*self.parts(ways), terms=[{**self.TERM, **more}]), book=book)

    def test_that_follow_one_another_add_up(self):
        found = only(self.found(self.SERIES, limit=15, first=8, second=8), "term.late")

        assert passed(found) == ["begin", "one", "two", "e"]
        assert (found.facts["sum"], str(found.facts["start_on"])) == ("8 WD + 8 WD", "2018-01-01")

    def test_that_fit_pass(self):
        assert not self.found(self.SERIES, limit=16, first=8, second=8)

    def test_that_run_side_by_side_do_not_add_up(self):
        assert not self.found(self.PARALLEL, limit=8, first=8, second=7)

    def test_in_calendar_days_are_tried_from_every_day(self):
        # Ten calendar days are rarely more than eight working days, and then a holiday is short.
        found = self.found(self.SERIES, limit=8, first=5, second=6, unit="CD")

        late = only(found, "term.late")
        assert late.facts["done_on"] > late.facts["due_on"]

    def test_that_must_be_there_are_missed(self):
        found = self.found(self.SERIES, limit=16, first=8, second=8, bounded=["one", "e"])

        assert [(one.name, one.element) for one in found] == [("term.unbounded", "e")]

    def test_may_be_accepted_with_a_reason_as_long_as_they_are_late(self):
        excuse = {"through": "two", "zh": "知道。", "en": "Known.", "rules": []}

        assert not self.found(self.SERIES, limit=15, first=8, second=8, accepted=[excuse])
        [found] = self.found(self.SERIES, limit=16, first=8, second=8, accepted=[excuse])
        assert found.name == "term.needless"

    def test_of_a_circle_count_once_for_each_step(self):
        circle = (
            xor("merge")
            + xor("x", "two")
            + path("b", "begin", "merge", "one", "x", "two", "e")
            + flow("x", "merge", "way == 'right'")
        )

        assert not [
            one
            for one in self.found(circle, limit=16, first=8, second=8)
            if one.name == "term.late"
        ]
