"""A plain duration in a diagram, such as one hour: time on the wall, no term of the law.

It runs from the instant at which its timer begins to wait, through nights and holidays, and nothing
pauses it. A legal term never comes out of it: those have clocks, with a calendar and a ledger.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from workflows.clock.calendar import SHANGHAI
from workflows.clock.terms import add_months, local_instant
from workflows.errors import InvalidAnswer

_PARTS = re.compile(
    r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?"
)


def elapsed_instant(*, since: datetime, duration: str) -> datetime:
    """Return when an ISO 8601 duration has passed, as an aware UTC instant.

    Years and months go by the office's calendar, to the last day of a shorter month; a day has 24
    hours. Raises InvalidAnswer for what is no duration, or ends beyond the calendar.
    """
    found = _PARTS.fullmatch(duration)
    if found is None or duration.endswith(("P", "T")):
        raise InvalidAnswer("error.duration_unreadable", duration=duration)
    parts = {name: int(value or 0) for name, value in found.groupdict().items()}
    local = since.astimezone(SHANGHAI)
    try:
        on = add_months(local.date(), 12 * parts.pop("years") + parts.pop("months"))
        return local_instant(on, local.time()) + timedelta(**parts)
    except OverflowError as error:
        raise InvalidAnswer("error.duration_unreadable", duration=duration) from error
