"""A timer in a diagram names a clock and a point on it; the instant is worked out elsewhere."""

from __future__ import annotations

import re

from workflows.errors import DiagramError

_TIMER = re.compile(r"(?P<clock>[a-z][a-z0-9_]*)@(?P<point>[a-z0-9][a-z0-9_.%+-]*)")


def split_timer(text: str | None) -> tuple[str, str]:
    """Return the clock and the point of a timer such as ``reply@day13``.

    Raises DiagramError for anything else, above all for ISO durations, dates and cycles, which
    the engine would compute itself and wrongly.
    """
    found = _TIMER.fullmatch((text or "").strip())
    if found is None:
        raise DiagramError("error.engine.timer_unreadable", timer=text or "")
    return found["clock"], found["point"]
