"""The reply's clock as its subject sees it: the same date, reckoned and explained the same way."""

from __future__ import annotations

from dataclasses import replace

from flask import url_for

from webapp.current import reads
from webapp.phrases import Words, phrase
from webapp.presenters.case_clocks import ClockOfCase, case_clock_view
from webapp.presenters.clocks import ClockView
from webapp.views.officer.clock_faces import explain_clock_row
from webapp.views.officer.page_facts import kept_words, office_day
from workflows.clock.calendar import legal_date
from workflows.models import Case, CaseClock
from workflows.services.read_case import list_clocks

REPLY = "reply"


def find_reply_clock(case: Case) -> CaseClock | None:
    """Return the clock of the reply, or None before it has started."""
    clocks = list_clocks(reads(), case_id=case.id)
    return next((row for row in clocks if row.name == REPLY), None)


def reply_face(case: Case, row: CaseClock | None) -> ClockView | None:
    """Return the face of the reply's clock; an unconfirmed rule shows nothing outside (E)."""
    if row is None or not row.rule.get("confirmed", True):
        return None
    clock = ClockOfCase(
        name=row.name,
        rule=row.rule,
        amount=row.amount,
        unit=row.unit,
        explanation=explain_clock_row(row),
        url=url_for("portal.explain"),
        moved_from=row.moved_from,
        moved_reason=kept_words(row.moved_reason),
        extra_notes=_dated_back(case),
    )
    view = case_clock_view(clock, today=office_day(), size="lead")
    return replace(view, name=_name(row))


def _name(row: CaseClock) -> Words:
    return phrase("portal.clock.stopped" if row.status == "stopped" else "portal.clock.running")


def _dated_back(case: Case) -> tuple[Words, ...]:
    """Return that the clock began with the receipt, where the case was entered later (E)."""
    registered_on = legal_date(case.registered_at)
    if registered_on == case.received_on:
        return ()
    return (phrase("clock.note.dated_back", received=case.received_on, registered=registered_on),)
