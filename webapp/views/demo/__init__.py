"""The demo's door: move the virtual clock on and watch what the law's clock does."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.current import calendar, desk, now, office, parts, reads, today
from webapp.permissions import DEMO
from webapp.return_paths import safe_target
from webapp.texts import t
from workflows.clock.calendar import SHANGHAI, WorkingCalendar
from workflows.errors import InvalidAnswer

pages = Blueprint("demo", __name__)
PERMISSIONS = {"demo.advance": DEMO}
MOST_DAYS = 30


@pages.post("/demo/advance")
def advance() -> Response:
    """Move the clock to the office's opening hour some working days on, firing all on the way."""
    days = request.form.get("working_days", "1")
    if not days.isdigit() or not 1 <= int(days) <= MOST_DAYS:
        raise InvalidAnswer("error.demo_days", most=MOST_DAYS)
    opening = desk().opening(reads(), office().id)
    day = today()
    for _ in range(int(days)):
        day = next_working_day(day, calendar())
        _move_to(day, opening)
    flash(t("demo.moved", day=day), "act")
    return redirect(safe_target(request.form.get("back", "")) or _back())


def next_working_day(day: date, known: WorkingCalendar) -> date:
    """Return the next working day after the day."""
    following = day + timedelta(days=1)
    while not known.is_working(following):
        following += timedelta(days=1)
    return following


def _move_to(day: date, opening: time) -> None:
    """Stop at each opening hour, so that timers fire day by day as they would in an office."""
    target = datetime.combine(day, opening, SHANGHAI) + timedelta(minutes=1)
    if target > now():
        parts().clock.advance_to(target)
    parts().tick()


def _back() -> str:
    referrer = request.referrer or ""
    host = request.host_url
    is_here = referrer.startswith(host)
    return safe_target("/" + referrer[len(host) :]) if is_here else url_for("home")
