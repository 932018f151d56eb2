"""Pause, resume or extend a clock: offered only where the case's rule pack allows it (O-1)."""

from __future__ import annotations

from flask import Response as FlaskResponse
from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.current import desk, reads, run, today
from webapp.errors import status_of, words_of
from webapp.phrases import Words, phrase
from webapp.presenters.case_clocks import case_clock_view
from webapp.texts import t
from webapp.views.officer.case_frame import crumbs_of
from webapp.views.officer.clock_faces import clock_of
from webapp.views.officer.declared_forms import new_command_id
from webapp.views.officer.door import pages
from webapp.views.officer.page_facts import get_case, office_day
from workflows.clock.ledger import EntryKind
from workflows.errors import CaseworkError, InvalidAnswer, NotFound
from workflows.models import Case, CaseClock
from workflows.services.read_case import get_clock
from workflows.services.read_rules import find_allowance
from workflows.services.run_clock import change_clock, find_clock, rule_line
from workflows.storage.unit_of_work import UnitOfWork

KINDS = {"pause": EntryKind.PAUSED, "resume": EntryKind.RESUMED, "extend": EntryKind.EXTENDED}


@pages.get("/cases/<case_id>/clocks/<clock_id>/change")
def clock_change(case_id: str, clock_id: str) -> str:
    """Show what may be done to the clock, and on what conditions."""
    return _page(*_found(case_id, clock_id))


@pages.post("/cases/<case_id>/clocks/<clock_id>/change")
def change_case_clock(case_id: str, clock_id: str) -> Response | FlaskResponse:
    """Write the change into the ledger, or say which condition is not met."""
    case, clock = _found(case_id, clock_id)
    form = request.form
    kind, days = KINDS.get(form.get("kind", "")), form.get("days", "").strip()
    try:
        if kind is None:
            raise InvalidAnswer("clock_change.choose")
        run(
            "change_clock",
            lambda work: _change(work, case_id, clock, kind, int(days) if days.isdigit() else None),
            case_id=case.id,
            reason=form.get("reason", ""),
        )
    except CaseworkError as problem:
        return make_response(_page(case, clock, problem=words_of(problem)), status_of(problem))
    flash(t("clock_change.done"), "act")
    return redirect(url_for("officer.explain_clock", case_id=case.id, clock_id=clock.id))


def _change(
    work: UnitOfWork, case_id: str, clock: CaseClock, kind: EntryKind, days: int | None
) -> dict[str, str]:
    case = work.get_case(case_id)
    own = find_clock(work, case_id=case.id, name=clock.name, item=clock.item)
    if own is None:
        raise NotFound("error.clock_not_found")
    change_clock(
        work,
        desk(),
        case=case,
        clock=own,
        kind=kind,
        on=today(),
        reason=request.form.get("reason", "").strip(),
        legal_basis=rule_line(own.rule) or str(own.rule.get("key")),
        days=days,
        approved_by=request.form.get("approved_by", "").strip(),
    )
    return {"case_id": case.id}


def offers(case: Case, clock: CaseClock) -> list[tuple[str, Words]]:
    """Return what the pack allows on this clock as it stands; usually nothing."""
    allowance = find_allowance(reads(), desk(), case=case, clock=clock)
    if clock.status == "stopped":
        return []
    found: list[str] = []
    if clock.status == "paused":
        found.append("resume")
    elif allowance.pause:
        found.append("pause")
    if allowance.may_extend and clock.status == "running":
        found.append("extend")
    return [(name, phrase(f"clock_change.{name}")) for name in found]


def _found(case_id: str, clock_id: str) -> tuple[Case, CaseClock]:
    case = get_case(case_id)
    return case, get_clock(reads(), clock_id=clock_id, case_id=case.id)


def _page(case: Case, clock: CaseClock, *, problem: Words | None = None) -> str:
    allowance = find_allowance(reads(), desk(), case=case, clock=clock)
    return render_template(
        "officer/clock_change.html",
        case=case,
        face=case_clock_view(clock_of(case, clock), today=office_day()).sized("lead"),
        clock=clock,
        offers=offers(case, clock),
        allowance=allowance,
        problem=problem,
        values=request.form,
        command_id=new_command_id(),
        crumbs=crumbs_of(case, phrase("clock_change.title")),
    )
