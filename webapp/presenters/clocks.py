"""Turns a reckoning into a clock's face: shape, words, date, number, rule and notes.

Every state of the visual language is decided here and nowhere else. "还剩 N" counts the
working days after today up to and including the last one; "逾期 N" those after it, today included;
nothing is ever shown as 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from webapp.phrases import Phrase, Words, phrase
from webapp.presenters.ranks import NO_LIMIT, RankView, Rule, rank_view, source_words, term_words
from webapp.presenters.strips import Strip, StripFrame, Ticks, strip_view, ticks_view
from workflows.clock.calendar import WorkingCalendar
from workflows.clock.explain import DayLine
from workflows.clock.ledger import Reckoning
from workflows.clock.terms import Remaining, remaining, working_days_between

DEFAULT_RISK_DAYS = 3


class ClockState(StrEnum):
    """The eight shapes a clock can take; each value ends the CSS classes of its shape and edge."""

    IN_TIME = "ok"
    AT_RISK = "risk"
    TODAY = "today"
    OVERDUE = "late"
    PAUSED = "pause"
    NOT_STARTED = "wait"
    UNCONFIRMED = "unconf"
    STOPPED = "done"


@dataclass(frozen=True)
class Today:
    """The business day a page is drawn on, and how its office counts."""

    on: date
    calendar: WorkingCalendar
    risk_days: int = DEFAULT_RISK_DAYS
    _known: dict[date, Remaining] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def remaining(self, due_on: date) -> Remaining:
        """Return how far the last day lies ahead or behind, in working days, never 0."""
        # A face asks four times, and the rows of a page share few last days.
        if due_on not in self._known:
            self._known[due_on] = remaining(due_on=due_on, today=self.on, calendar=self.calendar)
        return self._known[due_on]

    @property
    def is_working(self) -> bool:
        """Return whether today is a working day."""
        return self.calendar.is_working(self.on)


@dataclass(frozen=True)
class WordFrame:
    """A word of state or standing in a thin frame; tone is empty, late, risk, act or fill."""

    text: Words
    tone: str = ""


@dataclass(frozen=True)
class ClockView:
    """Everything a clock shows, at any size."""

    name: Words
    state: ClockState
    state_word: Words
    left: Words
    due_on: date | None = None
    date_words: Words | None = None
    is_provisional: bool = False
    marks: tuple[WordFrame, ...] = ()
    holder: Words = ""
    strip: Strip | None = None
    ticks: Ticks | None = None
    rank: RankView = NO_LIMIT
    why: Words = ""
    short_rule: Words = ""
    explain_url: str | None = None
    notes: tuple[Words, ...] = ()
    size: str = ""
    working_days_left: int | None = None

    def sized(self, size: str) -> ClockView:
        """Return the same clock as lead, minor or "" (the plain face)."""
        return replace(self, size=size)


@dataclass(frozen=True)
class Move:
    """A due date that has moved: from when, why, by whom."""

    from_on: date
    reason: Words


@dataclass(frozen=True)
class ClockFacts:
    """What a clock's face is drawn from."""

    name: Words
    reckoning: Reckoning | None
    rule: Rule | None = None
    lines: Sequence[DayLine] = ()
    start_mark: str = "start"
    why: Words | None = None
    short_rule: Words | None = None
    explain_url: str | None = None
    holder: Words = ""
    notes: tuple[Words, ...] = ()
    moved: Move | None = None
    stop_words: Words | None = None
    stop_evidence: Words | None = None
    is_current_step: bool = False


def clock_view(facts: ClockFacts, *, today: Today, size: str = "") -> ClockView:
    """Return the face of a clock on a business day."""
    reckoning = facts.reckoning
    if reckoning is None:
        return _not_started(facts, size)
    state = clock_state(reckoning, rule=facts.rule, today=today)
    is_stopped = state is ClockState.STOPPED
    return ClockView(
        name=facts.name,
        state=state,
        state_word=phrase(f"clock.state.{state}"),
        left=_left(reckoning, today),
        due_on=reckoning.stopped_on if is_stopped else reckoning.due_on,
        date_words=_date_words(facts, state),
        is_provisional=reckoning.provisional and not is_stopped,
        marks=_marks(facts, reckoning),
        holder=facts.holder,
        strip=_strip(facts, reckoning, state, today),
        ticks=_ticks(facts, reckoning, today),
        rank=rank_view(facts.rule),
        why=facts.why if facts.why is not None else _why(facts, state),
        short_rule=facts.short_rule if facts.short_rule is not None else _short_rule(facts.rule),
        explain_url=facts.explain_url,
        notes=(*_notes(facts, reckoning), *facts.notes),
        size=size,
        working_days_left=days_left(reckoning, today),
    )


def clock_state(reckoning: Reckoning, *, rule: Rule | None, today: Today) -> ClockState:
    """Return the state a clock shows; a stop or a pause is said before any nearness."""
    if reckoning.status == "stopped":
        return ClockState.STOPPED
    if rule is not None and not rule.confirmed:
        return ClockState.UNCONFIRMED
    if reckoning.due_on is None:
        return ClockState.PAUSED
    stands = today.remaining(reckoning.due_on)
    if stands.state == "late":
        return ClockState.OVERDUE
    if stands.state == "today":
        return ClockState.TODAY
    return ClockState.AT_RISK if stands.days <= today.risk_days else ClockState.IN_TIME


def days_left(reckoning: Reckoning, today: Today) -> int | None:
    """Return working days left, 0 on the last day, negative when late; None once stopped."""
    if reckoning.status == "stopped":
        return None
    if reckoning.due_on is None:
        return reckoning.days_left
    stands = today.remaining(reckoning.due_on)
    return -stands.days if stands.state == "late" else stands.days


def _not_started(facts: ClockFacts, size: str) -> ClockView:
    key = "clock.unset" if facts.rule is None else "clock.not_started"
    if not facts.name:
        # No clock binds the step: nobody has forgotten to set one.
        key = "clock.none"
    return ClockView(
        name=facts.name,
        state=ClockState.NOT_STARTED,
        state_word=phrase("clock.state.wait"),
        left=phrase(f"{key}.left"),
        date_words=phrase(f"{key}.date"),
        holder=facts.holder,
        rank=rank_view(facts.rule),
        why=facts.why if facts.why is not None else _why(facts, ClockState.NOT_STARTED),
        short_rule=facts.short_rule if facts.short_rule is not None else _short_rule(facts.rule),
        explain_url=facts.explain_url,
        notes=facts.notes,
        size=size,
    )


def _left(reckoning: Reckoning, today: Today) -> Words:
    """Return the number with its words; the page sets the fact ``figure`` large."""
    if reckoning.status == "stopped":
        return _left_stopped(reckoning)
    if reckoning.due_on is None:
        return _counted("paused", reckoning.days_left or 0)
    stands = today.remaining(reckoning.due_on)
    if stands.state == "today":
        return phrase("clock.left.today", figure=phrase("clock.left.today.figure"))
    return _counted("late" if stands.state == "late" else "ok", stands.days)


def _left_stopped(reckoning: Reckoning) -> Words:
    if reckoning.late_by:
        return _counted("stopped_late", reckoning.late_by)
    if reckoning.early_by:
        return _counted("stopped_early", reckoning.early_by)
    return phrase("clock.left.stopped_on_day")


def _counted(name: str, count: int) -> Phrase:
    return phrase(f"clock.left.{name}", figure=str(count), count=count)


def _date_words(facts: ClockFacts, state: ClockState) -> Words | None:
    if state is ClockState.PAUSED:
        return phrase("clock.due_open")
    if state is ClockState.STOPPED and facts.reckoning and facts.reckoning.stopped_on:
        return facts.stop_words or phrase("clock.stopped", on=facts.reckoning.stopped_on)
    return None


def _marks(facts: ClockFacts, reckoning: Reckoning) -> tuple[WordFrame, ...]:
    marks: list[WordFrame] = []
    if facts.is_current_step:
        marks.append(WordFrame(phrase("clock.mark.this_step"), "act"))
    if reckoning.status == "stopped":
        if reckoning.late_by:
            marks.append(WordFrame(phrase("clock.mark.stopped_late"), "late"))
        return tuple(marks)
    if reckoning.provisional:
        marks.append(WordFrame(phrase("clock.mark.provisional")))
    if reckoning.extended_days:
        marks.append(WordFrame(phrase("clock.mark.extended")))
    if facts.moved is not None:
        marks.append(WordFrame(phrase("clock.mark.moved")))
    return tuple(marks)


def _notes(facts: ClockFacts, reckoning: Reckoning) -> tuple[Words, ...]:
    """Return what a date's past has to say: a date without its past is not believed."""
    if reckoning.status == "stopped":
        key = "clock.note.was_due_late" if reckoning.late_by else "clock.note.was_due"
        return (phrase(key, on=reckoning.due_on),) if reckoning.due_on else ()
    notes: list[Words] = []
    if reckoning.due_on is None:
        notes.append(
            phrase("clock.note.paused", since=reckoning.paused_since, on=reckoning.raw_due_on)
        )
    if reckoning.provisional:
        years = "、".join(str(year) for year in reckoning.missing_years)
        notes.append(phrase("clock.note.provisional", years=years))
    if reckoning.extended_days:
        notes.append(
            phrase("clock.note.extended", on=reckoning.raw_due_on, count=reckoning.extended_days)
        )
    elif reckoning.due_on not in (None, reckoning.raw_due_on) and facts.moved is None:
        notes.append(phrase("clock.note.raw_due", on=reckoning.raw_due_on))
    if facts.moved is not None and reckoning.due_on is not None:
        notes.append(
            phrase(
                "clock.note.moved",
                old=facts.moved.from_on,
                new=reckoning.due_on,
                reason=facts.moved.reason,
            )
        )
    return tuple(notes)


def _strip(
    facts: ClockFacts, reckoning: Reckoning, state: ClockState, today: Today
) -> Strip | None:
    if reckoning.due_on is None:
        return None
    frame = StripFrame(
        today=today.on,
        state=state,
        start_mark=facts.start_mark,
        stopped_on=reckoning.stopped_on,
    )
    return strip_view(lines=facts.lines, frame=frame)


def _ticks(facts: ClockFacts, reckoning: Reckoning, today: Today) -> Ticks | None:
    left, rule = days_left(reckoning, today), facts.rule
    if left is None or reckoning.due_on is None or rule is None or rule.unit != "WD":
        return None
    total = working_days_between(reckoning.start_on, reckoning.due_on, today.calendar)
    return ticks_view(total=total, left=left, is_working_today=today.is_working)


def _why(facts: ClockFacts, state: ClockState) -> Phrase | str:
    rule = facts.rule
    if rule is None:
        return phrase("clock.why.none")
    if not isinstance(rule.value, int):
        return source_words(rule)
    term = term_words(rule.value, rule.unit)
    if not rule.confirmed:
        return phrase("clock.why.unconfirmed", term=term)
    if state is ClockState.STOPPED and facts.stop_evidence is not None:
        return phrase(
            "clock.why.stopped", term=term, source=source_words(rule), evidence=facts.stop_evidence
        )
    return phrase("clock.why", term=term, source=source_words(rule))


def _short_rule(rule: Rule | None) -> Words:
    if rule is None or not isinstance(rule.value, int):
        return ""
    if not rule.confirmed:
        return phrase(f"term.short.{rule.unit.lower()}", count=rule.value)
    return phrase(
        "clock.short_rule",
        term=phrase(f"term.short.{rule.unit.lower()}", count=rule.value),
        source=rule.document or phrase("rank.office_source"),
    )
