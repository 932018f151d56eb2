"""Open the cases that the end of the longest publicity brings, by a confirmed rule (N13).

Publicity itself ends on its day (``publish_record``); what is opened here asks the recogniser
whether duties are done, and then ends sharing and sanctions too. Until the office has confirmed
``rep.autoEnd`` nothing opens by itself (E): the window may open it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from workflows.clock.calendar import legal_date
from workflows.events import SYSTEM, Command
from workflows.models import Case, CreditRecord, Subject
from workflows.services.consult_file import find_body_of_kind
from workflows.services.desk import Desk
from workflows.services.open_case import Filing, open_case
from workflows.storage.databases import Sessions
from workflows.storage.reading import read_session
from workflows.storage.unit_of_work import UnitOfWork

KIND, CHANNEL, MATTER = "credit_repair", "ex_officio", "max_period"
RULE, LEAD = "rep.autoEnd", "lead"
AT_A_TIME = 1000


class Ended(NamedTuple):
    """A record whose longest publicity is over."""

    record_id: str
    ends_on: date


def open_max_periods(sessions: Sessions, desk: Desk, *, office_id: str, now: datetime) -> int:
    """Open what is due, each in its own command, once for each record and day; return how many."""
    with read_session(sessions) as session:
        if KIND not in desk.active_kinds(session, office_id):
            return 0
        found = _due(session, desk, office_id=office_id, today=legal_date(now))
    for ended in found:
        command = Command(
            id=f"max-period:{ended.record_id}:{ended.ends_on}",
            name="open_max_period",
            actor=SYSTEM,
            now=now,
            office_id=office_id,
        )
        desk.bus.run(command, partial(_open, desk=desk, record_id=ended.record_id))
    return len(found)


def _due(session: Session, desk: Desk, *, office_id: str, today: date) -> list[Ended]:
    """Return the records whose period is over, whose sharing goes on and that no case handles."""
    rules = desk.rules(session, office_id)
    handled = exists().where(
        Case.record_id == CreditRecord.id,
        Case.kind == KIND,
        Case.received_on >= CreditRecord.publicity_ends_on,
    )
    query = (
        select(CreditRecord.id, CreditRecord.publicity_ends_on, Subject.division_code, Subject.kind)
        .join(Subject, Subject.id == CreditRecord.subject_id)
        .where(
            CreditRecord.office_id == office_id,
            CreditRecord.status != "revoked",
            CreditRecord.publicity_ends_on <= today,
            CreditRecord.repaired_on.is_(None),
            CreditRecord.sharing_ended_on.is_(None),
            ~handled,
        )
        .order_by(CreditRecord.publicity_ends_on, CreditRecord.id)
        .limit(AT_A_TIME)
    )
    due = []
    for record_id, ends_on, division, kind in session.execute(query):
        rule = rules.find(RULE, division=division, on=today, subject_kind=kind)
        if ends_on is not None and rule is not None and rule.confirmed and rule.value:
            due.append(Ended(record_id, ends_on))
    return due


def _open(work: UnitOfWork, *, desk: Desk, record_id: str) -> Mapping[str, Any]:
    record = work.session.get_one(CreditRecord, record_id)
    lead = find_body_of_kind(work, office_id=record.office_id, kind=LEAD)
    if lead is None:
        return {}
    filing = Filing(
        kind=KIND,
        channel=CHANNEL,
        subject_id=record.subject_id,
        subject_name=record.subject.name,
        subject_code=record.subject.credit_code or "",
        subject_kind=record.subject.kind,
        record_number=record.number,
        receiving_organisation_id=lead.id,
        variables={"matter": MATTER},
    )
    return open_case(work, desk, filing=filing)
