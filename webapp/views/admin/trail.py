"""Pages for incidents and for the audit trail: who did and who read what, and is it whole."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from webapp.current import desk, note_read, office, reads, run
from webapp.texts import t
from webapp.views.admin.base import pages, section_links
from workflows.models import AuditEntry, AuditSeal, Case, Incident, Person, ReadEntry, new_id
from workflows.services.deliver import retry_incident as retry
from workflows.storage.audit import broken_entries

MOST_ENTRIES = 200


@pages.get("/admin/incidents")
def incidents() -> str:
    """List failed automatic steps with their real causes, open ones first."""
    query = (
        select(Incident, Case.number)
        .join(Case, Case.id == Incident.case_id)
        .where(Incident.office_id == office().id)
        .order_by(Incident.status, Incident.opened_at.desc())
        .limit(MOST_ENTRIES)
    )
    return render_template(
        "admin/incidents.html",
        tabs=section_links("incidents"),
        rows=reads().execute(query).all(),
        command_id=new_id(),
    )


@pages.post("/admin/incidents/<incident_id>/retry")
def retry_incident(incident_id: str) -> Response:
    """Try a failed step again."""
    row = reads().get_one(Incident, incident_id)
    result = run(
        "retry_incident",
        lambda work: retry(work, desk(), incident_id=incident_id),
        case_id=row.case_id,
    )
    flash(t("admin.retried" if result["resolved"] else "admin.still_fails"), "act")
    return redirect(url_for("admin.incidents"))


@pages.get("/admin/audit")
def audit() -> str:
    """Show the trail, and whether every entry still fits its chain."""
    stream = request.args.get("stream", "")
    entries = select(AuditEntry, Person.name).outerjoin(Person, Person.id == AuditEntry.person_id)
    entries = entries.where(AuditEntry.office_id == office().id)
    if stream:
        entries = entries.where(AuditEntry.stream == stream)
    reading = (
        select(ReadEntry, Person.name)
        .outerjoin(Person, Person.id == ReadEntry.person_id)
        .where(ReadEntry.office_id == office().id)
        .order_by(ReadEntry.read_at.desc())
        .limit(MOST_ENTRIES)
    )
    last_seal = select(AuditSeal).where(AuditSeal.office_id == office().id)
    page = render_template(
        "admin/audit.html",
        tabs=section_links("audit"),
        entries=reads().execute(entries.order_by(AuditEntry.id.desc()).limit(MOST_ENTRIES)).all(),
        readings=reads().execute(reading).all(),
        broken=broken_entries(reads(), office_id=office().id),
        seal=reads().scalars(last_seal.order_by(AuditSeal.id.desc())).first(),
        stream=stream,
    )
    note_read("audit")
    return page
