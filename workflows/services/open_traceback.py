"""Open a traceback of a default in a PPP project from the case that found it (C4 S5), once.

One event is traced once: a traceback of the same project and clause that is under way is linked
instead, and a case that itself follows from a traceback opens none (C4 9e leads here).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from workflows.models import Case, CaseLink
from workflows.services.consult_file import newest_answer
from workflows.services.desk import Desk
from workflows.services.follow_case import FOLLOWS
from workflows.services.open_case import Filing, open_case
from workflows.services.read_project import get_project
from workflows.services.settle_traceback import PROJECT, keep_in_case
from workflows.storage.unit_of_work import UnitOfWork

TRACEBACK, SAME_EVENT = "ppp_traceback", "same_event"
# What of the form goes along; the traceback's own first step shows it again (C4 step 1).
CARRIED = ("project", "event", "clause", "amount", "noticed_on")


def open_traceback(
    work: UnitOfWork, desk: Desk, *, case_id: str, channel: str, forms: Sequence[str]
) -> dict[str, Any]:
    """Open the traceback that one of these forms asks for, or link the one under way."""
    origin = work.get_case(case_id)
    known = find_linked(work, case=origin)
    if known is not None:
        return {"case_id": known}
    said = _carried(work, origin, forms)
    project = get_project(
        work.session, office_id=origin.office_id, project_id=str(said.get("project") or "")
    )
    running = find_running(work, case=origin, project_id=project.id, clause=str(said["clause"]))
    if running is not None:
        return _link(work, origin, running)
    filing = Filing(
        kind=TRACEBACK,
        channel=channel,
        # The private party is told the result of a traceback; whoever reported is not known here.
        subject_name=project.private_party,
        subject_code=project.private_party_code,
        subject_kind="enterprise",
        record_number="",
        receiving_organisation_id=origin.receiving_organisation_id,
        origin_case_id=origin.id,
        content=said,
        title=project.name,
    )
    opened = open_case(work, desk, filing=filing)
    keep_in_case(work.get_case(opened["case_id"]), **{PROJECT: project.id})
    return opened


def find_linked(work: UnitOfWork, *, case: Case) -> str | None:
    """Return the traceback that this case led to, came from or is linked with, or None."""
    for one, other in (
        (CaseLink.case_id, CaseLink.other_case_id),
        (CaseLink.other_case_id, CaseLink.case_id),
    ):
        query = (
            select(Case.id)
            .join(CaseLink, Case.id == one)
            .where(
                other == case.id,
                CaseLink.kind.in_((FOLLOWS, SAME_EVENT)),
                Case.kind == TRACEBACK,
            )
        )
        found = work.session.scalars(query).first()
        if found is not None:
            return found
    return None


def find_running(work: UnitOfWork, *, case: Case, project_id: str, clause: str) -> Case | None:
    """Return the open traceback of the same event: the same project, the same clause."""
    query = select(Case).where(
        Case.office_id == case.office_id, Case.kind == TRACEBACK, Case.status == "open"
    )
    for row in work.session.scalars(query.order_by(Case.registered_at, Case.id)):
        if row.flags.get(PROJECT) == project_id and _plain(_clause(work, row)) == _plain(clause):
            return row
    return None


def _carried(work: UnitOfWork, origin: Case, forms: Sequence[str]) -> dict[str, Any]:
    for form in forms:
        answer = newest_answer(work, case_id=origin.id, form=form)
        if answer is not None and answer.content.get("traceback") == "open":
            return {key: answer.content.get(key) for key in CARRIED}
    return {}


def _clause(work: UnitOfWork, case: Case) -> str:
    """Return the clause as registered; until then as it was handed over."""
    for form in ("register_event", "filing_from_case"):
        answer = newest_answer(work, case_id=case.id, form=form)
        if answer is not None and answer.content.get("clause"):
            return str(answer.content["clause"])
    return ""


def _plain(text: str) -> str:
    return "".join(sign for sign in text.lower() if sign.isalnum())


def _link(work: UnitOfWork, origin: Case, running: Case) -> dict[str, Any]:
    work.session.add(
        CaseLink(
            office_id=origin.office_id,
            case_id=running.id,
            other_case_id=origin.id,
            kind=SAME_EVENT,
            linked_at=work.command.now,
        )
    )
    work.record("traceback_linked", case_id=origin.id, number=running.number)
    work.record("same_event_linked", case_id=running.id, number=origin.number)
    return {"case_id": running.id}
