"""A timer in a diagram names a clock and a point on it; the instant is worked out elsewhere."""

from __future__ import annotations

import re
from typing import Final

from workflows.errors import DiagramError

ELAPSED: Final = "elapsed"
"""The clock of a plain duration such as ``PT1H``: it runs from when the timer begins to wait."""

_TIMER = re.compile(r"(?P<clock>[a-z][a-z0-9_]{0,39})@(?P<point>[a-z0-9][a-z0-9_.%+-]{0,59})")
_DURATION = re.compile(
    r"P(?=[0-9T])([0-9]{1,4}Y)?([0-9]{1,4}M)?([0-9]{1,4}W)?([0-9]{1,4}D)?"
    r"(T(?=[0-9])([0-9]{1,5}H)?([0-9]{1,5}M)?([0-9]{1,5}S)?)?"
)


def split_timer(text: str | None) -> tuple[str, str]:
    """Return the clock and the point of a timer such as ``reply@day13``, or of a plain duration.

    Raises DiagramError for anything else, above all for dates and cycles: a date in a drawing is
    past one day, and the library repeats a cycle's first month (library note 2).
    """
    written = (text or "").strip()
    if _DURATION.fullmatch(written):
        return ELAPSED, written
    found = _TIMER.fullmatch(written)
    if found is None or found["clock"] == ELAPSED:
        raise DiagramError("error.engine.timer_unreadable", timer=text or "")
    return found["clock"], found["point"]
