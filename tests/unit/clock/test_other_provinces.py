"""Rules of other provinces (N18, N20) use what Jilin does not: pauses and extensions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.clock.factories import PACKS, calendar, day, entry
from workflows.clock.allowances import Allowance, check_entry, make_allowance
from workflows.clock.ledger import Entry, Reckoning
from workflows.clock.terms import Term
from workflows.errors import NotAllowed
from workflows.rules.packs import read_rule_book

BOOK = read_rule_book(PACKS)
ON = day("2026-10-12")


def term(key: str, division: str) -> Term:
    return BOOK.get(key, division=division, on=ON).term


def allowance(division: str) -> Allowance:
    return make_allowance(
        pause=BOOK.get("obj.pause", division=division, on=ON).value,
        extension=BOOK.get("obj.extension", division=division, on=ON).value,
    )


def run(division: str, lines: list[Entry], key: str = "obj.reply.limit") -> Reckoning:
    """Write the lines one after the other, each checked as the office would."""
    entries: list[Entry] = []
    found = None
    for line in lines:
        found = check_entry(
            entries=entries,
            entry=line,
            allowance=allowance(division),
            calendar=calendar(),
            term=term(key, division),
        )
        entries.append(line)
    assert found is not None
    return found


STARTED = entry("started", "2026-10-12")


class TestZhejiang:
    """Five working days; complex matters at most twenty in all, approved by the provincial head."""

    def test_replies_in_five_working_days(self):
        assert run("330100", [STARTED]).due_on == day("2026-10-19")

    def test_extends_to_twenty_in_all(self):
        found = run("330100", [STARTED, entry("extended", "2026-10-19", days=15)])

        assert (found.due_on, found.raw_due_on) == (day("2026-11-09"), day("2026-10-19"))

    def test_does_not_extend_beyond_twenty(self):
        with pytest.raises(NotAllowed) as refused:
            run("330100", [STARTED, entry("extended", "2026-10-19", days=16)])

        assert refused.value.key == "error.clock_extension_total"
        assert (refused.value.facts["total"], refused.value.facts["most"]) == (21, 20)

    def test_extends_once(self):
        once = entry("extended", "2026-10-15", days=5)

        with pytest.raises(NotAllowed) as refused:
            run("330100", [STARTED, once, once])

        assert refused.value.key == "error.clock_extension_times"

    def test_extends_with_approval_only(self):
        with pytest.raises(NotAllowed) as refused:
            run(
                "330100",
                [STARTED, replace(entry("extended", "2026-10-15", days=5), approved_by="")],
            )

        assert refused.value.facts["approval"] == "省发展改革部门负责人"

    def test_does_not_pause(self):
        with pytest.raises(NotAllowed) as refused:
            run("330100", [STARTED, entry("paused", "2026-10-13")])

        assert refused.value.key == "error.clock_pause_not_allowed"


class TestShenzhen:
    """The platform has one working day, the source unit two, and three more with approval."""

    def test_has_a_day_for_the_platform_and_two_for_the_source(self):
        assert run("440305", [STARTED], "obj.self_check.limit").due_on == day("2026-10-13")
        assert run("440305", [STARTED], "obj.verification.limit").due_on == day("2026-10-14")

    def test_gives_the_source_three_more(self):
        found = run(
            "440305",
            [STARTED, entry("extended", "2026-10-14", days=3)],
            "obj.verification.limit",
        )

        assert (found.due_on, found.extended_days) == (day("2026-10-19"), 3)

    def test_gives_no_fourth(self):
        with pytest.raises(NotAllowed) as refused:
            run(
                "440305",
                [STARTED, entry("extended", "2026-10-14", days=4)],
                "obj.verification.limit",
            )

        assert refused.value.key == "error.clock_extension_max"

    def test_gives_nothing_once_the_term_is_over(self):
        with pytest.raises(NotAllowed) as refused:
            run(
                "440305",
                [STARTED, entry("extended", "2026-10-15", days=3)],
                "obj.verification.limit",
            )

        assert refused.value.key == "error.clock_already_due"

    def test_is_no_rule_for_the_rest_of_its_province(self):
        assert BOOK.find("obj.verification.limit", division="440100", on=ON) is None


class TestHenan:
    """Seven working days with the source unit; time for inspection and experts does not count."""

    def test_leaves_out_the_time_of_the_experts(self):
        found = run(
            "410100",
            [
                STARTED,
                entry("paused", "2026-10-14", reason="委托鉴定"),
                entry("resumed", "2026-10-22", reason="鉴定意见已到"),
            ],
        )

        assert (found.raw_due_on, found.due_on) == (day("2026-10-21"), day("2026-10-29"))
        assert (found.paused_days, found.working_days_used) == (6, 7)

    def test_does_not_pause_for_any_other_reason(self):
        with pytest.raises(NotAllowed) as refused:
            run("410100", [STARTED, entry("paused", "2026-10-14", reason="等待补正")])

        assert refused.value.key == "error.clock_pause_ground"

    def test_does_not_extend(self):
        with pytest.raises(NotAllowed) as refused:
            run("410100", [STARTED, entry("extended", "2026-10-14", days=1)])

        assert refused.value.key == "error.clock_extension_not_allowed"

    def test_has_three_days_for_a_matter_of_its_own(self):
        assert run("410100", [STARTED], "obj.own.limit").due_on == day("2026-10-15")


class TestShandongAndJiangsu:
    def test_differ_as_their_texts_do(self):
        assert term("obj.own.limit", "370100") == Term(3)
        assert term("obj.other.limit", "370100") == Term(7)
        assert BOOK.get("tolerance.gate", division="320000", on=ON).value is True
        assert BOOK.get("platform.report.to", division="320000", on=ON).value == "same_level"
