"""Pages for incidents and for the audit trail: who did and who read what, and is it whole."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.current import desk, note_read, office, reads, run
from webapp.texts import current_language, current_texts, t
from webapp.views.admin.base import pages, section_links
from workflows.errors import NotFound
from workflows.models import Case, Incident
from workflows.services.deliver import retry_incident as retry
from workflows.services.read_trail import (
    find_last_seal,
    list_entries,
    list_incidents,
    list_readings,
)
from workflows.services.settle_message import count_waiting_messages
from workflows.storage.audit import broken_entries, broken_seals


@pages.get("/admin/incidents")
def incidents() -> str:
    """List failed automatic steps with their real causes, open ones first."""
    return render_template(
        "admin/incidents.html",
        tabs=section_links("incidents"),
        rows=list_incidents(reads(), office_id=office().id),
        step_name=_step_name,
        waiting=count_waiting_messages(reads(), office_id=office().id),
    )


@pages.post("/admin/incidents/<incident_id>/retry")
def retry_incident(incident_id: str) -> Response:
    """Try a failed step again."""
    row = reads().get(Incident, incident_id)
    if row is None or row.office_id != office().id:
        raise NotFound("error.incident_not_found")
    result = run(
        "retry_incident",
        lambda work: retry(work, desk(), incident_id=incident_id),
        case_id=row.case_id,
    )
    if result["resolved"]:
        flash(t("admin.retried", number=row.number), "act")
    else:
        flash(t("admin.still_fails", number=row.number), "risk")
    return redirect(url_for("admin.incidents"))


@pages.get("/admin/audit")
def audit() -> str:
    """Show the trail, and whether every entry still fits its chain."""
    stream = request.args.get("stream", "")
    office_id = office().id
    page = render_template(
        "admin/audit.html",
        tabs=section_links("audit"),
        entries=list_entries(reads(), office_id=office_id, stream=stream),
        readings=() if stream else list_readings(reads(), office_id=office_id),
        broken=broken_entries(reads(), office_id=office_id),
        broken_seals=broken_seals(reads(), office_id=office_id),
        seal=find_last_seal(reads(), office_id=office_id),
        stream=stream,
        who=_who,
        act_words=_act_words,
        reading_words=_reading_words,
    )
    note_read("audit")
    return page


def _step_name(row: Incident) -> str:
    """Return what the diagram of the case calls the step, in the reader's language."""
    case = reads().get_one(Case, row.case_id)
    try:
        return desk().blueprint(reads(), case).label(row.element, current_language())
    except NotFound:
        return row.element


def _who(origin: str) -> str:
    """Return who acted where no person did: the system, the province, or an address."""
    key = f"admin.origin.{origin}"
    return t(key) if current_texts().has(key) else origin


def _reading_words(what: str) -> str:
    """Return what was looked at; letters and files are told by their kind, not by their id."""
    key = f"reading.{what.split(':')[0]}"
    return t(key) if current_texts().has(key) else what


def _act_words(name: str) -> str:
    """Return what a command does, or its name where it has no words."""
    key = f"command.{name}"
    return t(key) if current_texts().has(key) else name
