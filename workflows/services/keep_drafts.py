"""Keep half-filled forms and uploads on the server, so that nothing entered is lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.errors import InvalidAnswer, NotFound
from workflows.models import Draft, StoredFile, new_id
from workflows.services.desk import Desk
from workflows.storage.unit_of_work import UnitOfWork

LARGEST_FILE = 50 * 1024 * 1024
# What a subject or officer may hand in, by what the content itself says it is.
ACCEPTED_TYPES = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/tiff": ".tif",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/msword": ".doc",
    "application/ofd": ".ofd",
    "text/plain": ".txt",
}


def save_draft(
    work: UnitOfWork, desk: Desk, *, holder: str, place: str, content: Mapping[str, Any]
) -> dict[str, Any]:
    """Keep a half-filled form for its holder; a later one replaces it."""
    text = json.dumps(dict(content), ensure_ascii=False)
    sealed = desk.vault.seal(
        work.session, office_id=work.command.office_id, owner_id=holder[:32], text=text
    )
    draft = find_draft(work.session, holder=holder, place=place)
    if draft is None:
        draft = Draft(
            office_id=work.command.office_id,
            holder=holder,
            place=place,
            content=sealed,
            saved_at=work.command.now,
        )
        work.session.add(draft)
    draft.content = sealed
    draft.saved_at = work.command.now
    return {"saved_at": work.command.now.isoformat()}


def find_draft(session: Session, *, holder: str, place: str) -> Draft | None:
    """Return the holder's draft for that place, or None."""
    query = select(Draft).where(Draft.holder == holder, Draft.place == place)
    return session.scalars(query).first()


def read_draft(session: Session, desk: Desk, *, draft: Draft) -> dict[str, Any]:
    """Return what was entered."""
    text = desk.vault.open(session, owner_id=draft.holder[:32], value=draft.content)
    content: dict[str, Any] = json.loads(text)
    return content


def stage_file(
    work: UnitOfWork, desk: Desk, *, holder: str, name: str, content: bytes, media_type: str
) -> dict[str, Any]:
    """Keep an upload until a form claims it, and return its token.

    Raises InvalidAnswer for a file that is too large, empty, or of a type that is not accepted;
    ``media_type`` is what the content itself says, not its name.
    """
    if not content:
        raise InvalidAnswer("error.file_empty", name=name)
    if len(content) > LARGEST_FILE:
        raise InvalidAnswer("error.file_too_large", name=name, limit=LARGEST_FILE // 2**20)
    if media_type not in ACCEPTED_TYPES:
        raise InvalidAnswer("error.file_type", name=name)
    file = StoredFile(
        id=new_id(),
        office_id=work.command.office_id,
        holder=holder,
        name=name[-200:],
        media_type=media_type,
        size=len(content),
        sha256=desk.files.put(content),
        stored_at=work.command.now,
    )
    work.session.add(file)
    return {"token": file.id, "name": file.name, "size": file.size}


def get_file(session: Session, *, file_id: str, office_id: str) -> StoredFile:
    """Return a stored file of this office, or raise NotFound."""
    file = session.get(StoredFile, file_id)
    if file is None or file.office_id != office_id:
        raise NotFound("error.file_not_found")
    return file
