"""A case's clocks as faces: the rule as it was pinned, the days, and what is worth a note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from webapp.phrases import Phrase, Words, phrase
from webapp.presenters.clocks import ClockFacts, ClockView, Move, Today, clock_view
from workflows.clock.explain import Explanation


@dataclass(frozen=True)
class ClockRule:
    """The rule of a clock as it stood when the clock started."""

    value: int
    unit: str
    document: str = ""
    clause: str = ""
    label: str = "inner"
    confirmed: bool = True


@dataclass(frozen=True)
class ClockOfCase:
    """What a case page knows of one of its clocks."""

    name: str
    rule: Mapping[str, Any]
    amount: int
    unit: str
    explanation: Explanation
    body: str = ""
    holder: Words = ""
    url: str = ""
    moved_from: date | None = None
    moved_reason: Words = ""
    stop_evidence: Words = ""
    is_current_step: bool = False
    extra_notes: tuple[Words, ...] = field(default=())


def rule_of(
    kept: Mapping[str, Any] | None, *, amount: int | None, unit: str | None
) -> ClockRule | None:
    """Return the pinned rule for a face, or None where no number binds."""
    if not kept or amount is None or unit is None:
        return None
    return ClockRule(
        value=amount,
        unit=unit,
        document=str(kept.get("document", "")),
        clause=str(kept.get("clause", "")),
        label=str(kept.get("label", "inner")),
        confirmed=bool(kept.get("confirmed", True)),
    )


def clock_name(name: str, *, body: str = "") -> Phrase:
    """Return what the clock is for: 书面答复申请人, 通化市财政局核查意见."""
    return phrase(f"clock.name.{name}", body=body)


def case_clock_view(clock: ClockOfCase, *, today: Today, size: str = "") -> ClockView:
    """Return the face of one clock of a case."""
    found = clock.explanation
    facts = ClockFacts(
        name=clock_name(clock.name, body=clock.body),
        reckoning=found.reckoning,
        rule=rule_of(clock.rule, amount=clock.amount, unit=clock.unit),
        lines=found.lines,
        start_mark="received" if clock.name == "reply" else "start",
        explain_url=clock.url or None,
        holder=clock.holder,
        notes=(*_standing_notes(clock), *clock.extra_notes),
        moved=Move(clock.moved_from, clock.moved_reason) if clock.moved_from else None,
        stop_evidence=clock.stop_evidence or None,
        is_current_step=clock.is_current_step,
    )
    return clock_view(facts, today=today, size=size)


def by_weight(views: Sequence[ClockView]) -> tuple[ClockView | None, tuple[ClockView, ...]]:
    """Return the lead clock and the minor ones, in the order given."""
    if not views:
        return None, ()
    lead, *rest = views
    return lead.sized("lead"), tuple(view.sized("minor") for view in rest)


def _standing_notes(clock: ClockOfCase) -> tuple[Words, ...]:
    """Return what a rule leaves open: higher texts nobody has read (E, "Whose clock")."""
    unread = [str(text) for text in clock.rule.get("unread_higher", [])]
    if not unread or clock.explanation.reckoning.status == "stopped":
        return ()
    return (phrase("clock.note.unread_higher", texts="、".join(unread)),)
