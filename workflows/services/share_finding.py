"""Tell linked cases what was found: one verification, two replies, no shared transaction (O-5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BindParameter, bindparam, or_, select

from workflows.errors import NotFound
from workflows.models import Case, CaseLink
from workflows.services.deliver import awaits_message, deliver_message
from workflows.services.desk import Desk
from workflows.services.inform_people import holders_of, inform_people
from workflows.storage.statements import Query
from workflows.storage.unit_of_work import UnitOfWork

MESSAGE = "finding_shared"


def share_finding(work: UnitOfWork, *, case: Case, finding: str) -> list[str]:
    """Put a command per linked case into the outbox; return the ids of those cases."""
    told: list[str] = []
    for other_id in linked_cases(work, case=case):
        payload = {
            "command": "receive_finding",
            "case_id": other_id,
            "from_case_id": case.id,
            "from_number": case.number,
            "finding": finding,
        }
        key = f"share:{case.id}:{other_id}:{finding}"
        work.send(kind="command", key=key, payload=payload, case_id=case.id)
        told.append(other_id)
    if told:
        work.record("finding_shared", case_id=case.id, finding=finding, count=len(told))
    return told


def receive_finding(
    work: UnitOfWork, desk: Desk, *, case_id: str, from_number: str, finding: str
) -> dict[str, Any]:
    """Bring a case the finding of its twin; one that does not wait for it only notes it."""
    case = work.get_case(case_id)
    work.record("finding_received", case_id=case.id, number=from_number, finding=finding)
    handlers = holders_of(
        work,
        office_id=case.office_id,
        role="handler",
        organisation_id=case.receiving_organisation_id,
    )
    inform_people(
        work,
        case=case,
        kind="finding_shared",
        key=f"{case.id}:{from_number}:{finding}",
        people=handlers,
        facts={"other_number": from_number},
    )
    if not awaits_message(work, desk, case=case, name=MESSAGE):
        return {"case_id": case.id, "delivered": False}
    variables: Mapping[str, Any] = {"finding": finding, "shared_from": from_number}
    deliver_message(work, desk, case=case, name=MESSAGE, variables=variables)
    return {"case_id": case.id, "delivered": True}


def ask_for_finding(work: UnitOfWork, *, case: Case, other_case_id: str) -> bool:
    """Ask a linked case to share its finding, once; it answers now or when it has one."""
    payload = {
        "command": "share_with",
        "case_id": other_case_id,
        "from_case_id": case.id,
        "from_number": case.number,
    }
    work.send(
        kind="command", key=f"ask:{case.id}:{other_case_id}", payload=payload, case_id=case.id
    )
    return True


def share_with(work: UnitOfWork, *, case_id: str, from_number: str) -> dict[str, Any]:
    """Answer a linked case that asks: share the finding if there is one already."""
    case = work.get_case(case_id)
    work.record("finding_asked_for", case_id=case.id, number=from_number)
    told = share_finding(work, case=case, finding=case.finding) if case.finding else []
    return {"case_id": case.id, "shared": len(told)}


def link_twin(work: UnitOfWork, *, case: Case, other: str) -> CaseLink:
    """Link the case with this id or number as a duplicate. Raises NotFound for an unknown one."""
    query = select(Case).where(
        or_(Case.id == other, Case.number == other), Case.office_id == case.office_id
    )
    twin = work.session.scalars(query).first()
    if twin is None or twin.id == case.id:
        raise NotFound("error.case_not_found")
    ids = (case.id, twin.id)
    known = select(CaseLink).where(
        CaseLink.kind == "duplicate",
        CaseLink.case_id.in_(ids),
        CaseLink.other_case_id.in_(ids),
    )
    link = work.session.scalars(known).first()
    if link is None:
        link = CaseLink(
            office_id=case.office_id,
            case_id=case.id,
            other_case_id=twin.id,
            kind="duplicate",
            linked_at=work.command.now,
        )
        work.session.add(link)
        work.session.flush()
    return link


_CASE: BindParameter[str] = bindparam("case_id")
LINKS = Query(
    select(CaseLink.case_id, CaseLink.other_case_id)
    .where(
        CaseLink.kind == "duplicate",
        or_(CaseLink.case_id == _CASE, CaseLink.other_case_id == _CASE),
    )
    .order_by(CaseLink.linked_at, CaseLink.id),
    tuple,
)
STATUS: Query[str] = Query(
    select(Case.status).where(Case.id == bindparam("linked_id")), lambda values: values[0]
)


def linked_cases(work: UnitOfWork, *, case: Case) -> list[str]:
    """Return the other open cases on the same objection, in both directions of the link."""
    links = work.all(LINKS, case_id=case.id)
    ids = [there if here == case.id else here for here, there in links]
    return [each for each in ids if work.one(STATUS, linked_id=each) == "open"]
