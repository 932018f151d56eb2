"""The standing register of PPP projects: stages, duties, persons over time, papers (R61, R65, R81).

It must exist before anything goes wrong: who answered for a stage on a day is read here, never
remembered. A row is superseded, not overwritten; what is missing is itself a finding (C4).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows.models.base import Base, OfficeRow, Sealed
from workflows.models.people import Organisation


class Project(OfficeRow, Base):
    """One PPP project with what must be disclosed of it (R72). The amount is in cents of yuan."""

    __tablename__ = "ppp_project"

    number: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    division_code: Mapped[str] = mapped_column(String(6))
    coordinator_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    private_party: Mapped[str] = mapped_column(String(200), default="")
    private_party_code: Mapped[str] = mapped_column(String(18), default="")
    consultants: Mapped[str] = mapped_column(String(400), default="")
    contract: Mapped[str] = mapped_column(String(200), default="")
    contract_on: Mapped[date | None]
    amount: Mapped[int | None] = mapped_column(BigInteger)
    begun_on: Mapped[date]
    ended_on: Mapped[date | None]

    coordinator: Mapped[Organisation | None] = relationship(lazy="joined")

    __table_args__ = (UniqueConstraint("office_id", "number"),)


class ProjectStage(OfficeRow, Base):
    """A stage of a project under the template in force then; two templates may meet in one project.

    ``is_performed`` false marks a stage that was skipped: that is itself a finding (C4).
    """

    __tablename__ = "ppp_stage"

    project_id: Mapped[str] = mapped_column(ForeignKey("ppp_project.id"), index=True)
    template: Mapped[str] = mapped_column(String(60))  # the pack that named the stages
    key: Mapped[str] = mapped_column(String(40))
    seq: Mapped[int]
    lead_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    begins_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    is_performed: Mapped[bool] = mapped_column(default=True)
    remark: Mapped[str] = mapped_column(String(400), default="")

    lead: Mapped[Organisation | None] = relationship(lazy="joined")

    __table_args__ = (UniqueConstraint("project_id", "template", "key"),)


class StageDuty(OfficeRow, Base):
    """What a department had to do in a stage and by which standard (责任清单, R61)."""

    __tablename__ = "ppp_duty"

    stage_id: Mapped[str] = mapped_column(ForeignKey("ppp_stage.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    duty: Mapped[str] = mapped_column(String(400))
    standard: Mapped[str] = mapped_column(String(400), default="")

    organisation: Mapped[Organisation] = relationship(lazy="joined")


class Tenure(OfficeRow, Base):
    """Who answered for a stage from when to when; the tenure says whom to ask, not who is at fault.

    The name shown is masked; the full name is sealed until a determination names the person (E).
    A change of office-holder ends a tenure and never a responsibility (R77, R79, R80).
    """

    __tablename__ = "ppp_tenure"

    stage_id: Mapped[str] = mapped_column(ForeignKey("ppp_stage.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[str] = mapped_column(String(30))  # first | lead | handler
    post: Mapped[str] = mapped_column(String(120), default="")
    name: Mapped[str] = mapped_column(String(60))
    full_name: Mapped[Sealed | None]
    employer_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    organisation: Mapped[Organisation] = relationship(
        lazy="joined", foreign_keys="Tenure.organisation_id"
    )

    __table_args__ = (Index("ix_ppp_tenure_stage_from", "stage_id", "valid_from"),)


class Artefact(OfficeRow, Base):
    """A plan, report, data set or decision; whoever issued it answers for it (R61).

    ``step`` is the mandatory step of a major decision that it proves, or empty (R151).
    """

    __tablename__ = "ppp_artefact"

    stage_id: Mapped[str] = mapped_column(ForeignKey("ppp_stage.id"), index=True)
    kind: Mapped[str] = mapped_column(String(30))  # plan | report | data | decision
    step: Mapped[str] = mapped_column(String(40), default="")
    title: Mapped[str] = mapped_column(String(200))
    issuer_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    signer_id: Mapped[str | None] = mapped_column(ForeignKey("ppp_tenure.id"))
    dated_on: Mapped[date]
    file_id: Mapped[str | None] = mapped_column(ForeignKey("stored_file.id"))
    file_hash: Mapped[str] = mapped_column(String(64), default="")

    issuer: Mapped[Organisation] = relationship(lazy="joined")


class Handover(OfficeRow, Base):
    """What one office-holder handed to the next: open commitments and known risks (R81)."""

    __tablename__ = "ppp_handover"

    stage_id: Mapped[str] = mapped_column(ForeignKey("ppp_stage.id"), index=True)
    from_tenure_id: Mapped[str] = mapped_column(ForeignKey("ppp_tenure.id"))
    to_tenure_id: Mapped[str] = mapped_column(ForeignKey("ppp_tenure.id"))
    handed_on: Mapped[date]
    open_commitments: Mapped[str] = mapped_column(Text, default="")
    known_risks: Mapped[str] = mapped_column(Text, default="")
    is_signed: Mapped[bool] = mapped_column(default=False)


class TracebackFinding(OfficeRow, Base):
    """What a traceback case determined about a department or a person, by a collective (R66, N29).

    ``role`` is one of five responsibilities; several in one stage are ranked, never shared out in
    percentages for persons (E).
    """

    __tablename__ = "ppp_finding"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    stage_id: Mapped[str] = mapped_column(ForeignKey("ppp_stage.id"))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    tenure_id: Mapped[str | None] = mapped_column(ForeignKey("ppp_tenure.id"))
    role: Mapped[str] = mapped_column(String(20))  # main | secondary | leading | direct | oversight
    rank: Mapped[int] = mapped_column(default=1)
    act: Mapped[str] = mapped_column(Text, default="")
    acted_on: Mapped[date | None]
    evidence: Mapped[dict[str, Any]] = mapped_column(default=dict)
    status: Mapped[str] = mapped_column(String(20), default="draft")  # draft | determined | dropped
