"""Open the cases that the calendar brings: quarterly dispatch, half-yearly inspection (C5, R128).

A process that declares ``periodic`` names the rule which says how often; where the pack of the
office says ``none`` or leaves it to a person, nothing opens by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from workflows.clock.calendar import legal_date
from workflows.engine.process_facts import process_facts
from workflows.events import SYSTEM, Command
from workflows.models import Office
from workflows.services.body_subject import subject_of_body
from workflows.services.consult_file import find_body_of_kind
from workflows.services.desk import Desk
from workflows.services.open_case import Filing, open_case
from workflows.storage.databases import Sessions
from workflows.storage.reading import read_session
from workflows.storage.unit_of_work import UnitOfWork

CHANNEL = "ex_officio"
LEAD = "lead"


def period_of(every: str, on: date) -> str:
    """Return the name of the period that the day lies in, or an empty text where there is none."""
    name = PERIODS.get(every)
    return name(on) if name else ""


PERIODS: Mapping[str, Callable[[date], str]] = {
    "quarter": lambda on: f"{on.year}Q{(on.month - 1) // 3 + 1}",
    "half_year": lambda on: f"{on.year}H{(on.month - 1) // 6 + 1}",
}


def open_periodic(sessions: Sessions, desk: Desk, *, office_id: str, now: datetime) -> list[str]:
    """Open what this period owes and has not got; the same period opens each process once."""
    opened: list[str] = []
    for kind, period in _owed(sessions, desk, office_id, legal_date(now)).items():
        command = Command(
            id=f"periodic:{office_id}:{kind}:{period}",
            name="open_periodic",
            actor=SYSTEM,
            now=now,
            office_id=office_id,
        )

        def work(unit: UnitOfWork, kind: str = kind, period: str = period) -> Mapping[str, Any]:
            return _open(unit, desk, kind=kind, period=period)

        opened.append(str(desk.bus.run(command, work).get("case_id", "")))
    return [each for each in opened if each]


def _owed(sessions: Sessions, desk: Desk, office_id: str, today: date) -> dict[str, str]:
    """Return the period of each process that the office's pack has begin by itself."""
    owed: dict[str, str] = {}
    with read_session(sessions) as session:
        division = session.get_one(Office, office_id).division_code
        rules = desk.rules(session, office_id)
        for kind, bundle in desk.active_bundles(session, office_id).items():
            facts = process_facts(bundle)
            rule = (
                rules.find(facts.periodic, division=division, on=today) if facts.periodic else None
            )
            period = period_of(str(rule.value), today) if rule and rule.confirmed else ""
            if period:
                owed[kind] = period
    return owed


def _open(work: UnitOfWork, desk: Desk, *, kind: str, period: str) -> dict[str, Any]:
    lead = find_body_of_kind(work, office_id=work.command.office_id, kind=LEAD)
    if lead is None:
        return {}
    subject = subject_of_body(work, lead)
    filing = Filing.about(
        subject,
        kind=kind,
        channel=CHANNEL,
        receiving_organisation_id=lead.id,
        title=period,
    )
    return open_case(work, desk, filing=filing)
