"""What must hold for every term, not only for the ones somebody thought of."""

from __future__ import annotations

import json
from datetime import date, time, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.unit.clock.factories import CALENDARS, calendar, entry
from workflows.clock.explain import explain
from workflows.clock.ledger import reckon
from workflows.clock.notice import list_problems
from workflows.clock.terms import (
    Term,
    Unit,
    deadline,
    end_instant,
    legal_date,
    point_instant,
    remaining,
    working_days_between,
)

# A busy machine is no fault of the clock.
UNHURRIED = settings(deadline=None)

days = st.dates(date(2018, 1, 1), date(2029, 12, 31))
amounts = st.integers(1, 400)
units = st.sampled_from(Unit)


def terms(most: int = 400) -> st.SearchStrategy[Term]:
    short = st.builds(Term, st.integers(1, 60), st.just(Unit.MONTHS))
    long = st.sampled_from([Unit.WORKING_DAYS, Unit.CALENDAR_DAYS])
    return st.one_of(short, st.builds(Term, st.integers(1, most), long))


@st.composite
def ledgers(draw: st.DrawFn):
    """Return a start and pauses and extensions that follow each other in time."""
    on = draw(st.dates(date(2018, 1, 1), date(2027, 12, 31)))
    lines = [entry("started", on.isoformat())]
    for _ in range(draw(st.integers(0, 4))):
        on += timedelta(days=draw(st.integers(0, 20)))
        if draw(st.booleans()):
            lines.append(entry("extended", on.isoformat(), days=draw(st.integers(1, 10))))
            continue
        lines.append(entry("paused", on.isoformat()))
        on += timedelta(days=draw(st.integers(0, 20)))
        lines.append(entry("resumed", on.isoformat()))
    return lines


class TestDeadline:
    @UNHURRIED
    @given(days, terms())
    def test_lies_after_its_start_on_a_working_day(self, start_on, term):
        found = deadline(start_on=start_on, term=term, calendar=calendar())

        assert found.due_on > start_on
        assert calendar().is_working(found.due_on)

    @UNHURRIED
    @given(days, days, terms())
    def test_never_comes_earlier_for_a_later_start(self, one, other, term):
        first, second = sorted((one, other))

        assert (
            deadline(start_on=first, term=term, calendar=calendar()).due_on
            <= deadline(start_on=second, term=term, calendar=calendar()).due_on
        )

    @UNHURRIED
    @given(days, amounts, units)
    def test_comes_later_for_a_longer_term(self, start_on, amount, unit):
        assume(unit is not Unit.MONTHS or amount <= 120)
        shorter = deadline(start_on=start_on, term=Term(amount, unit), calendar=calendar())
        longer = deadline(start_on=start_on, term=Term(amount + 1, unit), calendar=calendar())

        assert longer.due_on >= shorter.due_on
        if unit is Unit.WORKING_DAYS:
            assert longer.due_on > shorter.due_on

    @UNHURRIED
    @given(days, amounts, amounts)
    def test_of_working_days_can_be_counted_in_two_parts(self, start_on, first, second):
        whole = deadline(start_on=start_on, term=Term(first + second), calendar=calendar())
        half = deadline(start_on=start_on, term=Term(first), calendar=calendar())
        rest = deadline(start_on=half.due_on, term=Term(second), calendar=calendar())

        assert whole.due_on == rest.due_on

    @UNHURRIED
    @given(days, terms())
    def test_is_provisional_exactly_when_a_notice_is_missing(self, start_on, term):
        found = deadline(start_on=start_on, term=term, calendar=calendar())
        # The day after 31 December 2026 is the first that needs the notice for 2027.
        assert found.provisional == (found.due_on > date(2026, 12, 31))


class TestExplanation:
    @UNHURRIED
    @given(days, st.integers(1, 150))
    def test_counts_as_many_days_as_the_term_has(self, start_on, amount):
        started = entry("started", start_on.isoformat())

        found = explain(entries=[started], term=Term(amount), calendar=calendar())

        assert sum(line.counted for line in found.lines) == amount
        assert [line.number for line in found.lines if line.counted] == list(range(1, amount + 1))
        assert found.lines[-1].on == found.reckoning.due_on

    @UNHURRIED
    @given(ledgers(), st.integers(1, 60))
    def test_counts_term_and_extension_whatever_the_pauses(self, lines, amount):
        found = explain(entries=lines, term=Term(amount), calendar=calendar())
        reckoning = found.reckoning

        assert sum(line.counted for line in found.lines) == amount + reckoning.extended_days
        assert reckoning.working_days_used == amount + reckoning.extended_days

    @UNHURRIED
    @given(days, terms(most=150))
    def test_has_a_line_for_every_day(self, start_on, term):
        assume(term.unit is not Unit.MONTHS or term.amount <= 12)
        started = entry("started", start_on.isoformat())

        found = explain(entries=[started], term=term, calendar=calendar())
        on = [line.on for line in found.lines]

        assert on == [start_on + timedelta(days=step) for step in range(len(on))]


class TestLedger:
    @UNHURRIED
    @given(ledgers(), terms(most=60))
    def test_never_brings_the_date_forward(self, lines, term):
        assume(term.unit is not Unit.MONTHS or term.amount <= 12)

        found = reckon(entries=lines, term=term, calendar=calendar())

        assert found.due_on is not None
        assert found.due_on >= found.raw_due_on
        if found.paused_days == found.extended_days == 0:
            assert found.due_on == found.raw_due_on

    @UNHURRIED
    @given(ledgers(), st.integers(1, 60))
    def test_adds_as_many_working_days_as_were_granted(self, lines, amount):
        found = reckon(entries=lines, term=Term(amount), calendar=calendar())

        assert found.due_on is not None
        granted = working_days_between(found.raw_due_on, found.due_on, calendar())
        # A pause that began after the term had run out gives nothing back.
        assert found.extended_days <= granted <= found.extended_days + found.paused_days

    @UNHURRIED
    @given(ledgers(), st.integers(1, 60))
    def test_gives_the_same_answer_twice(self, lines, amount):
        first = reckon(entries=lines, term=Term(amount), calendar=calendar())

        assert reckon(entries=tuple(lines), term=Term(amount), calendar=calendar()) == first


class TestPoints:
    @UNHURRIED
    @given(days, st.integers(1, 60), st.integers(1, 100))
    def test_lie_between_start_and_end_and_in_order(self, start_on, amount, percent):
        due_on = deadline(start_on=start_on, term=Term(amount), calendar=calendar()).due_on
        instants = [
            point_instant(
                start_on=start_on,
                due_on=due_on,
                term=Term(amount),
                point=point,
                calendar=calendar(),
                opening=time(9),
            )
            for point in (f"{percent}%", "100%", "overdue")
        ]

        assert instants == sorted(instants)
        assert start_on < legal_date(instants[0]) <= due_on
        assert instants[-1] == end_instant(due_on)


class TestRemaining:
    @UNHURRIED
    @given(days, st.integers(1, 60), st.integers(-30, 30))
    def test_is_never_zero_but_on_the_day_itself(self, start_on, amount, step):
        due_on = deadline(start_on=start_on, term=Term(amount), calendar=calendar()).due_on
        today = max(date(2018, 1, 1), due_on + timedelta(days=step))

        found = remaining(due_on=due_on, today=today, calendar=calendar())

        assert (found.days == 0) == (today == due_on)
        assert found.state == ("today" if today == due_on else "left" if today < due_on else "late")


NOTICE = (CALENDARS / "2026.json").read_text(encoding="utf-8")
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=8,
)


class TestNotice:
    @UNHURRIED
    @given(st.sampled_from(sorted(json.loads(NOTICE))), json_values)
    def test_is_read_or_refused_whatever_a_field_holds(self, field, value):
        content = json.loads(NOTICE) | {field: value}

        problems = list_problems(json.dumps(content), source="x")

        assert all(problem.key.startswith("error.calendar_") for problem in problems)

    @UNHURRIED
    @given(st.sampled_from(["name", "from", "to", "days", "workdays", "quote"]), json_values)
    def test_is_read_or_refused_whatever_a_holiday_holds(self, field, value):
        content = json.loads(NOTICE)
        content["holidays"][1][field] = value

        problems = list_problems(json.dumps(content), source="x")

        assert all(problem.key.startswith("error.calendar_") for problem in problems)

    @UNHURRIED
    @given(st.integers(0, len(NOTICE.encode()) - 1), st.integers(0, 255))
    def test_is_read_or_refused_whatever_byte_is_damaged(self, place, byte):
        content = bytearray(NOTICE.encode())
        content[place] = byte

        problems = list_problems(bytes(content), source="x")

        assert all(problem.key.startswith("error.calendar_") for problem in problems)
