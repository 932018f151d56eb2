"""Draw a project over time, and the chain that a traceback followed, as measured shapes.

Only numbers and words: the templates draw them. Names are the masked ones of the register (E).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflows.models import ProjectStage, Tenure
from workflows.services.trace_project import FIRST, ProjectRegister, list_gaps

LEFT, WIDTH, TOP = 132, 960, 34
LANE, PAPERS, SPACE = 22, 18, 12
# A sign of Chinese at 12 px; a bar shows its words only where they fit.
SIGN = 12.5
BOX, COLUMN, ROW = 188, 226, 54
MOST_SIGNS = 14


@dataclass(frozen=True)
class Bar:
    """A stretch of time: of a stage, of an office-holder, or of nobody."""

    kind: str
    x: float
    y: float
    width: float
    words: str
    hint: str
    begins_on: date
    ends_on: date | None


@dataclass(frozen=True)
class Mark:
    """A day: a paper or a handover."""

    kind: str
    x: float
    y: float
    words: str
    on: date


@dataclass(frozen=True)
class StageRow:
    """One stage with what lies in it."""

    name: str
    y: float
    height: float
    is_performed: bool
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class TimePicture:
    """A project over the years; ``act`` is where the act lies that is traced, if one is."""

    width: int
    height: float
    left: int
    top: int
    years: tuple[tuple[float, int], ...]
    rows: tuple[StageRow, ...]
    today: float
    act: tuple[float, float] | None = None


@dataclass(frozen=True)
class _Scale:
    first: date
    last: date

    def x(self, on: date) -> float:
        days = max(1, (self.last - self.first).days)
        at = min(max((on - self.first).days, 0), days)
        return round(LEFT + at * (WIDTH - LEFT - 8) / days, 1)


def draw_time(
    register: ProjectRegister, *, today: date, act: tuple[date, date] | None = None
) -> TimePicture:
    """Return the stages over time with office-holders, gaps, papers and handovers."""
    scale = _scale(register, today)
    rows, y = [], float(TOP)
    for stage in register.stages:
        row = _stage_row(register, stage, scale, y=y, today=today)
        rows.append(row)
        y += row.height + SPACE
    years = tuple(
        (scale.x(date(year, 1, 1)), year)
        for year in range(scale.first.year, scale.last.year + 1)
        if date(year, 1, 1) >= scale.first
    )
    return TimePicture(
        width=WIDTH,
        height=y,
        left=LEFT,
        top=TOP,
        years=years,
        rows=tuple(rows),
        today=scale.x(today),
        act=(scale.x(act[0]), scale.x(act[1])) if act else None,
    )


def _scale(register: ProjectRegister, today: date) -> _Scale:
    days = [register.project.begun_on, today]
    days += [stage.begins_on for stage in register.stages if stage.begins_on]
    days += [stage.ends_on for stage in register.stages if stage.ends_on]
    return _Scale(date(min(days).year, 1, 1), max(days))


def _stage_row(
    register: ProjectRegister, stage: ProjectStage, scale: _Scale, *, y: float, today: date
) -> StageRow:
    tenures = register.tenures_of(stage.id)
    lanes = _lanes(tenures)
    bars = [_stage_bar(stage, scale, y=y, today=today)] if stage.begins_on else []
    names = {body.id: body.name for body in register.bodies.values()}
    for at, lane in enumerate(lanes):
        top = y + 8 + at * LANE
        bars += [
            _tenure_bar(row, stage, scale, y=top, today=today, body=names.get(row.organisation_id))
            for row in lane
        ]
    bars += [
        _bar("gap", scale, gap.begins_on, gap.ends_on, y=y + 8, today=today, words="")
        for gap in list_gaps(register, stage, until=today)
    ]
    height = 8 + max(1, len(lanes)) * LANE + PAPERS
    return StageRow(
        name=stage.key,
        y=y,
        height=height,
        is_performed=stage.is_performed,
        bars=tuple(bars),
        marks=tuple(_marks(register, stage, scale, y=y + height - 8)),
    )


def _lanes(tenures: Sequence[Tenure]) -> list[list[Tenure]]:
    """Return the first responsible persons in one lane, every other person in one of its own."""
    first = [row for row in tenures if row.role == FIRST]
    others = [[row] for row in tenures if row.role != FIRST]
    return [first, *others]


def _stage_bar(stage: ProjectStage, scale: _Scale, *, y: float, today: date) -> Bar:
    begins = stage.begins_on or today
    return _bar("stage", scale, begins, stage.ends_on, y=y, today=today, words=stage.key)


def _tenure_bar(
    row: Tenure, stage: ProjectStage, scale: _Scale, *, y: float, today: date, body: str | None
) -> Bar:
    """Return an office-holder's time within the stage: before and after it is another's matter."""
    begins = max(row.valid_from, stage.begins_on or row.valid_from)
    ends = min(row.valid_to or today, stage.ends_on or today)
    kind = "first" if row.role == FIRST else "other"
    words = f"{row.post} {row.name}"
    return _bar(
        kind, scale, begins, max(begins, ends), y=y, today=today, words=words, hint=body or ""
    )


def _bar(
    kind: str,
    scale: _Scale,
    begins: date,
    ends: date | None,
    *,
    y: float,
    today: date,
    words: str,
    hint: str = "",
) -> Bar:
    x = scale.x(begins)
    width = max(2.0, round(scale.x(ends or today) - x, 1))
    shown = words if len(words) * SIGN < width else ""
    return Bar(kind, x, y, width, shown, f"{words} {hint}".strip(), begins, ends)


def _marks(
    register: ProjectRegister, stage: ProjectStage, scale: _Scale, *, y: float
) -> Iterable[Mark]:
    for paper in register.papers_of(stage.id):
        yield Mark("paper", scale.x(paper.dated_on), y, paper.title, paper.dated_on)
    for row in register.handovers:
        if row.stage_id == stage.id:
            yield Mark("handover", scale.x(row.handed_on), y, row.open_commitments, row.handed_on)


@dataclass(frozen=True)
class Box:
    """A link of the chain; ``tone`` says what it is, ``note`` what stands below."""

    column: int
    x: float
    y: float
    words: str
    full: str
    note: str
    tone: str = ""


@dataclass(frozen=True)
class ChainPicture:
    """Stage, department, person on the day, finding; lines join what belongs together."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[tuple[float, float, float, float], ...]
    box_width: int = BOX
    box_height: int = ROW - 12


def draw_chain(matrix: Mapping[str, Any], roles: Mapping[str, str]) -> ChainPicture:
    """Return the traced chain; ``roles`` has the words of each party's finding by its key."""
    boxes: list[Box] = []
    lines: list[tuple[float, float, float, float]] = []
    at = 0
    for stage in matrix.get("stages", ()):
        top = at
        for body in stage["departments"]:
            at = _department(matrix, stage, body, roles, at=at, boxes=boxes, lines=lines)
            lines.append(_line(0, top, 1, _row_of(boxes, 1)))
        note = f"{stage['begins_on']} – {stage['ends_on']}"
        boxes.append(_box(0, top, stage["key"], note, "" if stage["is_performed"] else "missing"))
    return ChainPicture(
        width=3 * COLUMN + BOX, height=max(1, at) * ROW, boxes=tuple(boxes), lines=tuple(lines)
    )


def _department(
    matrix: Mapping[str, Any],
    stage: Mapping[str, Any],
    body: Mapping[str, Any],
    roles: Mapping[str, str],
    *,
    at: int,
    boxes: list[Box],
    lines: list[tuple[float, float, float, float]],
) -> int:
    """Add a department with its persons and findings; return the next free row."""
    top = at
    people = [row for row in stage["persons"] if row["organisation_id"] == body["id"]]
    own = roles.get(f"org:{stage['id']}:{body['id']}", "")
    if own:
        lines.append(_line(1, top, 3, top))
        boxes.append(_box(3, top, own, "", "found"))
        at += 1
    for person in people:
        lines.append(_line(1, top, 2, at))
        term = f"{person['valid_from']} – {person['valid_to']}"
        boxes.append(_box(2, at, f"{person['post']} {person['name']}", term))
        found = roles.get(f"person:{person['id']}", "")
        if found:
            lines.append(_line(2, at, 3, at))
            boxes.append(_box(3, at, found, "", "found"))
        at += 1
    duty = body["duties"][0]["duty"] if body["duties"] else ""
    boxes.append(_box(1, top, matrix["names"].get(body["id"], ""), duty))
    return max(at, top + 1)


def _box(column: int, row: int, words: str, note: str = "", tone: str = "") -> Box:
    full = f"{words} {note}".strip()
    return Box(column, column * COLUMN, row * ROW, _short(words), full, _short(note, 24), tone)


def _short(words: str, most: int = MOST_SIGNS) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _line(column: int, row: int, to_column: int, to_row: int) -> tuple[float, float, float, float]:
    middle = (ROW - 12) / 2
    return (
        column * COLUMN + BOX,
        row * ROW + middle,
        to_column * COLUMN,
        to_row * ROW + middle,
    )


def _row_of(boxes: Sequence[Box], column: int) -> int:
    """Return the row of the last box of a column."""
    found = [box for box in boxes if box.column == column]
    return int(found[-1].y // ROW)
