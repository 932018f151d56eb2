"""The registers casework acts on: subjects, credit records with versions, sanctions, queries."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows.models.base import Base, OfficeRow, Sealed
from workflows.models.people import Organisation

NATURAL_PERSONS = ("civil_servant", "natural_person")


class ProtectionKey(OfficeRow, Base):
    """The key of one owner's personal data, itself wrapped by the office's master key."""

    __tablename__ = "protection_key"

    owner_id: Mapped[str] = mapped_column(String(32), unique=True)
    wrapped_key: Mapped[Sealed]


class Subject(OfficeRow, Base):
    """A credit subject (信用主体): body, institution, person or company.

    ``name`` and ``credit_code`` of organisations are public; of natural persons the name shown is
    masked and the full name and identity number stand only in protected columns (N23), found by
    their blind indexes. One that merged or changed its name ends and names its successor.
    """

    __tablename__ = "subject"

    kind: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(200))
    credit_code: Mapped[str | None] = mapped_column(String(18), index=True)
    division_code: Mapped[str] = mapped_column(String(6))
    full_name: Mapped[Sealed | None]
    identity_number: Mapped[Sealed | None]
    identity_index: Mapped[str | None] = mapped_column(String(64), index=True)
    name_index: Mapped[str | None] = mapped_column(String(64), index=True)
    # As stated, where no identity number tells the day of birth (R22).
    is_minor: Mapped[bool] = mapped_column(default=False)
    employer_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    succeeded_by_id: Mapped[str | None] = mapped_column(ForeignKey("subject.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    @property
    def is_natural_person(self) -> bool:
        """Say whether publicity and queues are restricted (R103, E "Civil servants")."""
        return self.kind in NATURAL_PERSONS

    __table_args__ = (Index("ix_subject_office_name", "office_id", "name"),)


class CreditRecord(OfficeRow, Base):
    """A record of breach of trust; its versions are never overwritten (R93).

    ``catalogue_item`` is the key of an item of the catalogue (R19), ``source_unit_id`` the unit
    that alone may change a value (R95), by default the recogniser. The publicity period is reckoned
    once, when publication is approved, with the rule it rests on.
    """

    __tablename__ = "credit_record"

    number: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(ForeignKey("subject.id"), index=True)
    recogniser_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    catalogue_item: Mapped[str] = mapped_column(String(60))
    area: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    # judgment | penalty | discipline | accountability (R85) | sanction (Jiangsu, R86)
    source_kind: Mapped[str] = mapped_column(String(30))
    base_document: Mapped[str] = mapped_column(String(120))
    base_document_on: Mapped[date]
    origin: Mapped[str] = mapped_column(
        String(20), default="department"
    )  # platform | department | upstream
    status: Mapped[str] = mapped_column(
        String(20), default="active"
    )  # active | corrected | revoked
    is_disputed: Mapped[bool] = mapped_column(default=False)
    is_display_suspended: Mapped[bool] = mapped_column(default=False)
    is_published: Mapped[bool] = mapped_column(default=False)
    current_version: Mapped[int] = mapped_column(default=1)
    published_on: Mapped[date | None]
    lawful_basis: Mapped[str] = mapped_column(String(400), default="")
    source_unit_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    default_type: Mapped[str] = mapped_column(String(40), default="")
    tier: Mapped[str] = mapped_column(String(20), default="")  # minor | general | serious (N2)
    misconduct_ended_on: Mapped[date | None]
    # An act of a minor: seen by few, never published, no sanction (R22).
    is_protected: Mapped[bool] = mapped_column(default=False)
    publicity_starts_on: Mapped[date | None]
    publicity_min_on: Mapped[date | None]
    publicity_ends_on: Mapped[date | None]
    publicity_ended_on: Mapped[date | None]
    publicity_rule: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sharing_ended_on: Mapped[date | None]
    repaired_on: Mapped[date | None]
    entered_at: Mapped[datetime | None]
    entered_by_id: Mapped[str | None] = mapped_column(String(32))

    subject: Mapped[Subject] = relationship(lazy="joined")
    recogniser: Mapped[Organisation] = relationship(lazy="joined", foreign_keys=[recogniser_id])
    source_unit: Mapped[Organisation | None] = relationship(
        lazy="select", foreign_keys=[source_unit_id]
    )

    __table_args__ = (
        UniqueConstraint("office_id", "number"),
        Index("ix_credit_record_publicity", "is_published", "publicity_ends_on"),
    )

    @property
    def publicity_state(self) -> str:
        """Return unpublished, published, suspended or ended."""
        if self.is_published:
            return "suspended" if self.is_display_suspended else "published"
        return "unpublished" if self.published_on is None else "ended"

    @property
    def is_repaired(self) -> bool:
        """Say whether the record was repaired; its history stays (R31)."""
        return self.repaired_on is not None

    @property
    def changing_unit_id(self) -> str:
        """Return the one unit that may change a value (R95)."""
        return self.source_unit_id or self.recogniser_id


class RecordVersion(OfficeRow, Base):
    """What a credit record said from an instant on, and why it changed."""

    __tablename__ = "record_version"

    record_id: Mapped[str] = mapped_column(ForeignKey("credit_record.id"), index=True)
    version: Mapped[int]
    content: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(20))
    recorded_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(400), default="")
    case_id: Mapped[str | None] = mapped_column(String(32), index=True)
    person_id: Mapped[str | None] = mapped_column(String(32))

    __table_args__ = (UniqueConstraint("record_id", "version"),)


class Sanction(OfficeRow, Base):
    """One disciplinary measure of one department, with its lawful basis and list item (N27)."""

    __tablename__ = "sanction"

    record_id: Mapped[str] = mapped_column(ForeignKey("credit_record.id"), index=True)
    department_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    measure: Mapped[str] = mapped_column(String(200))
    legal_basis: Mapped[str] = mapped_column(String(300))
    list_item: Mapped[str] = mapped_column(String(120))
    status: Mapped[str] = mapped_column(String(20), default="in_force")  # in_force | lifted
    imposed_on: Mapped[date]
    lifted_on: Mapped[date | None]
    lifted_document: Mapped[str] = mapped_column(String(200), default="")
    # The measure's key in the list; empty on rows that only say its words.
    measure_key: Mapped[str] = mapped_column(String(60), default="")
    # administrative | market | industry (R124)
    measure_class: Mapped[str] = mapped_column(String(20), default="administrative")
    document: Mapped[str] = mapped_column(String(200), default="")
    # The end of a disciplinary period ends its use (E, "Civil servants").
    ends_on: Mapped[date | None]

    department: Mapped[Organisation] = relationship(lazy="joined")


class RecordQuery(OfficeRow, Base):
    """Who asked for a record, for what purpose, and what they saw (R109)."""

    __tablename__ = "record_query"

    record_id: Mapped[str] = mapped_column(ForeignKey("credit_record.id"))
    queried_by: Mapped[str] = mapped_column(String(200))
    contact: Mapped[str] = mapped_column(String(200), default="")
    purpose: Mapped[str] = mapped_column(String(120))
    purpose_code: Mapped[str] = mapped_column(String(30), default="other")
    person_id: Mapped[str | None] = mapped_column(String(32))
    queried_at: Mapped[datetime]
    version_seen: Mapped[int]
    saw_dispute_mark: Mapped[bool] = mapped_column(default=False)
    told_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_record_query_record_at", "record_id", "queried_at"),)


class QualityTicket(OfficeRow, Base):
    """A ticket to the unit that supplied a wrong record (R15), with any proposal (R11)."""

    __tablename__ = "quality_ticket"

    record_id: Mapped[str] = mapped_column(ForeignKey("credit_record.id"))
    case_id: Mapped[str] = mapped_column(String(32), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    cause: Mapped[str] = mapped_column(String(400))
    proposes_accountability: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
