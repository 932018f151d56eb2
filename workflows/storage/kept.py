"""What a session has read once and may rely on until it changes it itself.

One command asks many times for the office, its rules, its calendar and the clocks of its case. The
database is asked once; what is kept is dropped when a flush changes such rows or a savepoint is
rolled back, so that a session never sees anything but its own present state.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any, Protocol, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import Session

from workflows.models import (
    CalendarNotice,
    CaseClock,
    CatalogueSupplement,
    Deployment,
    Office,
    RuleConfirmation,
)

KEPT = "kept"
# Under which name the newest answers of a case are kept, and forgotten when one comes.
ANSWERS_KEPT = "answers"
RELIED_ON = (
    CalendarNotice,
    CaseClock,
    CatalogueSupplement,
    Deployment,
    Office,
    RuleConfirmation,
)
Value = TypeVar("Value")


class Keeper(Protocol):
    """A session, or a unit of work, which has its session's ``info`` once it has a session."""

    @property
    def info(self) -> dict[Any, Any]: ...


def keep(source: Keeper, key: tuple[str, str], read: Callable[[], Value]) -> Value:
    """Return what is kept under the key, read now if it has not been read yet."""
    known: dict[tuple[str, str], Any] = source.info.setdefault(KEPT, {})
    if key not in known:
        known[key] = read()
    value: Value = known[key]
    return value


def forget(source: Keeper, key: tuple[str, str]) -> None:
    """Drop what is kept under the key, for it has changed."""
    source.info.get(KEPT, {}).pop(key, None)


@event.listens_for(Session, "after_flush")
def _drop_changed(session: Session, _context: object) -> None:
    """Drop everything when rows came or went; changed clocks are the kept objects themselves."""
    changed = (row for row in session.dirty if not isinstance(row, CaseClock))
    if any(isinstance(row, RELIED_ON) for row in chain(session.new, changed, session.deleted)):
        session.info.pop(KEPT, None)


@event.listens_for(Session, "after_soft_rollback")
def _drop_all(session: Session, _transaction: object) -> None:
    session.info.pop(KEPT, None)
