"""Statutory periods that run in a case, their ledgers, and the timers that hang on them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows.models.base import Base, OfficeRow


class CaseClock(OfficeRow, Base):
    """One clock of one case. The ledger is the truth; the dates here are derived and recomputable.

    ``rule`` is the parameter as it stood when the clock started: value, rank, document, clause,
    rule ids, confirmation (foundations: rule packs are pinned by dated version).
    """

    __tablename__ = "case_clock"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    name: Mapped[str] = mapped_column(String(40))
    item: Mapped[str | None] = mapped_column(String(64))
    rule: Mapped[dict[str, Any]]
    amount: Mapped[int]
    unit: Mapped[str] = mapped_column(String(4))
    status: Mapped[str] = mapped_column(String(20), default="running")  # running | paused | stopped
    start_on: Mapped[date]
    raw_due_on: Mapped[date]
    due_on: Mapped[date | None]
    moved_from: Mapped[date | None]
    moved_reason: Mapped[str] = mapped_column(String(300), default="")
    is_provisional: Mapped[bool] = mapped_column(default=False)
    missing_years: Mapped[list[Any]] = mapped_column(default=list)
    extended_days: Mapped[int] = mapped_column(default=0)
    stopped_on: Mapped[date | None]
    late_by: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime]

    entries: Mapped[list[LedgerEntry]] = relationship(
        back_populates="clock", order_by="LedgerEntry.seq", lazy="selectin"
    )

    __table_args__ = (
        UniqueConstraint("case_id", "name", "item", "started_at"),
        Index("ix_case_clock_status_due", "office_id", "status", "due_on"),
    )


class LedgerEntry(OfficeRow, Base):
    """One move of a clock: what, when, why, on what legal basis, by whom, on what evidence."""

    __tablename__ = "ledger_entry"

    clock_id: Mapped[str] = mapped_column(ForeignKey("case_clock.id"))
    seq: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    on: Mapped[date]
    start_on: Mapped[date | None]
    days: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(400), default="")
    legal_basis: Mapped[str] = mapped_column(String(200), default="")
    evidence: Mapped[str] = mapped_column(String(300), default="")
    approved_by: Mapped[str] = mapped_column(String(60), default="")
    person_id: Mapped[str | None] = mapped_column(String(32))

    clock: Mapped[CaseClock] = relationship(back_populates="entries")

    __table_args__ = (UniqueConstraint("clock_id", "seq"),)


# Word for word as a query must say it: timers that fired are kept and stay out of this index.
IS_WAITING = "status = 'waiting'"


class Timer(OfficeRow, Base):
    """The next firing of one timer event; clocks move it, the engine never computes time.

    ``retry_at`` is set when firing failed: it is left alone until then and holds up no other.
    """

    __tablename__ = "timer"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    engine_timer_id: Mapped[str] = mapped_column(String(80))
    element: Mapped[str] = mapped_column(String(80))
    clock_name: Mapped[str] = mapped_column(String(40))
    item: Mapped[str | None] = mapped_column(String(64))
    point: Mapped[str] = mapped_column(String(60))
    due_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(
        String(20), default="waiting"
    )  # waiting | fired | cancelled
    retry_at: Mapped[datetime | None]
    fired_at: Mapped[datetime | None]
    was_late: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        Index(
            "ix_timer_due",
            "due_at",
            "id",
            sqlite_where=text(IS_WAITING),
            postgresql_where=text(IS_WAITING),
        ),
        Index("ix_timer_case", "case_id", "status"),
    )
