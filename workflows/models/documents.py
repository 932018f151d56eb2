"""Letters out, letters in, and files: frozen as data, numbered without gaps, served with proof."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows.models.base import Base, OfficeRow


class StoredFile(OfficeRow, Base):
    """An upload or a rendered letter, stored once by content; staged until a form claims it."""

    __tablename__ = "stored_file"

    case_id: Mapped[str | None] = mapped_column(String(32), index=True)
    holder: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    stored_at: Mapped[datetime]
    is_staged: Mapped[bool] = mapped_column(default=True)


class Document(OfficeRow, Base):
    """A letter of a case. Made, dispatched and served are three instants, all kept (C1 step 10).

    ``letter`` is the frozen content; the PDF is rendered from it outside the transaction, once.
    ``direction`` "in" is a letter received: ``number`` is then the sender's (来文字号).
    """

    __tablename__ = "document"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    direction: Mapped[str] = mapped_column(String(4), default="out")
    item: Mapped[str | None] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(300))
    status: Mapped[str] = mapped_column(String(20), default="draft")
    # draft | signed | numbered | sealed | dispatched | served | moot | void | received
    revision: Mapped[int] = mapped_column(default=1)
    number: Mapped[str] = mapped_column(String(80), default="")
    letter: Mapped[dict[str, Any]]
    letter_hash: Mapped[str] = mapped_column(String(64), default="")
    template_hash: Mapped[str] = mapped_column(String(64), default="")
    addressee: Mapped[str] = mapped_column(String(200), default="")
    addressee_id: Mapped[str | None] = mapped_column(String(32))
    drafted_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    sealed_at: Mapped[datetime | None]
    sealed_by_id: Mapped[str | None] = mapped_column(String(32))
    dispatched_at: Mapped[datetime | None]
    service_method: Mapped[str] = mapped_column(String(20), default="")
    served_at: Mapped[datetime | None]
    served_on: Mapped[date | None]
    service_evidence: Mapped[str] = mapped_column(String(300), default="")
    read_at: Mapped[datetime | None]
    document_on: Mapped[date | None]
    arrived_on: Mapped[date | None]
    verification_code: Mapped[str] = mapped_column(String(20), default="", index=True)
    is_for_subject: Mapped[bool] = mapped_column(default=False)
    pdf_id: Mapped[str | None] = mapped_column(ForeignKey("stored_file.id"))
    sealed_copy_id: Mapped[str | None] = mapped_column(ForeignKey("stored_file.id"))

    pdf: Mapped[StoredFile | None] = relationship(foreign_keys=[pdf_id], lazy="select")

    __table_args__ = (Index("ix_document_office_status", "office_id", "status", "kind"),)


class LetterSeries(OfficeRow, Base):
    """The last letter number given per body, year and series."""

    __tablename__ = "letter_series"

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int]
    series: Mapped[str] = mapped_column(String(40))
    last_number: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (UniqueConstraint("organisation_id", "year", "series"),)
    __mapper_args__ = {"version_id_col": version}


class LetterNumber(OfficeRow, Base):
    """Every number ever given; a voided one stays listed with its reason."""

    __tablename__ = "letter_number"

    series_id: Mapped[str] = mapped_column(ForeignKey("letter_series.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(String(80))
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"))
    given_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (UniqueConstraint("series_id", "number"),)
