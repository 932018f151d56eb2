"""How a serving process looks after its memory."""

from __future__ import annotations

import gc

# A page makes tens of thousands of objects that are gone with it; looking for circles among them
# every 700, as Python does unless told otherwise, took a seventh of the inbox's time.
OBJECTS_BETWEEN = 10_000


def collect_seldom() -> None:
    """Look for unreachable objects less often, and never among those that stay for good.

    For a process that has read what it needs and now begins to serve.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN, 10, 10)
