"""An end that closes a case ends all of it."""

from __future__ import annotations

import pytest

from tests.unit.engine.drawing import end, path, start, user
from tests.unit.lint.linting import names


class TestClosing:
    DUTY = {"id": "c", "kind": "closes", "steps": ["e"]}

    @pytest.mark.parametrize(
        ("ends_all", "found"), [(True, set()), (False, {("duty.closes", "e")})]
    )
    def test_asks_that_nothing_goes_on_behind_the_end(self, ends_all, found):
        parts = (start("b"), user("t"), end("e", terminate=ends_all), path("b", "t", "e"))

        assert names(*parts, duties=[self.DUTY]) == found

    def test_asks_for_an_end_that_there_is(self):
        parts = (start("b"), user("t"), end("other"), path("b", "t", "other"))

        assert names(*parts, duties=[self.DUTY]) == {("duty.unknown_step", "")}
