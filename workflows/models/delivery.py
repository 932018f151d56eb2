"""What leaves the building, what comes in, and what people are told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflows.models.base import Base, OfficeRow


class Outbox(OfficeRow, Base):
    """An effect outside the database, written in the case's transaction and sent afterwards.

    ``key`` is the idempotency key: at least once here, once at receivers that honour it.
    """

    __tablename__ = "outbox"

    case_id: Mapped[str | None] = mapped_column(String(32), index=True)
    kind: Mapped[str] = mapped_column(String(40))  # province_report | mail | command | letter_pdf
    key: Mapped[str] = mapped_column(String(120), unique=True)
    payload: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(20), default="waiting")  # waiting | sent | given_up
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]

    __table_args__ = (Index("ix_outbox_status_due", "status", "due_at", "id"),)


class InboundMessage(OfficeRow, Base):
    """A message from another system, kept once per sender's id so that repeats do nothing."""

    __tablename__ = "inbound_message"

    source: Mapped[str] = mapped_column(String(40))
    message_id: Mapped[str] = mapped_column(String(120))
    case_id: Mapped[str | None] = mapped_column(String(32), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    result: Mapped[str] = mapped_column(String(40), default="")

    __table_args__ = (UniqueConstraint("source", "message_id"),)


class Notice(OfficeRow, Base):
    """What one person is told inside the product; the text is a key and facts."""

    __tablename__ = "notice"

    person_id: Mapped[str] = mapped_column(String(32))
    case_id: Mapped[str | None] = mapped_column(String(32), index=True)
    task_id: Mapped[str | None] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(60))
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    told_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_notice_person_read", "person_id", "read_at", "told_at"),)
