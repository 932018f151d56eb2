"""Gives a process of the product a machine's clock that begins where the tests want it.

Python imports a module of this name as it starts. Pages then look the same whatever the day: no
weekend, no unpublished holiday notice, no new year in the middle of a journey.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import webapp.business_clock

AHEAD = timedelta(seconds=float(os.environ["TESTS_CLOCK_AHEAD"]))


def machine_now() -> datetime:
    """Return the instant of the tests' clock, which runs as fast as the machine's."""
    return datetime.now(UTC) + AHEAD


webapp.business_clock.machine_now = machine_now
