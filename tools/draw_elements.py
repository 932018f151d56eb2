"""Draw the pictures of docs/engine: one small process per element, as SVG.

    python -m tools.draw_elements

The pictures themselves are in element_pictures.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "docs" / "engine" / "pictures"
COLUMN, ROW, MARGIN = 120, 90, 20
HALF = {"task": (42, 28), "sub": (42, 28), "gate": (22, 22), "event": (17, 17)}
MARKS = {
    "message": "✉",
    "timer": "◷",
    "signal": "△",
    "error": "↯",
    "escalation": "⇧",
    "compensate": "◁◁",
    "cancel": "✕",
    "terminate": "●",
    "link": "➔",
    "xor": "✕",
    "and": "＋",
    "or": "○",
    "wait": "⬠",
}


@dataclass(frozen=True)
class Shape:
    """One element: its form, its mark, where it stands, and what is written on it."""

    form: str
    mark: str
    x: float
    y: float
    label: str = ""
    line: str = ""

    @property
    def half(self) -> tuple[int, int]:
        """Return half of the width and height."""
        return HALF[self.form]


@dataclass
class Picture:
    """Shapes by name, the flows between them, and lines that are no flows."""

    shapes: dict[str, Shape] = field(default_factory=dict)
    flows: list[tuple[str, str, str]] = field(default_factory=list)
    frames: list[tuple[float, float, float, float, str]] = field(default_factory=list)

    def add(
        self, name: str, form: str, at: tuple[float, float], *, mark: str = "", **more: str
    ) -> Picture:
        """Place an element at a column and row."""
        x, y = MARGIN + 40 + at[0] * COLUMN, MARGIN + 35 + at[1] * ROW
        self.shapes[name] = Shape(form, mark, x, y, **more)
        return self

    def attach(self, name: str, host: str, mark: str, *, line: str = "double") -> Picture:
        """Put an event on the lower edge of an activity."""
        on = self.shapes[host]
        self.shapes[name] = Shape("event", mark, on.x + 18, on.y + on.half[1], line=line)
        return self

    def flow(self, *names: str, label: str = "") -> Picture:
        """Join elements in a row."""
        self.flows += [(one, two, label) for one, two in zip(names, names[1:], strict=False)]
        return self

    def frame(self, begin: tuple[float, float], end: tuple[float, float], style: str) -> Picture:
        """Draw the border of a sub-process around columns and rows."""
        x, y = MARGIN + begin[0] * COLUMN - 8, MARGIN + begin[1] * ROW - 8
        width = (end[0] - begin[0] + 1) * COLUMN - 24
        height = (end[1] - begin[1] + 1) * ROW - 6
        self.frames.append((x, y, width, height, style))
        return self

    def svg(self) -> str:
        """Return the picture."""
        width = max(
            [one.x + 60 for one in self.shapes.values()] + [f[0] + f[2] for f in self.frames]
        )
        height = max(
            [one.y + 55 for one in self.shapes.values()] + [f[1] + f[3] for f in self.frames]
        )
        size = f'width="{width + MARGIN:g}" height="{height + MARGIN:g}"'
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" '
            'font-size="12" fill="none" stroke="#223"><defs><marker id="tip" markerWidth="9" '
            'markerHeight="9" refX="8" refY="4" orient="auto"><path d="M0 0L8 4L0 8z" '
            'fill="#223"/></marker></defs>'
        )
        background = '<rect width="100%" height="100%" fill="#fff" stroke="none"/>'
        parts = [head, background, *map(_frame, self.frames)]
        parts += [self._line(*flow) for flow in self.flows]
        parts += [_shape(one) for one in self.shapes.values()]
        return "\n".join([*parts, "</svg>", ""])

    def _line(self, source: str, target: str, label: str) -> str:
        one, two = self.shapes[source], self.shapes[target]
        if abs(one.y - two.y) < 5:
            way = f"M{one.x + one.half[0]:g} {one.y:g}H{two.x - two.half[0]:g}"
        elif two.y > one.y:
            way = f"M{one.x:g} {one.y + one.half[1]:g}V{two.y:g}H{two.x - two.half[0]:g}"
        else:
            way = f"M{one.x + one.half[0]:g} {one.y:g}H{two.x:g}V{two.y + two.half[1]:g}"
        dashed = ' stroke-dasharray="2 4"' if label == "undone by" else ' marker-end="url(#tip)"'
        middle = (one.x + two.x) / 2
        return f'<path d="{way}"{dashed}/>{_text(label, middle, two.y - 8) if label else ""}'


def _frame(frame: tuple[float, float, float, float, str]) -> str:
    x, y, width, height, style = frame
    dash = ' stroke-dasharray="3 4"' if style == "event" else ""
    box = f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="9"{dash}/>'
    if style != "transaction":
        return box
    inner = f'x="{x + 4}" y="{y + 4}" width="{width - 8}" height="{height - 8}"'
    return f'{box}<rect {inner} rx="6"/>'


def _text(text: str, x: float, y: float, size: int = 12) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="middle" font-size="{size}" fill="#223" '
        f'stroke="none">{escape(text)}</text>'
    )


def _shape(one: Shape) -> str:
    x, y, (dx, dy) = one.x, one.y, one.half
    mark = MARKS.get(one.mark, one.mark)
    if one.form == "event":
        thick = ' stroke-width="3"' if one.line == "thick" else ""
        dash = ' stroke-dasharray="3 3"' if one.line == "dashed" else ""
        drawn = f'<circle cx="{x}" cy="{y}" r="17" fill="#fff"{thick}{dash}/>'
        if one.line in ("double", "dashed"):
            drawn += f'<circle cx="{x}" cy="{y}" r="13.5"{dash}/>'
        return drawn + _text(mark, x, y + 5, 14) + _text(one.label, x, y + 32)
    if one.form == "gate":
        drawn = f'<path d="M{x - dx} {y}L{x} {y - dy}L{x + dx} {y}L{x} {y + dy}z" fill="#fff"/>'
        return drawn + _text(mark, x, y + 6, 17) + _text(one.label, x, y - 28)
    box = f'x="{x - dx}" y="{y - dy}" width="{2 * dx}" height="{2 * dy}"'
    return f'<rect {box} rx="8" fill="#fff"/>{_text(one.label, x, y + 4)}{_text(mark, x, y + 24)}'


def write(pictures: Mapping[str, Picture]) -> None:
    """Write every picture; the same pictures give the same bytes."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, picture in pictures.items():
        (FOLDER / f"{name}.svg").write_text(picture.svg(), encoding="utf-8")


if __name__ == "__main__":
    from tools.element_pictures import PICTURES

    write(PICTURES)
