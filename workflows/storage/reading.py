"""Reading: a session for a page, and queries that go through it or through a command."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy.orm import Session

from workflows.storage.databases import Sessions, reading
from workflows.storage.objects import flush_for
from workflows.storage.statements import Query
from workflows.storage.unit_of_work import UnitOfWork

Row = TypeVar("Row")


def read_session(sessions: Sessions) -> Session:
    """Return a session for reading only; close it, never commit it."""
    return reading(sessions())


# What reads: a page's session, or a command, which may have no session.
Source = Session | UnitOfWork


def read_all(source: Source, query: Query[Row], **values: Any) -> list[Row]:
    """Return the query's rows as the source sees them now."""
    if isinstance(source, UnitOfWork):
        return source.all(query, **values)
    flush_for(source, query.tables)
    return query.all(source.connection(), **values)


def read_one(source: Source, query: Query[Row], **values: Any) -> Row | None:
    """Return the query's first row as the source sees it now, or None."""
    if isinstance(source, UnitOfWork):
        return source.one(query, **values)
    flush_for(source, query.tables)
    return query.one(source.connection(), **values)
