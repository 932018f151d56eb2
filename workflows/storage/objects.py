"""What a session's objects and the prepared statements beside them have to know of each other."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import bindparam, inspect, select
from sqlalchemy.orm import Session, joinedload, undefer

from workflows.models import Case, CreditRecord
from workflows.storage.case_rows import CLOSE_CASE, MOVE_CASE, TOUCH_CASE
from workflows.storage.statements import Change

# Built once, for to build it costs as much as to run it. The record comes along, but not whom it is
# about, nearly always the case's own subject, nor who recognised it, which no command asks.
_RECORD = joinedload(Case.record)
_CASE = (
    select(Case)
    .options(undefer(Case.engine_state))
    .options(_RECORD.lazyload(CreditRecord.subject), _RECORD.lazyload(CreditRecord.recogniser))
    .where(Case.id == bindparam("case_id"))
)
_MOVED = frozenset(("engine_state", "stage"))
_WRITES = (
    (frozenset[str](), TOUCH_CASE),
    (_MOVED, MOVE_CASE),
    (_MOVED | {"status", "closed_at"}, CLOSE_CASE),
)


def find_case(session: Session, case_id: str) -> Case | None:
    """Return the case as an object, its engine's state included, or None."""
    return session.scalars(_CASE, {"case_id": case_id}).first()


def take_change(
    session: Session, case: Case, *, now: datetime
) -> tuple[Change, dict[str, Any]] | None:
    """Take the case out of the session and return the change that writes it.

    Return None and leave it there when more has changed than a move changes.
    """
    changed = _attributes() - inspect(case).unmodified
    columns, change = next((each for each in _WRITES if changed <= each[0]), (None, TOUCH_CASE))
    if columns is None:
        return None
    session.expunge(case)
    guard = {"case_id": case.id, "known_version": case.version, "now": now}
    return change, guard | {name: getattr(case, name) for name in columns}


@lru_cache(maxsize=1)
def _attributes() -> frozenset[str]:
    return frozenset(inspect(Case).attrs.keys())


def flush_for(session: Session, tables: Collection[str]) -> None:
    """Write the session's objects if one of them belongs into these tables."""
    unwritten = chain(session.new, session.dirty, session.deleted)
    if any(each.__tablename__ in tables for each in unwritten):
        session.flush()


def forget_objects(session: Session, table: str) -> None:
    """Let the session read again what was changed behind its back."""
    objects: list[Any] = list(session.identity_map.values())
    for known in objects:
        if known.__tablename__ == table:
            session.expire(known)
