"""A ledger line that no rule allows, or that says too little, is refused before it is written."""

from __future__ import annotations

import pytest

from tests.unit.clock.factories import calendar, day, entry
from workflows.clock.allowances import NO_ALLOWANCE, Allowance, check_entry, make_allowance
from workflows.clock.terms import Term
from workflows.errors import InvalidAnswer, NotAllowed

TEN = Term(10)
STARTED = entry("started", "2026-10-12")
GENEROUS = Allowance(pause=True, extension_max=5, extension_times=2, restart=True)


def check(line, *, before=(STARTED,), allowance=GENEROUS):
    return check_entry(
        entries=before, entry=line, allowance=allowance, calendar=calendar(), term=TEN
    )


def refusal(line, **kwargs):
    with pytest.raises(NotAllowed) as refused:
        check(line, **kwargs)
    return refused.value


class TestNoAllowance:
    @pytest.mark.parametrize(
        ("line", "key"),
        [
            (entry("paused", "2026-10-13"), "error.clock_pause_not_allowed"),
            (entry("extended", "2026-10-13", days=1), "error.clock_extension_not_allowed"),
            (entry("started", "2026-10-13"), "error.clock_already_started"),
        ],
    )
    def test_refuses_what_moves_the_date(self, line, key):
        assert refusal(line, allowance=NO_ALLOWANCE).key == key

    @pytest.mark.parametrize(
        "line",
        [
            entry("stopped", "2026-10-13"),
            entry("corrected", "2026-10-13", start_on="2026-10-09"),
            entry("recomputed", "2026-10-13"),
        ],
    )
    def test_lets_a_clock_be_stopped_corrected_and_recomputed(self, line):
        assert check(line, allowance=NO_ALLOWANCE).start_on <= day("2026-10-12")

    def test_is_what_a_pack_without_words_means(self):
        assert make_allowance() == NO_ALLOWANCE
        assert make_allowance(pause=None, extension=None) == NO_ALLOWANCE

    def test_lets_a_clock_start(self):
        assert check(STARTED, before=(), allowance=NO_ALLOWANCE).due_on == day("2026-10-26")


class TestPause:
    def test_is_allowed_up_to_the_due_day(self):
        assert check(entry("paused", "2026-10-26")).status == "paused"
        assert refusal(entry("paused", "2026-10-27")).key == "error.clock_already_due"

    def test_needs_one_of_the_grounds(self):
        allowance = make_allowance(pause={"grounds": ["鉴定", "专家评审"]})

        assert check(entry("paused", "2026-10-13", reason="委托鉴定"), allowance=allowance)
        found = refusal(entry("paused", "2026-10-13", reason="人手不足"), allowance=allowance)
        assert found.key == "error.clock_pause_ground"
        assert found.facts["grounds"] == "鉴定、专家评审"

    @pytest.mark.parametrize("field", ["reason", "legal_basis", "person"])
    def test_must_say_why_on_what_basis_and_who(self, field):
        with pytest.raises(InvalidAnswer) as refused:
            check(entry("paused", "2026-10-13", **{field: ""}))

        assert refused.value.fields == {field: ["clock.entry_required"]}

    def test_before_the_start_is_refused(self):
        with pytest.raises(InvalidAnswer) as refused:
            check(entry("paused", "2026-10-09"))

        assert refused.value.key == "error.clock_before_start"

    def test_of_a_stopped_clock_is_refused(self):
        stopped = entry("stopped", "2026-10-14")

        found = refusal(entry("paused", "2026-10-15"), before=(STARTED, stopped))

        assert found.key == "error.clock_stopped"


class TestExtension:
    def test_is_allowed_up_to_the_due_day(self):
        assert check(entry("extended", "2026-10-26", days=5)).due_on == day("2026-11-02")
        late = entry("extended", "2026-10-27", days=5)
        assert refusal(late).key == "error.clock_already_due"

    def test_is_no_longer_than_the_rule_says(self):
        found = refusal(entry("extended", "2026-10-13", days=6))

        assert (found.key, found.facts["most"]) == ("error.clock_extension_max", 5)

    def test_is_allowed_as_often_as_the_rule_says(self):
        once = entry("extended", "2026-10-13", days=1)

        assert check(once, before=(STARTED, once)).extended_days == 2
        assert refusal(once, before=(STARTED, once, once)).key == "error.clock_extension_times"

    @pytest.mark.parametrize("days", [0, -3, None])
    def test_is_at_least_a_day(self, days):
        with pytest.raises(InvalidAnswer) as refused:
            check(entry("extended", "2026-10-13", days=days))

        assert refused.value.key == "error.clock_extension_days"

    def test_needs_the_approval_that_the_rule_names(self):
        allowance = make_allowance(extension={"times": 1, "max": 3, "approval": "主要负责人"})
        line = entry("extended", "2026-10-13", days=3, approved_by="")

        found = refusal(line, allowance=allowance)

        assert found.key == "error.clock_extension_approval"
        assert found.facts["approval"] == "主要负责人"


class TestOtherLines:
    def test_a_stop_needs_evidence(self):
        with pytest.raises(InvalidAnswer):
            check(entry("stopped", "2026-10-13", evidence=""))

    def test_a_correction_needs_a_start(self):
        with pytest.raises(InvalidAnswer) as refused:
            check(entry("corrected", "2026-10-13"))

        assert "start_on" in refused.value.fields

    def test_a_restart_needs_a_rule(self):
        again = entry("started", "2026-10-20")

        assert check(again).due_on == day("2026-11-03")

    def test_a_line_before_the_start_line_is_refused(self):
        assert refusal(entry("stopped", "2026-10-13"), before=()).key == "error.clock_not_started"
