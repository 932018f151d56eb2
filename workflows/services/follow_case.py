"""Open a case that follows from another one: same subject, same record, its own process."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from workflows.models import CaseLink
from workflows.services.desk import Desk
from workflows.services.open_case import Filing, open_case
from workflows.storage.unit_of_work import UnitOfWork

FOLLOWS = "follows"


def open_following(
    work: UnitOfWork, desk: Desk, *, case_id: str, kind: str, channel: str, matter: str = ""
) -> dict[str, Any]:
    """Open the case that follows, or return the one of this kind that already does.

    ``matter`` is what the new case is about, for a process that handles several.
    """
    origin = work.get_case(case_id)
    known = _find_following(work, case_id=case_id, kind=kind)
    if known is not None:
        return {"case_id": known}
    filing = Filing(
        kind=kind,
        channel=channel,
        subject_id=origin.subject_id,
        subject_name=origin.subject.name,
        subject_code=origin.subject.credit_code or "",
        subject_kind=origin.subject.kind,
        record_number=origin.record.number if origin.record else "",
        receiving_organisation_id=origin.receiving_organisation_id,
        origin_case_id=origin.id,
        variables={"matter": matter} if matter else {},
    )
    return open_case(work, desk, filing=filing)


def _find_following(work: UnitOfWork, *, case_id: str, kind: str) -> str | None:
    query = select(CaseLink).where(CaseLink.other_case_id == case_id, CaseLink.kind == FOLLOWS)
    for link in work.session.scalars(query):
        if work.get_case(link.case_id).kind == kind:
            return link.case_id
    return None
