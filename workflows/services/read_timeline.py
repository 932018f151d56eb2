"""Read what happened in a case, newest first, with the names of those who did it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from workflows.models import Event, Person, Task

# Marks of the engine on its way; the page shows them in the diagram, not in sentences.
NOT_TOLD = ("moved", "task_opened", "timer_fired")


@dataclass(frozen=True)
class TimelineEntry:
    """One thing that happened; ``person`` is empty for the system and for the subject."""

    id: int
    kind: str
    facts: Mapping[str, Any]
    at: datetime
    person: str
    is_public: bool


# Asked by every page of a case, so it is put together once.
_TOLD = (
    select(Event.id, Event.kind, Event.facts, Event.at, Person.name, Event.is_public)
    .outerjoin(Person, Person.id == Event.person_id)
    .where(Event.case_id == bindparam("case_id"), Event.kind.not_in(NOT_TOLD))
    .order_by(Event.id.desc())
    .limit(bindparam("limit"))
)


def list_happenings(
    session: Session, *, case_id: str, limit: int = 500, before: int | None = None
) -> list[TimelineEntry]:
    """Return the happenings of a case, newest first; ``before`` pages on by id."""
    query = _TOLD if before is None else _TOLD.where(Event.id < before)
    return [
        TimelineEntry(
            id=row.id,
            kind=row.kind,
            facts=row.facts,
            at=row.at,
            person=row.name or "",
            is_public=row.is_public,
        )
        for row in session.execute(query, {"case_id": case_id, "limit": limit})
    ]


def list_passed(session: Session, *, case_id: str) -> list[tuple[str, str | None]]:
    """Return the elements a case has passed, in order, each with the branch it belongs to."""
    query = select(Event.facts).where(Event.case_id == case_id, Event.kind == "moved")
    passed: list[tuple[str, str | None]] = []
    for facts in session.scalars(query.order_by(Event.id)):
        passed += [(str(element), item) for element, item in facts.get("passed", [])]
    return passed


def find_last_done(session: Session, *, case_id: str, element: str) -> Task | None:
    """Return the newest finished task of that step in the case, or None."""
    query = select(Task).where(
        Task.case_id == case_id, Task.element == element, Task.status == "done"
    )
    return session.scalars(query.order_by(Task.done_at.desc(), Task.id)).first()
