"""Find open cases that may be the same objection filed with the other body (O-5)."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from workflows.events import Actor
from workflows.models import Case, CaseLink
from workflows.services.find_case import visible_cases


def list_twins(session: Session, *, case: Case, actor: Actor) -> list[Case]:
    """Return the open cases this one may duplicate, those already linked first."""
    linked = select(CaseLink.other_case_id).where(
        CaseLink.case_id == case.id, CaseLink.kind == "duplicate"
    )
    same = Case.subject_id == case.subject_id
    if case.record_id is not None:
        same = or_(same, Case.record_id == case.record_id)
    query = select(Case).where(
        Case.id != case.id,
        Case.status == "open",
        or_(same, Case.id.in_(linked)),
        visible_cases(actor, office_id=case.office_id),
    )
    known = set(session.scalars(linked))
    rows = session.scalars(query.order_by(Case.registered_at, Case.id)).all()
    return sorted(rows, key=lambda row: row.id not in known)
