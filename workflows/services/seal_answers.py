"""Keep personal data out of what is stored of a form: it goes through the vault, or nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from workflows.models import Sealed
from workflows.services.desk import Desk
from workflows.storage.unit_of_work import UnitOfWork

# Where the enciphered answers stand in the stored content, each under its question's key.
SEALED = "sealed"


def seal_answers(
    work: UnitOfWork, desk: Desk, *, case_id: str, answers: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the protected answers as they may be stored; empty ones are left out."""
    sealed = {
        key: desk.vault.seal(
            work, office_id=work.command.office_id, owner_id=case_id, text=str(value)
        ).hex()
        for key, value in answers.items()
        if value not in (None, "")
    }
    return {SEALED: sealed} if sealed else {}


def open_answers(
    session: Session, desk: Desk, *, case_id: str, content: Mapping[str, Any]
) -> dict[str, str]:
    """Return the protected answers of a stored form in plain words."""
    return {
        str(key): desk.vault.open(
            session, owner_id=case_id, value=Sealed(bytes.fromhex(str(value)))
        )
        for key, value in dict(content.get(SEALED) or {}).items()
    }
