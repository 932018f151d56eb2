"""What happened and who did it: commands, the hash-chained audit, reads, and facts for others."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflows.models.base import Base, OfficeRow

# SQLite counts rows only in an INTEGER key.
Counter = BigInteger().with_variant(Integer(), "sqlite")


class CommandRecord(Base):
    """A command that was carried out; repeating its id gives this answer and no second effect."""

    __tablename__ = "command_record"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    office_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(60))
    result: Mapped[dict[str, Any]]
    done_at: Mapped[datetime]


class AuditEntry(Base):
    """One canonical entry per command, chained by hash within its stream (foundations: Audit)."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    office_id: Mapped[str] = mapped_column(String(32))
    stream: Mapped[str] = mapped_column(String(60))
    seq: Mapped[int]
    at: Mapped[datetime]
    command: Mapped[str] = mapped_column(String(60))
    command_id: Mapped[str] = mapped_column(String(80))
    person_id: Mapped[str | None] = mapped_column(String(32))
    post_id: Mapped[str | None] = mapped_column(String(32))
    on_behalf_of: Mapped[str] = mapped_column(String(120), default="")
    origin: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[str] = mapped_column(String(400), default="")
    content: Mapped[dict[str, Any]]
    previous_hash: Mapped[str] = mapped_column(String(64))
    entry_hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (UniqueConstraint("stream", "seq"),)


class AuditSeal(Base):
    """The heads of all streams of an office at an instant, chained in turn."""

    __tablename__ = "audit_seal"

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    office_id: Mapped[str] = mapped_column(String(32), index=True)
    sealed_at: Mapped[datetime]
    last_entry_id: Mapped[int] = mapped_column(Counter)
    heads_hash: Mapped[str] = mapped_column(String(64))
    previous_hash: Mapped[str] = mapped_column(String(64))
    seal_hash: Mapped[str] = mapped_column(String(64))


class ReadEntry(OfficeRow, Base):
    """Somebody looked at a case, a document or an export; a stream of its own."""

    __tablename__ = "read_entry"

    case_id: Mapped[str | None] = mapped_column(String(32), index=True)
    what: Mapped[str] = mapped_column(String(120))
    person_id: Mapped[str | None] = mapped_column(String(32))
    post_id: Mapped[str | None] = mapped_column(String(32))
    origin: Mapped[str] = mapped_column(String(60), default="")
    read_at: Mapped[datetime]


class Event(Base):
    """A fact that others read: the timeline of a case, statistics, notices.

    ``facts`` never hold personal data. ``is_public`` marks what the subject may see.
    """

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    office_id: Mapped[str] = mapped_column(String(32))
    case_id: Mapped[str | None] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(60))
    facts: Mapped[dict[str, Any]]
    person_id: Mapped[str | None] = mapped_column(String(32))
    is_public: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]

    __table_args__ = (Index("ix_event_case", "case_id", "id"),)
