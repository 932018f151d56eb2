"""Knows which characters our type can draw, so that a rare name never becomes an empty box.

Names of people and villages use characters that Noto Serif SC lacks. An office may add a font that
has them; until it does, the letter shows the code point in brackets, which a reader can look up.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Coverage:
    """The code points that a set of fonts can draw, as sorted ranges."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def covers(self, char: str) -> bool:
        """Say whether this character can be drawn; control characters need no drawing."""
        code = ord(char)
        if code < 0x20:
            return True
        at = bisect_right(self.starts, code) - 1
        return at >= 0 and code <= self.ends[at]


def read_coverage(files: Iterable[Path]) -> Coverage:
    """Return what the fonts in these files can draw together."""
    ranges = sorted(span for path in files for span in _ranges(path.read_bytes()))
    merged: list[tuple[int, int]] = []
    for start, end in ranges:
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return Coverage(
        starts=tuple(start for start, _ in merged), ends=tuple(end for _, end in merged)
    )


def spell_missing(value: Any, coverage: Coverage) -> Any:
    """Return the data with every character that has no glyph spelled as 〔U+20BB7〕.

    Control characters, which no paper can show, are dropped; line ends and tabs stay.
    """
    if isinstance(value, str):
        return "".join(_spelled(char, coverage) for char in value)
    if isinstance(value, Mapping):
        return {name: spell_missing(each, coverage) for name, each in value.items()}
    if isinstance(value, list):
        return [spell_missing(each, coverage) for each in value]
    return value


def _spelled(char: str, coverage: Coverage) -> str:
    if ord(char) < 0x20 and char not in "\n\t":
        return ""
    return char if coverage.covers(char) else f"〔U+{ord(char):04X}〕"


def _ranges(font: bytes) -> list[tuple[int, int]]:
    offsets = [0]
    if font[:4] == b"ttcf":
        count = struct.unpack_from(">I", font, 8)[0]
        offsets = list(struct.unpack_from(f">{count}I", font, 12))
    return [span for offset in offsets for span in _font_ranges(font, offset)]


def _font_ranges(font: bytes, offset: int) -> list[tuple[int, int]]:
    tables = struct.unpack_from(">H", font, offset + 4)[0]
    for index in range(tables):
        tag, _, start, _ = struct.unpack_from(">4sIII", font, offset + 12 + 16 * index)
        if tag == b"cmap":
            return _cmap_ranges(font, start)
    return []


def _cmap_ranges(font: bytes, start: int) -> list[tuple[int, int]]:
    count = struct.unpack_from(">H", font, start + 2)[0]
    spans: list[tuple[int, int]] = []
    for index in range(count):
        platform, _, offset = struct.unpack_from(">HHI", font, start + 4 + 8 * index)
        if platform not in (0, 3):
            continue
        at = start + offset
        table_format = struct.unpack_from(">H", font, at)[0]
        if table_format == 12:
            spans += _long_ranges(font, at)
        elif table_format == 4:
            spans += _short_ranges(font, at)
    return spans


def _long_ranges(font: bytes, at: int) -> list[tuple[int, int]]:
    groups = struct.unpack_from(">I", font, at + 12)[0]
    return [struct.unpack_from(">II", font, at + 16 + 12 * group) for group in range(groups)]


def _short_ranges(font: bytes, at: int) -> list[tuple[int, int]]:
    half = struct.unpack_from(">H", font, at + 6)[0]
    count = half // 2
    ends = struct.unpack_from(f">{count}H", font, at + 14)
    starts = struct.unpack_from(f">{count}H", font, at + 16 + half)
    return [(low, high) for low, high in zip(starts, ends, strict=True) if low != 0xFFFF]
