"""How wide a text is and where its lines break, reckoned without a browser."""

from __future__ import annotations

import re
import unicodedata

_CLOSING = "，。、；：？！）》」』”’…%"
_OPENING = "（《「『“‘"
_PIECES = re.compile(r"[!-~]+|\s+|.", re.DOTALL)
EM = 12


def width_of(text: str) -> int:
    """Return the width of one line, in points."""
    return sum(EM if unicodedata.east_asian_width(one) in "WFA" else 7 for one in text)


def wrap(text: str, width: int) -> list[str]:
    """Return the text in lines; a line does not begin with a comma or end with a bracket."""
    lines, line = [], ""
    for piece in _PIECES.findall(" ".join(text.split())):
        is_full = line and width_of(line + piece) > width and piece not in _CLOSING
        if not is_full:
            line += piece
            continue
        carried = ""
        while line and line[-1] in _OPENING:
            carried, line = line[-1] + carried, line[:-1]
        lines.append(line.strip())
        line = carried + piece
    return [*lines, line.strip()]


def block_of(text: str, width: int) -> tuple[int, int]:
    """Return the width and height that a label takes up when it may be this wide."""
    lines = wrap(text, width)
    return max(width_of(line) for line in lines) + 4, 14 * len(lines)
