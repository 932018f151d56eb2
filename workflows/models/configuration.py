"""What an office has agreed: deployed definitions, rule packs, confirmations, holiday notices."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflows.models.base import Base, OfficeRow


class StoredBundle(Base):
    """A definition bundle, stored once by content hash for as long as a case pins it."""

    __tablename__ = "stored_bundle"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Deployment(OfficeRow, Base):
    """A bundle or rule pack put forward by one person and approved by another."""

    __tablename__ = "deployment"

    kind: Mapped[str] = mapped_column(String(20))  # bundle | pack
    key: Mapped[str] = mapped_column(String(60))
    content_hash: Mapped[str] = mapped_column(String(64))
    content: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(20))  # proposed | active | superseded | refused
    difference: Mapped[dict[str, Any]] = mapped_column(default=dict)
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[str | None] = mapped_column(String(32))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[str | None] = mapped_column(String(32))

    __table_args__ = (Index("ix_deployment_office_kind_key", "office_id", "kind", "key", "status"),)


class RuleConfirmation(OfficeRow, Base):
    """A legal reviewer confirmed a parameter here: who, when, against which text (E)."""

    __tablename__ = "rule_confirmation"

    pack_id: Mapped[str] = mapped_column(String(60))
    parameter: Mapped[str] = mapped_column(String(80))
    parameter_hash: Mapped[str] = mapped_column(String(64))
    against_text: Mapped[str] = mapped_column(String(400))
    confirmed_at: Mapped[datetime]
    confirmed_by_id: Mapped[str] = mapped_column(String(32))
    withdrawn_at: Mapped[datetime | None]


class CalendarNotice(OfficeRow, Base):
    """A State Council holiday notice as loaded in this office."""

    __tablename__ = "calendar_notice"

    year: Mapped[int]
    document: Mapped[str] = mapped_column(String(80))
    issued_on: Mapped[date]
    content: Mapped[str] = mapped_column(Text)
    loaded_at: Mapped[datetime]
    loaded_by_id: Mapped[str | None] = mapped_column(String(32))

    __table_args__ = (UniqueConstraint("office_id", "year", "document"),)


class RemedySignature(OfficeRow, Base):
    """A row of the remedies table as signed by the legal reviewer: no signature, no letter (E)."""

    __tablename__ = "remedy_signature"

    row_key: Mapped[str] = mapped_column(String(120))
    row_hash: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime]
    signed_by_id: Mapped[str] = mapped_column(String(32))

    __table_args__ = (UniqueConstraint("office_id", "row_key", "row_hash"),)
