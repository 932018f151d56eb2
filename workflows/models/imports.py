"""Registers that come as a table: one job per file, one row per line of it.

A line's values are not kept here: only its key as a hash, what became of it, and what was wrong.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflows.models.base import Base, OfficeRow


class ImportJob(OfficeRow, Base):
    """A file to import: checked first, applied when somebody says so, in batches.

    ``position`` is the last line that was dealt with in the present phase; an interrupted job goes
    on after it.
    """

    __tablename__ = "import_job"

    kind: Mapped[str] = mapped_column(String(30))
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int]
    # checking | checked | applying | done | refused
    status: Mapped[str] = mapped_column(String(20))
    total: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    problem: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    created_by_id: Mapped[str | None] = mapped_column(String(32))
    organisation_id: Mapped[str | None] = mapped_column(String(32))
    applied_at: Mapped[datetime | None]
    applied_by_id: Mapped[str | None] = mapped_column(String(32))
    finished_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (Index("ix_import_job_office", "office_id", "created_at"),)
    __mapper_args__ = {"version_id_col": version}


class ImportRow(OfficeRow, Base):
    """What became of one line: new, same or wrong, with its problems; or applied."""

    __tablename__ = "import_row"

    job_id: Mapped[str] = mapped_column(ForeignKey("import_job.id"))
    line: Mapped[int]
    key_hash: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[str] = mapped_column(String(20))  # new | same | wrong | applied
    problems: Mapped[list[Any]] = mapped_column(default=list)

    __table_args__ = (
        UniqueConstraint("job_id", "line"),
        Index("ix_import_row_key", "job_id", "key_hash"),
        Index("ix_import_row_outcome", "job_id", "outcome", "line"),
    )
