"""Offices, organisations, and the people who hold posts in them.

Person, post and log-in are three things: a post has a tenure and is superseded, never overwritten,
so that who held it on any day can be seen (foundations: People; R140).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows.models.base import Base, OfficeRow, new_id


class Office(Base):
    """A credit office (tenant) with its own settings; ``settings`` holds hours and thresholds.

    One installation serves the province, its cities and counties (R142).
    """

    __tablename__ = "office"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    division_code: Mapped[str] = mapped_column(String(6))
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Organisation(OfficeRow, Base):
    """A body that recognises, sanctions, receives or reports (R152-R157)."""

    __tablename__ = "organisation"

    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    code: Mapped[str] = mapped_column(String(40))
    credit_code: Mapped[str] = mapped_column(String(18), default="")
    division_code: Mapped[str] = mapped_column(String(6))
    kind: Mapped[str] = mapped_column(
        String(30)
    )  # lead | recognition | platform | upstream | other
    superior_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    email: Mapped[str] = mapped_column(String(200), default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    __table_args__ = (UniqueConstraint("office_id", "code", "valid_from"),)


class Person(OfficeRow, Base):
    """Somebody who works on cases."""

    __tablename__ = "person"

    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    email: Mapped[str] = mapped_column(String(200), default="")


class Post(OfficeRow, Base):
    """A role held by a person in an organisation for a tenure (from, to)."""

    __tablename__ = "post"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[str] = mapped_column(String(40), index=True)
    title: Mapped[str] = mapped_column(String(60), default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    person: Mapped[Person] = relationship(lazy="joined")
    organisation: Mapped[Organisation] = relationship(lazy="joined")

    def is_held_on(self, day: date) -> bool:
        """Say whether the tenure covers that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Login(OfficeRow, Base):
    """How a person proves to be that person; ``stamp`` changes revoke every open session."""

    __tablename__ = "login"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    username: Mapped[str] = mapped_column(String(60))
    password_hash: Mapped[str] = mapped_column(String(200))
    stamp: Mapped[str] = mapped_column(String(32), default=new_id)
    is_active: Mapped[bool] = mapped_column(default=True)
    failed_count: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    preferences: Mapped[dict[str, Any]] = mapped_column(default=dict)

    person: Mapped[Person] = relationship(lazy="joined")

    __table_args__ = (UniqueConstraint("office_id", "username"),)
