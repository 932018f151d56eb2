"""Let a visitor whose cookie was lost keep the files already sent: the tokens are the proof."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from workflows.models import Person, StoredFile
from workflows.storage.unit_of_work import UnitOfWork


def adopt_uploads(work: UnitOfWork, *, holder: str, tokens: Collection[str]) -> int:
    """Give staged files of other visitors to this one, and return how many.

    A token is random and known only to the page the file was sent from. Files of a case, and files
    that an officer sent, stay where they are.
    """
    if not tokens:
        return 0
    query = select(StoredFile).where(
        StoredFile.id.in_(tokens),
        StoredFile.office_id == work.command.office_id,
        StoredFile.is_staged.is_(True),
        StoredFile.case_id.is_(None),
        StoredFile.holder != holder,
        StoredFile.holder.not_in(select(Person.id)),
    )
    found = list(work.session.scalars(query))
    for file in found:
        file.holder = holder
    return len(found)
