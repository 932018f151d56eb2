"""Clocks to draw, reckoned by the real calendar on Tuesday 13 October 2026."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from webapp.presenters.clocks import ClockFacts, Today, clock_view
from webapp.texts import Texts
from workflows.clock.calendar import load_shipped_calendar
from workflows.clock.explain import explain
from workflows.clock.ledger import Entry, EntryKind
from workflows.clock.terms import Term, Unit

TUESDAY = date(2026, 10, 13)
TEXTS = Texts(strict=True)


@dataclass(frozen=True)
class Rule:
    """A rule parameter as a pack gives it."""

    value: int = 15
    label: str = "document"
    document: str = "吉政办发〔2017〕75号"
    clause: str = "二(十)"
    unit: str = "WD"
    confirmed: bool = True


def entry(kind, on, **more):
    return Entry(kind=kind, at=datetime(2026, 9, 24, tzinfo=UTC), on=on, **more)


def today_on(on=TUESDAY, **more):
    return Today(on, load_shipped_calendar(), **more)


def make_clock(start, *entries, on=TUESDAY, rule=None, risk_days=3, **facts):
    """Return the face of a clock on a day."""
    rule = rule or Rule()
    told = explain(
        entries=(entry(EntryKind.STARTED, start), *entries),
        term=Term(rule.value, Unit(rule.unit)),
        calendar=load_shipped_calendar(),
        today=on,
    )
    given = ClockFacts(
        name="书面答复", reckoning=told.reckoning, rule=rule, lines=told.lines, **facts
    )
    return clock_view(given, today=today_on(on, risk_days=risk_days))


def spoken(words, language="zh"):
    return TEXTS.say(words, language=language)
