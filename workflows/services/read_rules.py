"""Read what stands behind a clock's rule: who confirmed it here, and what it allows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.clock.allowances import Allowance, make_allowance
from workflows.clock.calendar import legal_date
from workflows.models import Case, CaseClock, Person, RuleConfirmation
from workflows.services.desk import Desk


@dataclass(frozen=True)
class Confirmation:
    """Who confirmed a parameter, when, and against which text."""

    person: str
    on: date
    against_text: str


def find_confirmation(session: Session, *, office_id: str, key: str) -> Confirmation | None:
    """Return the newest confirmation of a parameter that still stands, or None."""
    query = (
        select(RuleConfirmation, Person.name)
        .outerjoin(Person, Person.id == RuleConfirmation.confirmed_by_id)
        .where(
            RuleConfirmation.office_id == office_id,
            RuleConfirmation.parameter == key,
            RuleConfirmation.withdrawn_at.is_(None),
        )
        .order_by(RuleConfirmation.confirmed_at.desc())
    )
    row = session.execute(query).first()
    if row is None:
        return None
    found, person = row
    return Confirmation(person or "", legal_date(found.confirmed_at), found.against_text)


def find_allowance(session: Session, desk: Desk, *, case: Case, clock: CaseClock) -> Allowance:
    """Return what the pack allows on a clock, as an explanation says it (O-1)."""
    stem = str(clock.rule.get("key", "")).split(".")[0]
    rules = desk.rules(session, case.office_id)

    def value_of(name: str) -> Any:
        parameter = rules.find(
            f"{stem}.{name}",
            division=case.division_code,
            on=case.received_on,
            subject_kind=case.subject.kind,
        )
        return parameter.value if parameter is not None and parameter.confirmed else None

    return make_allowance(pause=value_of("pause"), extension=value_of("extension"))
