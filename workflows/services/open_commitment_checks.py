"""Open a case for every commitment still to be checked: all of them, not a sample (R111)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select

from workflows.events import SYSTEM, Command
from workflows.models import Commitment
from workflows.services.consult_file import find_body_of_kind
from workflows.services.desk import Desk
from workflows.services.keep_commitments import OPEN
from workflows.services.open_case import Filing, open_case
from workflows.storage.databases import Sessions
from workflows.storage.reading import read_session
from workflows.storage.unit_of_work import UnitOfWork

KIND, CHANNEL, LEAD = "commitment_check", "ex_officio", "lead"
AT_A_TIME = 1000


def open_commitment_checks(sessions: Sessions, desk: Desk, *, office_id: str, now: datetime) -> int:
    """Open what has no case yet, each in its own command, once for each; return how many."""
    with read_session(sessions) as session:
        if KIND not in desk.active_kinds(session, office_id):
            return 0
        query = (
            select(Commitment.id)
            .where(
                Commitment.office_id == office_id,
                Commitment.status == OPEN,
                Commitment.case_id.is_(None),
            )
            .order_by(Commitment.check_due_on, Commitment.id)
            .limit(AT_A_TIME)
        )
        found = list(session.scalars(query))
    for commitment_id in found:
        command = Command(
            id=f"commitment-check:{commitment_id}",
            name="open_commitment_check",
            actor=SYSTEM,
            now=now,
            office_id=office_id,
        )
        desk.bus.run(command, partial(_open, desk=desk, commitment_id=commitment_id))
    return len(found)


def _open(work: UnitOfWork, *, desk: Desk, commitment_id: str) -> Mapping[str, Any]:
    commitment = work.session.get_one(Commitment, commitment_id)
    lead = find_body_of_kind(work, office_id=work.command.office_id, kind=LEAD)
    if lead is None or commitment.status != OPEN:
        return {}
    subject = commitment.subject
    filing = Filing.about(
        subject,
        kind=KIND,
        channel=CHANNEL,
        receiving_organisation_id=lead.id,
        title=commitment.number,
        variables={"commitment_id": commitment.id},
    )
    return open_case(work, desk, filing=filing)
