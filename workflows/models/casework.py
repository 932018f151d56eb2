"""Cases, the work they make for people, and what those people entered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Computed, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows.models.base import Base, OfficeRow, Sealed
from workflows.models.people import Organisation, Person
from workflows.models.registers import CreditRecord, Subject


class Case(OfficeRow, Base):
    """One case: its identity, its place in the process and the guard against lost updates.

    Internal id, public number and query code are three things. ``version`` guards every write.
    """

    __tablename__ = "case_file"

    kind: Mapped[str] = mapped_column(String(30))
    number: Mapped[str] = mapped_column(String(40))
    division_code: Mapped[str] = mapped_column(String(6))
    query_code: Mapped[Sealed]
    query_code_index: Mapped[str] = mapped_column(String(64), index=True)
    subject_id: Mapped[str] = mapped_column(ForeignKey("subject.id"), index=True)
    record_id: Mapped[str | None] = mapped_column(ForeignKey("credit_record.id"), index=True)
    receiving_organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    title: Mapped[str] = mapped_column(String(300))
    channel: Mapped[str] = mapped_column(String(20))
    received_at: Mapped[datetime]
    received_on: Mapped[date]
    registered_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(20), default="open")  # open | closed
    stage: Mapped[str] = mapped_column(String(40), default="received")
    outcome: Mapped[str] = mapped_column(String(30), default="")
    finding: Mapped[str] = mapped_column(String(20), default="")
    finding_approved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    is_restricted: Mapped[bool] = mapped_column(default=False)
    flags: Mapped[dict[str, Any]] = mapped_column(default=dict)
    bundle_hash: Mapped[str] = mapped_column(String(64))
    pack_id: Mapped[str] = mapped_column(String(60), default="")
    engine: Mapped[str] = mapped_column(String(20), default="spiff")
    engine_state: Mapped[str] = mapped_column(Text, default="", deferred=True)
    touched_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    subject: Mapped[Subject] = relationship(lazy="joined")
    record: Mapped[CreditRecord | None] = relationship(lazy="joined")
    receiving_organisation: Mapped[Organisation] = relationship(lazy="joined")

    @property
    def subject_kind(self) -> str:
        """Return the kind of whom the case is about: some rules bind only one kind."""
        return self.subject.kind

    __table_args__ = (
        UniqueConstraint("office_id", "number"),
        Index("ix_case_file_division", "office_id", "division_code"),
        Index("ix_case_file_office_status_received", "office_id", "status", "received_at"),
    )
    __mapper_args__ = {"version_id_col": version}


class CaseParty(OfficeRow, Base):
    """The applicant, agent or successor in a case; superseded with validity, never overwritten."""

    __tablename__ = "case_party"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))  # applicant | agent | successor
    subject_id: Mapped[str | None] = mapped_column(ForeignKey("subject.id"))
    name: Mapped[Sealed | None]
    phone: Mapped[Sealed | None]
    identity_number: Mapped[Sealed | None]
    email: Mapped[Sealed | None]
    postal_address: Mapped[Sealed | None]
    proof_index: Mapped[str] = mapped_column(String(64), default="")
    consents_to_electronic_service: Mapped[bool] = mapped_column(default=False)
    is_authority_checked: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]


class CaseLink(OfficeRow, Base):
    """Two cases that know of each other: duplicate to the other body, or reopened from."""

    __tablename__ = "case_link"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    other_case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))  # duplicate | reopened_from | follows | contests
    linked_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("case_id", "other_case_id", "kind"),)


class Answer(OfficeRow, Base):
    """What somebody entered in a form; insert-only, outside the engine."""

    __tablename__ = "answer"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    form: Mapped[str] = mapped_column(String(60))
    element: Mapped[str] = mapped_column(String(80), default="")
    item: Mapped[str | None] = mapped_column(String(64))
    content: Mapped[dict[str, Any]]
    person_id: Mapped[str | None] = mapped_column(String(32))
    post_id: Mapped[str | None] = mapped_column(String(32))
    answered_at: Mapped[datetime]

    __table_args__ = (Index("ix_answer_case", "case_id", "answered_at"),)


# Word for word as a query must say it: done tasks are kept for ever and stay out of this index.
IS_OPEN = "status = 'open'"
IS_DONE = "status = 'done'"
IS_OPEN_AT_DEPARTMENT = f"{IS_OPEN} AND role = 'department_officer'"


class Task(OfficeRow, Base):
    """Work for a person: one step of a diagram may own several. Kept for ever once done.

    ``owner_id`` is the person who holds it; while it is None the post's pool may claim it.
    ``due_on`` copies the due date of its clock so that the inbox needs one index: ``owner_key``
    names who it lies with, ``sort_on`` puts tasks without a date last. The database makes both.
    """

    __tablename__ = "task"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    step_id: Mapped[str | None] = mapped_column(String(80))
    element: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(120))
    form: Mapped[str] = mapped_column(String(60))
    item: Mapped[str | None] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(40))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    status: Mapped[str] = mapped_column(String(20), default="open")  # open | done | cancelled
    clock_id: Mapped[str | None] = mapped_column(ForeignKey("case_clock.id"))
    due_on: Mapped[date | None]
    opened_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    answer_id: Mapped[str | None] = mapped_column(ForeignKey("answer.id"))
    owner_key: Mapped[str] = mapped_column(
        String(80),
        Computed("coalesce(owner_id, organisation_id || ':' || role)", persisted=True),
        deferred=True,
    )
    sort_on: Mapped[date] = mapped_column(
        Computed("coalesce(due_on, '9999-12-31')", persisted=True), deferred=True
    )
    version: Mapped[int] = mapped_column(default=1)

    case: Mapped[Case] = relationship(lazy="select")
    owner: Mapped[Person | None] = relationship(foreign_keys=[owner_id], lazy="joined")
    organisation: Mapped[Organisation] = relationship(lazy="joined")

    __table_args__ = (
        # What a case has open, and who last did the work of a post in it.
        Index("ix_task_case", "case_id", "status", "role", "organisation_id", "done_at"),
        Index(
            "ix_task_done",
            "done_by_id",
            "done_at",
            "id",
            sqlite_where=text(IS_DONE),
            postgresql_where=text(IS_DONE),
        ),
        Index(
            "ix_task_inbox",
            "owner_key",
            "sort_on",
            "id",
            sqlite_where=text(IS_OPEN),
            postgresql_where=text(IS_OPEN),
        ),
        # What an office may enter from paper on a department's behalf.
        Index(
            "ix_task_department",
            "office_id",
            "sort_on",
            "id",
            sqlite_where=text(IS_OPEN_AT_DEPARTMENT),
            postgresql_where=text(IS_OPEN_AT_DEPARTMENT),
        ),
    )
    __mapper_args__ = {"version_id_col": version}


class Draft(OfficeRow, Base):
    """A half-filled form, kept on the server until it is submitted or thrown away."""

    __tablename__ = "draft"

    holder: Mapped[str] = mapped_column(String(64))  # person id, or a visitor's random token
    place: Mapped[str] = mapped_column(String(120))  # "task:<id>" or "filing:portal"
    content: Mapped[Sealed]
    saved_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("holder", "place"),)


class Incident(OfficeRow, Base):
    """An automatic step that failed: its real cause, and a way to try again."""

    __tablename__ = "incident"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    number: Mapped[str] = mapped_column(String(40))
    failed_id: Mapped[str] = mapped_column(String(80))
    element: Mapped[str] = mapped_column(String(80))
    operation: Mapped[str] = mapped_column(String(80))
    item: Mapped[str | None] = mapped_column(String(64))
    cause_key: Mapped[str] = mapped_column(String(120))
    cause_facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    outbox_id: Mapped[str | None] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(20), default="open")  # open | resolved
    tries: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[str | None] = mapped_column(String(32))


class CaseSeries(OfficeRow, Base):
    """The last case number given per kind, division and year."""

    __tablename__ = "case_series"

    series: Mapped[str] = mapped_column(String(40))
    last_number: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (UniqueConstraint("office_id", "series"),)
    __mapper_args__ = {"version_id_col": version}
