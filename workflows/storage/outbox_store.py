"""Hand out what waits in the outbox, each effect to one sender at a time, and note the result.

These are short transactions of the outbox's own bookkeeping; no case moves in them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select, update

from workflows.models import Outbox
from workflows.storage.databases import Sessions
from workflows.storage.statements import Insertion, Query

# A sender that dies loses its claim after this long, and somebody else sends with the same key.
CLAIM = timedelta(minutes=2)


@dataclass(frozen=True)
class Effect:
    """One effect as claimed: ``attempts`` counts this one too."""

    id: str
    office_id: str
    case_id: str | None
    kind: str
    key: str
    payload: Mapping[str, Any]
    attempts: int
    created_at: datetime


EFFECT_OF_KEY: Query[str] = Query(
    select(Outbox.id).where(Outbox.key == bindparam("key")), lambda values: values[0]
)
ADD_EFFECT = Insertion(Outbox)


def claim_due(
    sessions: Sessions,
    *,
    now: datetime,
    limit: int = 50,
    office_id: str | None = None,
    effect_id: str | None = None,
) -> list[Effect]:
    """Claim waiting effects in due order, skipping what another sender holds.

    ``effect_id`` claims that one only, if it is due and nobody has it.
    """
    query = (
        select(Outbox)
        .where(
            Outbox.status == "waiting",
            Outbox.due_at <= now,
            or_(Outbox.claimed_until.is_(None), Outbox.claimed_until <= now),
        )
        .order_by(Outbox.due_at, Outbox.created_at, Outbox.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if office_id is not None:
        query = query.where(Outbox.office_id == office_id)
    if effect_id is not None:
        query = query.where(Outbox.id == effect_id)
    with sessions.begin() as session:
        rows = list(session.scalars(query))
        for row in rows:
            row.claimed_until = now + CLAIM
            row.attempts += 1
        return [_effect_of(row) for row in rows]


def mark_sent(sessions: Sessions, *, effect_id: str, now: datetime) -> None:
    """Note that the receiver has the effect."""
    _set(
        sessions,
        effect_id,
        {"status": "sent", "sent_at": now, "claimed_until": None, "last_error": {}},
    )


def mark_all_sent(
    sessions: Sessions, *, office_id: str, kinds: Collection[str], now: datetime
) -> int:
    """Note that every waiting effect of these kinds went out, and return how many did.

    For an office whose letters and mails go nowhere, as in a simulation: one statement for all.
    """
    waiting = update(Outbox).where(
        Outbox.office_id == office_id,
        Outbox.kind.in_(kinds),
        Outbox.status == "waiting",
        Outbox.due_at <= now,
    )
    with sessions.begin() as session:
        result = session.execute(waiting.values(status="sent", sent_at=now))
        return int(getattr(result, "rowcount", 0))


def mark_failed(
    sessions: Sessions,
    *,
    effect_id: str,
    now: datetime,
    error: Mapping[str, Any],
    retry_at: datetime | None,
) -> None:
    """Note the cause and when the next attempt is due; without one the effect is given up."""
    values: dict[str, Any] = {
        "status": "waiting" if retry_at else "given_up",
        "claimed_until": None,
        "last_error": {**error, "at": now.isoformat()},
    }
    if retry_at is not None:
        values["due_at"] = retry_at
    _set(sessions, effect_id, values)


def count_waiting(sessions: Sessions, *, office_id: str | None = None) -> int:
    """Return how many effects have not been sent yet."""
    query = select(Outbox.id).where(Outbox.status == "waiting")
    if office_id is not None:
        query = query.where(Outbox.office_id == office_id)
    with sessions() as session:
        return len(session.scalars(query).all())


def _set(sessions: Sessions, effect_id: str, values: dict[str, Any]) -> None:
    with sessions.begin() as session:
        session.execute(update(Outbox).where(Outbox.id == effect_id).values(**values))


def _effect_of(row: Outbox) -> Effect:
    return Effect(
        id=row.id,
        office_id=row.office_id,
        case_id=row.case_id,
        kind=row.kind,
        key=row.key,
        payload=dict(row.payload),
        attempts=row.attempts,
        created_at=row.created_at,
    )
