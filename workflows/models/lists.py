"""What stands beside the credit records: catalogue supplements, publications, commitments, lists.

A list binds nobody by its name: a definition without basis, standard, procedure, objection route
and exit rule is never active (R17, R51, R52).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows.models.base import Base, OfficeRow
from workflows.models.people import Organisation
from workflows.models.registers import CreditRecord, Subject

# What makes a list valid (R17).
LIST_NEEDS = ("basis", "standard", "procedure", "objection_route", "exit_rule")


class CatalogueSupplement(OfficeRow, Base):
    """A local item or measure beside the national ones, with the law it rests on (N26, N27)."""

    __tablename__ = "catalogue_supplement"

    kind: Mapped[str] = mapped_column(String(20))  # item | measure
    key: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    group_name: Mapped[str] = mapped_column(String(120))
    division_code: Mapped[str] = mapped_column(String(6))
    edition: Mapped[str] = mapped_column(String(40), default="")
    lawful_basis: Mapped[str] = mapped_column(String(400))
    basis_rank: Mapped[str] = mapped_column(String(30))
    publicity: Mapped[str] = mapped_column(String(20))  # public | restricted | internal (R110)
    measure_class: Mapped[str] = mapped_column(String(20), default="")
    status: Mapped[str] = mapped_column(String(20))  # proposed | active | refused | ended
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[str | None] = mapped_column(String(32))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[str | None] = mapped_column(String(32))

    __table_args__ = (UniqueConstraint("office_id", "kind", "key", "valid_from"),)


class Publication(OfficeRow, Base):
    """A record put forward for publicity: what was checked, and who decided (R21, N23)."""

    __tablename__ = "publication"

    record_id: Mapped[str] = mapped_column(ForeignKey("credit_record.id"), index=True)
    status: Mapped[str] = mapped_column(String(20))  # proposed | approved | refused
    exclusions: Mapped[dict[str, Any]]
    basis: Mapped[str] = mapped_column(String(400))
    basis_rank: Mapped[str] = mapped_column(String(30))
    assessment: Mapped[str] = mapped_column(String(1000), default="")
    tier: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(400), default="")
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[str | None] = mapped_column(String(32))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[str | None] = mapped_column(String(32))

    record: Mapped[CreditRecord] = relationship(lazy="joined")

    __table_args__ = (Index("ix_publication_status", "office_id", "status", "proposed_at"),)


class Commitment(OfficeRow, Base):
    """What a subject promised, to be checked within the term (R111, R117, R118)."""

    __tablename__ = "commitment"

    number: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(ForeignKey("subject.id"), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    promised: Mapped[str] = mapped_column(String(1000))
    received_by_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    approval_document: Mapped[str] = mapped_column(String(200), default="")
    approved_on: Mapped[date]
    check_due_on: Mapped[date]
    check_rule: Mapped[dict[str, Any]] = mapped_column(default=dict)
    status: Mapped[str] = mapped_column(String(20), default="open")  # open | kept | broken
    checked_on: Mapped[date | None]
    checked_by_id: Mapped[str | None] = mapped_column(String(32))
    finding: Mapped[str] = mapped_column(String(1000), default="")
    # The document that revoked the approval after a mismatch (R112).
    revocation_document: Mapped[str] = mapped_column(String(200), default="")
    record_id: Mapped[str | None] = mapped_column(ForeignKey("credit_record.id"))
    # The case in which it is checked; one without is checked on the register's page.
    case_id: Mapped[str | None] = mapped_column(ForeignKey("case_file.id"), index=True)

    subject: Mapped[Subject] = relationship(lazy="joined")
    received_by: Mapped[Organisation] = relationship(lazy="joined")

    __table_args__ = (
        UniqueConstraint("office_id", "number"),
        Index("ix_commitment_due", "office_id", "status", "check_due_on"),
    )


class CreditList(OfficeRow, Base):
    """A watch list or sanction list with what makes it valid (R17, R51, R52)."""

    __tablename__ = "credit_list"

    kind: Mapped[str] = mapped_column(String(20))  # watch | sanction
    name: Mapped[str] = mapped_column(String(200))
    keeper_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    basis: Mapped[str] = mapped_column(String(1000), default="")
    standard: Mapped[str] = mapped_column(String(1000), default="")
    procedure: Mapped[str] = mapped_column(String(1000), default="")
    objection_route: Mapped[str] = mapped_column(String(1000), default="")
    exit_rule: Mapped[str] = mapped_column(String(1000), default="")
    status: Mapped[str] = mapped_column(String(20))  # proposed | active | refused | ended
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[str | None] = mapped_column(String(32))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[str | None] = mapped_column(String(32))

    keeper: Mapped[Organisation] = relationship(lazy="joined")

    __table_args__ = (UniqueConstraint("office_id", "name", "valid_from"),)

    @property
    def missing(self) -> list[str]:
        """Return which of the five things a list must have are not there (R17)."""
        return [name for name in LIST_NEEDS if not getattr(self, name).strip()]


class CreditListEntry(OfficeRow, Base):
    """A subject on a list from a day to a day, with the document that put it there (R51)."""

    __tablename__ = "credit_list_entry"

    list_id: Mapped[str] = mapped_column(ForeignKey("credit_list.id"), index=True)
    subject_id: Mapped[str] = mapped_column(ForeignKey("subject.id"), index=True)
    record_id: Mapped[str | None] = mapped_column(ForeignKey("credit_record.id"))
    base_kind: Mapped[str] = mapped_column(String(20))  # judgment | penalty | enforcement
    base_document: Mapped[str] = mapped_column(String(200))
    severity: Mapped[str] = mapped_column(String(400))
    # The warning goes before the sanction (R53).
    warned_on: Mapped[date | None]
    entered_on: Mapped[date]
    left_on: Mapped[date | None]
    left_reason: Mapped[str] = mapped_column(String(400), default="")
    left_document: Mapped[str] = mapped_column(String(200), default="")

    credit_list: Mapped[CreditList] = relationship(lazy="joined")
    subject: Mapped[Subject] = relationship(lazy="joined")
