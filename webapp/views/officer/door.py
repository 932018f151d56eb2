"""The officer's door: one blueprint that every group of pages adds its routes to."""

from __future__ import annotations

from datetime import date, datetime

from flask import Blueprint

from workflows.clock.calendar import legal_date

pages = Blueprint("officer", __name__)


@pages.app_template_filter("office_day")
def office_day(at: datetime) -> date:
    """Return the legal date of an instant: the day in the office, not the day in UTC."""
    return legal_date(at)
