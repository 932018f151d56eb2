"""Why this date: the page that explains one clock day by day, and its table to keep."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from flask import Response as FlaskResponse
from flask import make_response, render_template, url_for

from webapp.current import actor, calendar, desk, reads, today
from webapp.phrases import Words, phrase
from webapp.presenters.case_clocks import case_clock_view, clock_name, rule_of
from webapp.presenters.cases import Fact
from webapp.presenters.explain_page import day_rows, ledger_lines, sentence, source_facts
from webapp.presenters.ranks import rank_view
from webapp.texts import say, t
from webapp.views.officer.case_frame import crumbs_of
from webapp.views.officer.clock_changes import offers
from webapp.views.officer.clock_faces import clock_of, explain_clock_row
from webapp.views.officer.door import pages
from webapp.views.officer.page_facts import (
    get_case,
    has_text,
    item_names,
    kept_words,
    looked_at,
    office_day,
    step_words,
)
from workflows.clock.calendar import legal_date
from workflows.clock.terms import deadline, working_days_between
from workflows.engine.blueprint import blueprint
from workflows.models import Case, CaseClock
from workflows.services.list_tasks import list_case_tasks
from workflows.services.read_case import get_clock, list_people
from workflows.services.read_rules import find_allowance, find_confirmation
from workflows.services.run_clock import term_of

BOM = "\ufeff"


@pages.get("/cases/<case_id>/clocks/<clock_id>")
def explain_clock(case_id: str, clock_id: str) -> str:
    """Explain a date: one sentence, each day, the source, the ledger, the reckoning not used."""
    case, clock = _seen(case_id, clock_id)
    looked_at(f"clock:{clock.name}", case)
    body = item_names([clock.item]).get(clock.item or "", "")
    found = explain_clock_row(clock)
    start_key = clock.name if has_text(f"explain.start.{clock.name}") else "other"
    tasks = list_case_tasks(reads(), case_id=case.id)
    view = case_clock_view(clock_of(case, clock, tasks=tasks, body=body), today=office_day())
    people = list_people(reads(), ids=[entry.person for entry, _ in found.ledger])
    return render_template(
        "officer/explain.html",
        case=case,
        clock=view.sized("lead"),
        name=clock_name(clock.name, body=body),
        due_on=found.reckoning.due_on,
        sentence=sentence(found, start_key=start_key),
        rows=day_rows(found.lines, today=today()),
        ledger=ledger_lines(found.ledger, people=people, reason=_reason_of(case)),
        quote=str(clock.rule.get("quote", "")),
        rank=rank_view(rule_of(clock.rule, amount=clock.amount, unit=clock.unit)),
        facts=_source(case, clock),
        not_used=_not_used(case, clock),
        papers=_papers(clock),
        change_url=_change_url(case, clock),
        csv_url=url_for("officer.clock_days", case_id=case.id, clock_id=clock.id),
        crumbs=crumbs_of(case, phrase("explain.crumb")),
    )


def _reason_of(case: Case) -> Callable[[str], Words]:
    """Return how a reason reads: one that names a step, by what the step is called."""
    diagrams = blueprint(desk().bundle(reads(), case.bundle_hash))

    def words(reason: str) -> Words:
        if reason in diagrams.elements:
            return step_words(reason, diagrams=diagrams)
        return kept_words(reason)

    return words


@pages.get("/cases/<case_id>/clocks/<clock_id>/days.csv")
def clock_days(case_id: str, clock_id: str) -> FlaskResponse:
    """Return the table of days as CSV that Excel opens with its Chinese intact."""
    case, clock = _seen(case_id, clock_id)
    looked_at(f"export:clock:{clock.name}", case)
    out = io.StringIO()
    writer = csv.writer(out)
    heads = ("date", "weekday", "kind", "counted", "number", "note")
    writer.writerow([t(f"explain.col.{head}") for head in heads])
    for row in day_rows(explain_clock_row(clock).lines, today=today()):
        writer.writerow(
            [
                row.on.isoformat(),
                t(f"weekday.{row.on.weekday()}"),
                say(row.kind),
                say(row.counted),
                row.number,
                say(row.note),
            ]
        )
    response = make_response(BOM + out.getvalue())
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    name = f"{case.number}-{clock.name}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _change_url(case: Case, clock: CaseClock) -> str:
    """Return where the approver may change the clock, where the pack allows that at all."""
    if actor().role != "approver" or not offers(case, clock):
        return ""
    return url_for("officer.clock_change", case_id=case.id, clock_id=clock.id)


def _seen(case_id: str, clock_id: str) -> tuple[Case, CaseClock]:
    case = get_case(case_id)
    return case, get_clock(reads(), clock_id=clock_id, case_id=case.id)


def _source(case: Case, clock: CaseClock) -> list[Fact]:
    confirmed = find_confirmation(reads(), office_id=case.office_id, key=str(clock.rule.get("key")))
    words: Words = phrase("explain.source.shipped")
    if confirmed is not None:
        words = phrase(
            "explain.source.confirmed_by",
            who=confirmed.person,
            on=confirmed.on,
            text=confirmed.against_text,
        )
    elif not clock.rule.get("confirmed", True):
        words = phrase("explain.source.unconfirmed")
    allowance = find_allowance(reads(), desk(), case=case, clock=clock)
    changes = phrase("explain.source.changes.none")
    if allowance.pause or allowance.may_extend:
        changes = phrase("explain.source.changes.some")
    scope = phrase(
        "explain.source.scope.words",
        kind=phrase(f"subject.kind.{case.subject.kind}"),
        division=case.division_code,
    )
    facts = source_facts(clock.rule, scope=scope, confirmed=words, changes=changes)
    return facts


def _not_used(case: Case, clock: CaseClock) -> Words | None:
    """Return the reckoning from the day of registration, where that was a later day (E)."""
    registered_on = legal_date(case.registered_at)
    if clock.name != "reply" or registered_on <= clock.start_on or clock.due_on is None:
        return None
    other = deadline(start_on=registered_on, term=term_of(clock), calendar=calendar())
    return phrase(
        "explain.not_used",
        registered=registered_on,
        due=other.due_on,
        received=clock.start_on,
        count=working_days_between(clock.start_on, registered_on, calendar()),
    )


def _papers(clock: CaseClock) -> Words:
    if clock.is_provisional:
        years = "、".join(str(year) for year in clock.missing_years)
        return phrase("explain.papers.missing", years=years)
    first, last = clock.start_on.year, (clock.due_on or clock.raw_due_on).year
    years = "、".join(str(year) for year in range(first, last + 1))
    return phrase("explain.papers.loaded", years=years)
