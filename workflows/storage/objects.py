"""What a session's objects and the prepared statements beside them have to know of each other."""

from __future__ import annotations

from collections.abc import Collection
from itertools import chain

from sqlalchemy import inspect
from sqlalchemy.orm import Session


def flush_for(session: Session, tables: Collection[str]) -> None:
    """Write the session's objects if one of them belongs into these tables."""
    unwritten = chain(session.new, session.dirty, session.deleted)
    if any(inspect(each).mapper.local_table.name in tables for each in unwritten):
        session.flush()


def forget_objects(session: Session, table: str) -> None:
    """Let the session read again what was changed behind its back."""
    for known in list(session.identity_map.values()):
        if inspect(known).mapper.local_table.name == table:
            session.expire(known)
