"""The ledger of cases (台账): one line per case, to look through and to take along as Excel."""

from __future__ import annotations

from datetime import date, datetime

from flask import render_template, request
from werkzeug.wrappers import Response

from webapp.current import actor, note_read, office, reads, today
from webapp.phrases import Words, phrase
from webapp.presenters.lists import FilterField
from webapp.texts import say, t
from webapp.views.officer.case_frame import case_title
from webapp.views.officer.door import pages
from webapp.views.officer.page_facts import has_text, matter_title, narrowed_url, office_day
from webapp.views.officer.spreadsheet import Sheet, send_sheet
from workflows.clock.calendar import legal_date
from workflows.models import Case, CaseClock
from workflows.services.find_case import search_cases
from workflows.services.list_cases import CaseFilter, LedgerRow, list_cases, list_divisions
from workflows.services.open_case import CHANNELS

PAGE = 50
MOST_EXPORTED = 10000
STATUSES = ("open", "closed")
OUTCOMES = ("corrected", "upheld", "withdrawn", "given_up", "not_accepted", "transferred")
KINDS = (
    "government_body",
    "public_institution",
    "civil_servant",
    "enterprise",
    "social_organisation",
    "natural_person",
)
COLUMNS = (
    "number",
    "subject",
    "subject_kind",
    "title",
    "channel",
    "received_on",
    "registered_on",
    "body",
    "status",
    "outcome",
    "due_on",
    "stopped_on",
    "late_by",
    "rule",
)


@pages.get("/ledger")
def ledger() -> str:
    """Show a page of the ledger."""
    wanted = _wanted()
    rows = _rows(wanted, limit=PAGE + 1, before=_place(request.args.get("before", "")))
    day = office_day()
    return render_template(
        "officer/ledger.html",
        rows=[(row, standing_words(row.case), clock_words(row.clock)) for row in rows[:PAGE]],
        fields=_fields(wanted),
        wanted=wanted,
        matter_title=matter_title,
        is_narrowed=wanted != CaseFilter(),
        day_on=day.on,
        export_url=narrowed_url("officer.export_ledger", without="before"),
        next_url=_next_url(rows[PAGE - 1]) if len(rows) > PAGE else "",
    )


@pages.get("/ledger.xlsx")
def export_ledger() -> Response:
    """Return the narrowed ledger as an Excel file; the export is kept as a reading."""
    note_read("export:ledger")
    rows = _rows(_wanted(), limit=MOST_EXPORTED)
    sheet = Sheet(
        title=t("ledger.title"),
        heads=tuple(t(f"ledger.col.{name}") for name in COLUMNS),
        lines=[_line(row) for row in rows],
    )
    return send_sheet(sheet, name="ledger")


@pages.get("/search")
def search() -> str:
    """Find cases by number, title, subject or code."""
    text = request.args.get("q", "").strip()
    rows = search_cases(reads(), text=text, actor=actor(), office_id=office().id) if text else []
    note_read("search")
    return render_template(
        "officer/search.html",
        text=text,
        rows=[(row, case_title(row), standing_words(row)) for row in rows],
    )


def standing_words(case: Case) -> Words:
    """Return how a case stands in one word: open, or how it ended."""
    outcome = f"case.outcome.{case.outcome}"
    if case.status == "closed" and case.outcome and has_text(outcome):
        return phrase(outcome)
    return phrase(f"case.status.{case.status}")


def clock_words(clock: CaseClock | None) -> Words:
    """Return what the reply clock says: due, stopped, late."""
    if clock is None:
        return phrase("ledger.clock.none")
    if clock.status == "stopped" and clock.stopped_on is not None:
        if clock.late_by:
            return phrase("ledger.clock.late_stop", on=clock.stopped_on, count=clock.late_by)
        return phrase("ledger.clock.stopped", on=clock.stopped_on)
    if clock.due_on is None:
        return phrase("clock.due_open")
    key = "ledger.clock.overdue" if clock.due_on < today() else "ledger.clock.due"
    return phrase(key, on=clock.due_on)


def _wanted() -> CaseFilter:
    ask = request.args.get
    return CaseFilter(
        status=ask("status", ""),
        outcome=ask("outcome", ""),
        channel=ask("channel", ""),
        division=ask("division", ""),
        subject_kind=ask("subject_kind", ""),
        received_from=_day(ask("from", "")),
        received_until=_day(ask("until", "")),
        is_overdue=ask("late", "") == "1",
        text=ask("words", "").strip(),
    )


def _rows(
    wanted: CaseFilter, *, limit: int, before: tuple[datetime, str] | None = None
) -> list[LedgerRow]:
    return list_cases(
        reads(),
        actor=actor(),
        office_id=office().id,
        wanted=wanted,
        today=today(),
        before=before,
        limit=limit,
    )


def _fields(wanted: CaseFilter) -> list[FilterField]:
    divisions = list_divisions(reads(), actor=actor(), office_id=office().id)
    return [
        _field("status", "case.status", STATUSES, wanted.status),
        _field("outcome", "case.outcome", OUTCOMES, wanted.outcome),
        _field("channel", "case.channel", CHANNELS, wanted.channel),
        _field("subject_kind", "subject.kind", KINDS, wanted.subject_kind),
        FilterField(
            "division",
            phrase("inbox.filter.division"),
            tuple((code, code) for code in divisions),
            wanted.division,
        ),
        FilterField(
            "late",
            phrase("ledger.filter.late"),
            (("1", phrase("ledger.late.yes")),),
            "1" if wanted.is_overdue else "",
        ),
    ]


def _field(name: str, family: str, values: tuple[str, ...], chosen: str) -> FilterField:
    choices = tuple((value, phrase(f"{family}.{value}")) for value in values)
    return FilterField(name, phrase(f"ledger.filter.{name}"), choices, chosen)


def _line(row: LedgerRow) -> tuple[object, ...]:
    case, clock = row.case, row.clock
    return (
        case.number,
        case.subject.name,
        t(f"subject.kind.{case.subject.kind}"),
        matter_title(case),
        t(f"case.channel.{case.channel}"),
        case.received_on,
        legal_date(case.registered_at),
        case.receiving_organisation.name,
        t(f"case.status.{case.status}"),
        say(standing_words(case)) if case.status == "closed" else "",
        clock.due_on if clock else None,
        clock.stopped_on if clock else None,
        clock.late_by if clock else None,
        " ".join(str(clock.rule.get(name, "")) for name in ("document", "clause")).strip()
        if clock
        else "",
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _place(text: str) -> tuple[datetime, str] | None:
    at, _, row_id = text.partition("~")
    try:
        return (datetime.fromisoformat(at), row_id) if row_id else None
    except ValueError:
        return None


def _next_url(last: LedgerRow) -> str:
    place = f"{last.case.registered_at.isoformat()}~{last.case.id}"
    return narrowed_url("officer.ledger", before=place)
