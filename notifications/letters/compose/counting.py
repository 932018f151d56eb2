"""Says in one sentence how a due date was counted, so that a receipt explains itself (R2, N32)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from notifications.letters.words import chinese_date, short_date, word


class CountedDay(Protocol):
    """One day of an explained term, as ``workflows.clock.explain`` gives it."""

    @property
    def on(self) -> date: ...
    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def counted(self) -> bool: ...


@dataclass
class _Span:
    """Neighbouring days off of one holiday."""

    name: str
    first: date
    last: date


def counting_words(days: Iterable[CountedDay]) -> str:
    """Return how the days of a term were counted: what was left out, what was worked off."""
    lines = list(days)
    counted = [line for line in lines if line.counted]
    if not counted:
        return word("count.none")
    parts = [word("count.start", day=short_date(counted[0].on))]
    if any(line.kind == "weekend" for line in lines):
        parts.append(word("count.weekend"))
    parts += [word("count.left_out", days=_span_words(span)) for span in _holidays(lines)]
    worked = [short_date(line.on) for line in counted if line.kind == "makeup"]
    if worked:
        parts.append(word("count.makeup", days="、".join(worked)))
    parts.append(word("count.last", number=len(counted), date=chinese_date(counted[-1].on)))
    return "；".join(parts)


def _holidays(lines: list[CountedDay]) -> list[_Span]:
    spans: list[_Span] = []
    for line in lines:
        if line.counted or "holiday" not in line.kind:
            continue
        name = line.name or word("count.holiday")
        follows = spans and spans[-1].last == line.on - timedelta(days=1)
        if follows and spans[-1].name == name:
            spans[-1].last = line.on
        else:
            spans.append(_Span(name=name, first=line.on, last=line.on))
    return spans


def _span_words(span: _Span) -> str:
    first, last = short_date(span.first), short_date(span.last)
    days = first if span.first == span.last else word("count.span", first=first, last=last)
    return f"{span.name}（{days}）"
