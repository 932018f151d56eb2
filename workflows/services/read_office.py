"""Find the office that a page, a timer or a command works for."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.models import Office
from workflows.services.desk import OfficeRow


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Where a subject reaches the people who handle objections; an empty part is not shown."""

    desk: str
    phone: str
    address: str
    hours: str = ""
    desk_en: str = ""
    address_en: str = ""
    hours_en: str = ""


def find_contact(office: Office | OfficeRow) -> Contact | None:
    """Return the office's setting ``contact``, or None while it has none."""
    setting = office.settings.get("contact")
    return Contact(**setting) if setting else None


def find_office(session: Session, *, code: str) -> Office | None:
    """Return the office with this code, or None."""
    return session.scalars(select(Office).where(Office.code == code)).first()


def find_first_office(session: Session) -> Office | None:
    """Return the installation's first office, or None while there is none."""
    return session.scalars(select(Office).order_by(Office.code).limit(1)).first()


def list_office_ids(session: Session) -> list[str]:
    """Return the ids of the offices of this installation."""
    return list(session.scalars(select(Office.id).order_by(Office.code)))
