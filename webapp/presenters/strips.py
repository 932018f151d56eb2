"""Draws a term as days: a strip by calendar weeks on a case, ticks by working days in a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby

from webapp.dates import short_day
from webapp.phrases import Phrase, Words, phrase
from workflows.clock.calendar import DayKind
from workflows.clock.explain import DayLine

HOLIDAYS = frozenset({DayKind.HOLIDAY, DayKind.PROVISIONAL_HOLIDAY})


@dataclass(frozen=True)
class Cell:
    """One day: its date above, its mark below; ``classes`` end the CSS class ``d d--``."""

    label: Words
    mark: Words
    classes: tuple[str, ...] = ()
    is_blank: bool = False

    @property
    def css(self) -> str:
        """Return the CSS classes of the cell."""
        return " ".join(["d", *self.classes])


BLANK = Cell("0", "0", ("d--void",), is_blank=True)


@dataclass(frozen=True)
class Strip:
    """Days grouped by week, with one sentence for who cannot see them."""

    weeks: tuple[tuple[Cell, ...], ...]
    sentence: Phrase


@dataclass(frozen=True)
class StripFrame:
    """What a strip needs besides its days: today, how the clock stands, how the start is called."""

    today: date
    state: str
    start_mark: str = "start"
    stopped_on: date | None = None


def strip_view(*, lines: Sequence[DayLine], frame: StripFrame) -> Strip | None:
    """Return the strip of an explanation's days; late days show when it was made with today."""
    if not lines:
        return None
    cells = [_cell(line, frame, is_first=index == 0) for index, line in enumerate(lines)]
    return Strip(weeks=_by_week(lines, cells), sentence=_sentence(lines, frame))


def _sentence(lines: Sequence[DayLine], frame: StripFrame) -> Phrase:
    due_on = next((line.on for line in lines if line.is_due), lines[-1].on)
    return phrase(
        "strip.sentence",
        start=lines[0].on,
        due=due_on,
        count=max((line.number or 0 for line in lines), default=0),
        today=frame.today,
    )


def _cell(line: DayLine, frame: StripFrame, *, is_first: bool) -> Cell:
    label = _label(line)
    if is_first and not line.counted:
        return Cell(label, phrase(f"strip.{frame.start_mark}"), ("d--start",))
    classes = [_day_class(line, frame)]
    if line.kind is DayKind.MAKEUP and (line.counted or line.is_late):
        classes.append("d--make")
    if line.is_due:
        classes.extend(["d--due", f"is-{frame.state}"])
    if frame.today == line.on:
        classes.append("d--today")
    return Cell(label, _mark(line), tuple(classes))


def _day_class(line: DayLine, frame: StripFrame) -> str:
    if line.is_late and _is_worked(line):
        return "d--over"
    if not line.counted and not line.is_due:
        return "d--off"
    is_past = line.on < frame.today if frame.stopped_on is None else line.on <= frame.stopped_on
    return "d--past" if is_past else "d--next"


def _mark(line: DayLine) -> Words:
    if line.number is not None:
        return str(line.number)
    if line.is_late and _is_worked(line):
        return phrase("strip.late")
    return phrase("strip.holiday") if line.kind in HOLIDAYS else "–"


def _is_worked(line: DayLine) -> bool:
    return line.kind in (DayKind.WORKDAY, DayKind.MAKEUP)


def _label(line: DayLine) -> Words:
    text = short_day(line.on, first=line.on.day == 1)
    is_makeup = line.kind is DayKind.MAKEUP
    return phrase("strip.makeup_day", day=text) if is_makeup else text


def _by_week(lines: Sequence[DayLine], cells: Sequence[Cell]) -> tuple[tuple[Cell, ...], ...]:
    """Return weeks from Monday to Sunday, blank cells filling the first and the last one."""
    filled: list[Cell] = [BLANK] * lines[0].weekday
    filled.extend(cells)
    filled.extend([BLANK] * (-len(filled) % 7))
    return tuple(tuple(filled[at : at + 7]) for at in range(0, len(filled), 7))


# --- ticks ---------------------------------------------------------------------------------------

MOST_TICKS = 40


@dataclass(frozen=True)
class Ticks:
    """One mark per working day: p passed, t today, n to come, o late."""

    marks: tuple[str, ...]
    sentence: Phrase

    @property
    def drawn(self) -> Iterable[tuple[str, str]]:
        """Return each run of one kind of mark with the path that draws it."""
        return _paths(self.marks)

    @property
    def width(self) -> int:
        """Return the width of the drawing."""
        return 7 * len(self.marks)


@lru_cache(maxsize=1024)
def _paths(marks: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return the path of each run of marks; the rows of a page show few different drawings."""
    paths, at = [], 0
    for mark, run in groupby(marks):
        count = len(list(run))
        paths.append((mark, f"M{0.5 + 7 * at:g} 1.5h5v9h-5z" + "m7 0h5v9h-5z" * (count - 1)))
        at += count
    return tuple(paths)


def ticks_view(*, total: int, left: int, is_working_today: bool) -> Ticks | None:
    """Return the ticks of a term of ``total`` working days.

    ``left`` is the number of working days after today up to the last one, negative when late. A
    term too long for a row has no ticks.
    """
    if total <= 0 or total + max(0, -left) > MOST_TICKS:
        return None
    if left < 0:
        marks = "p" * total + "o" * -left
        return Ticks(tuple(marks), phrase("ticks.late", total=total, count=-left))
    reached = max(0, total - left)
    if reached and is_working_today:
        marks = "p" * (reached - 1) + "t" + "n" * (total - reached)
        return Ticks(tuple(marks), phrase("ticks.today", total=total, count=reached))
    marks = "p" * reached + "n" * (total - reached)
    return Ticks(tuple(marks), phrase("ticks.passed", total=total, count=reached))
