"""Says in one sentence how a due date was counted, so that a receipt explains itself (R2, N32)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from notifications.letters.compose.facts import chinese_date


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
        return "收到当日不计入。"
    parts = [f"收到当日不计入，自{_short(counted[0].on)}起计算"]
    if any(line.kind == "weekend" for line in lines):
        parts.append("周末不计入")
    parts += [f"{_span_words(span)}不计入" for span in _holidays(lines)]
    worked = [_short(line.on) for line in counted if line.kind == "makeup"]
    if worked:
        parts.append(f"{'、'.join(worked)}为调休上班日，计入")
    last = chinese_date(counted[-1].on)
    return "；".join(parts) + f"；第{len(counted)}个工作日为{last}。"


def _holidays(lines: list[CountedDay]) -> list[_Span]:
    spans: list[_Span] = []
    for line in lines:
        if line.counted or "holiday" not in line.kind:
            continue
        name = line.name or "节假日"
        follows = spans and spans[-1].last == line.on - timedelta(days=1)
        if follows and spans[-1].name == name:
            spans[-1].last = line.on
        else:
            spans.append(_Span(name=name, first=line.on, last=line.on))
    return spans


def _span_words(span: _Span) -> str:
    if span.first == span.last:
        return f"{span.name}（{_short(span.first)}）"
    return f"{span.name}（{_short(span.first)}至{_short(span.last)}）"


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"
