"""What filing a case reads and writes, as plain values: many may file at once."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import bindparam, or_, select, update

from workflows.models import (
    Case,
    CaseLink,
    CaseParty,
    CaseSeries,
    CreditRecord,
    Organisation,
    Subject,
)
from workflows.models.registers import NATURAL_PERSONS
from workflows.storage.statements import Change, Insertion, Query


class Filer(NamedTuple):
    """The subject that an objection is about, as far as its case needs it."""

    id: str
    kind: str
    division_code: str

    @property
    def is_natural_person(self) -> bool:
        """Say whether publicity and queues are restricted (R103, E "Civil servants")."""
        return self.kind in NATURAL_PERSONS


class Contested(NamedTuple):
    """The record that an objection is about, and whose it is."""

    id: str
    title: str
    origin: str
    subject_id: str
    subject_kind: str
    division_code: str

    @property
    def is_of_natural_person(self) -> bool:
        """Say whether the record is a person's, which a receipt must not print for others (N23)."""
        return self.subject_kind in NATURAL_PERSONS


class Body(NamedTuple):
    """The body that received an objection."""

    name: str
    kind: str


class Series(NamedTuple):
    """A series of case numbers, and the last one given."""

    id: str
    last_number: int


CONTESTED = Query(
    select(
        CreditRecord.id,
        CreditRecord.title,
        CreditRecord.origin,
        CreditRecord.subject_id,
        Subject.kind,
        Subject.division_code,
    )
    .join(Subject, Subject.id == CreditRecord.subject_id)
    .where(
        CreditRecord.office_id == bindparam("office_id"),
        CreditRecord.number == bindparam("number"),
    ),
    Contested._make,
)
FILER = Query(
    select(Subject.id, Subject.kind, Subject.division_code).where(
        Subject.office_id == bindparam("office_id"),
        Subject.valid_to.is_(None),
        or_(
            Subject.credit_code == bindparam("code"),
            Subject.identity_index == bindparam("index"),
        ),
    ),
    Filer._make,
)
FILER_BY_ID = Query(
    select(Subject.id, Subject.kind, Subject.division_code).where(
        Subject.id == bindparam("subject_id")
    ),
    Filer._make,
)
BODY = Query(
    select(Organisation.name, Organisation.kind).where(Organisation.id == bindparam("body_id")),
    Body._make,
)
# An open case of the same kind, subject and record at another body (O-5).
TWIN = Query(
    select(Case.id)
    .where(
        Case.office_id == bindparam("office_id"),
        Case.kind == bindparam("kind"),
        Case.record_id == bindparam("record_id"),
        Case.subject_id == bindparam("subject_id"),
        Case.id != bindparam("other_than"),
        Case.status == "open",
        Case.receiving_organisation_id != bindparam("other_body_than"),
    )
    .order_by(Case.registered_at)
    .limit(1),
    lambda values: str(values[0]),
)
# Locked to the end of the transaction: applicants who file at once wait, none is refused.
SERIES = Query(
    select(CaseSeries.id, CaseSeries.last_number)
    .where(CaseSeries.office_id == bindparam("office_id"), CaseSeries.series == bindparam("series"))
    .with_for_update(),
    Series._make,
)
COUNT_ON = Change(
    update(CaseSeries)
    .where(CaseSeries.id == bindparam("series_id"))
    .values(last_number=bindparam("to"), version=CaseSeries.version + 1)
)
ADD_SERIES = Insertion(CaseSeries)
ADD_PARTY = Insertion(CaseParty)
ADD_LINK = Insertion(CaseLink)
ADD_SUBJECT = Insertion(Subject)
