"""The supervisor's board: figures that lead to cases, and a chart with its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.phrases import Words


@dataclass(frozen=True)
class Figure:
    """A number that leads to its cases; ``shape`` is a clock's shape, tone late or risk."""

    label: Words
    value: int
    url: str
    shape: str = "ok"
    note: Words = ""
    tone: str = ""


@dataclass(frozen=True)
class BarRow:
    """How much one holder has: late, near, the rest."""

    name: Words
    late: int
    near: int
    rest: int
    url: str | None = None
    note: Words = ""

    @property
    def total(self) -> int:
        """Return all cases of the holder."""
        return self.late + self.near + self.rest


@dataclass(frozen=True)
class Segment:
    """A piece of a bar in drawing units; ``shows_number`` is False where the number has no room."""

    x: float
    width: float
    series: str
    value: int

    @property
    def middle(self) -> float:
        """Return where the number stands."""
        return self.x + self.width / 2

    @property
    def shows_number(self) -> bool:
        """Return whether the number fits the piece."""
        return self.width >= 9 * len(str(self.value)) + 4


@dataclass(frozen=True)
class Bar:
    """A holder's bar."""

    row: BarRow
    y: float
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Tick:
    """A mark on the axis."""

    x: float
    value: int


@dataclass(frozen=True)
class BarChart:
    """A stacked bar chart in drawing units, and the same numbers for its table."""

    caption: Words
    sentence: Words
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    height: int

    @property
    def rows(self) -> tuple[BarRow, ...]:
        """Return the rows of the table."""
        return tuple(bar.row for bar in self.bars)

    @property
    def label_x(self) -> int:
        """Return where the names end, left of the axis."""
        return AXIS_LEFT - 10

    @property
    def totals(self) -> tuple[int, int, int, int]:
        """Return late, near, rest and all."""
        rows = self.rows
        late, near = sum(row.late for row in rows), sum(row.near for row in rows)
        rest = sum(row.rest for row in rows)
        return late, near, rest, late + near + rest


# Names of departments run to thirteen characters.
AXIS_LEFT, AXIS_RIGHT, TOP, STEP = 200, 730, 0, 33


def bar_chart(*, rows: Sequence[BarRow], caption: Words, sentence: Words) -> BarChart:
    """Return the chart of how much each holder has, drawn on a scale of round numbers."""
    most = max((row.total for row in rows), default=0)
    step = _round_step(most)
    top = max(step, -(-most // step) * step)
    scale = (AXIS_RIGHT - AXIS_LEFT) / top
    bars = tuple(
        Bar(row, TOP + 6.5 + STEP * at, _segments(row, scale)) for at, row in enumerate(rows)
    )
    ticks = tuple(Tick(AXIS_LEFT + value * scale, value) for value in range(0, top + 1, step))
    return BarChart(caption, sentence, bars, ticks, height=TOP + STEP * len(rows) + 32)


def _round_step(most: int) -> int:
    """Return a step of 1, 2 or 5 times a power of ten that gives at most eight marks."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if most <= factor * size * 7:
                return factor * size
        size *= 10


def _segments(row: BarRow, scale: float) -> tuple[Segment, ...]:
    found: list[Segment] = []
    x = float(AXIS_LEFT)
    for series, value in (("late", row.late), ("risk", row.near), ("ok", row.rest)):
        if value:
            found.append(Segment(x, value * scale, series, value))
            x += value * scale
    return tuple(found)
