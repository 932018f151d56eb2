"""Chain what was done, so that a later change of an entry shows (foundations: Audit; R93, R147)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, select, text
from sqlalchemy.orm import Session

from workflows.events import Command
from workflows.models import AuditEntry, AuditSeal
from workflows.storage.databases import to_json
from workflows.storage.statements import Change, Insertion, Query

FIRST_HASH = "0" * 64
CASE_STREAM = "case:"
# In this order for ever: a stored hash is the hash of just this text.
HASHED = (
    "stream",
    "seq",
    "at",
    "command",
    "command_id",
    "person_id",
    "post_id",
    "on_behalf_of",
    "origin",
    "reason",
    "content",
    "previous_hash",
)
_AT = HASHED.index("at")
_HASHED_OF = itemgetter(*HASHED)


class Head(NamedTuple):
    """The last entry of a stream."""

    seq: int
    entry_hash: str


LAST_ENTRY = Query(
    select(AuditEntry.seq, AuditEntry.entry_hash)
    .where(AuditEntry.stream == bindparam("stream"))
    .order_by(AuditEntry.seq.desc())
    .limit(1),
    Head._make,
)
ADD_ENTRY = Insertion(AuditEntry)


def next_entry(
    last: Head | None, *, command: Command, stream: str, content: Mapping[str, Any]
) -> tuple[Change, Mapping[str, Any]]:
    """Return the command's entry, chained to the last one of its stream."""
    last = last or Head(seq=0, entry_hash=FIRST_HASH)
    entry: dict[str, Any] = {
        "office_id": command.office_id,
        "stream": stream,
        "seq": last.seq + 1,
        "at": command.now,
        "command": command.name,
        "command_id": command.id,
        "person_id": command.actor.person_id,
        "post_id": command.actor.post_id,
        "on_behalf_of": command.actor.on_behalf_of,
        "origin": command.actor.origin,
        "reason": command.reason,
        "content": content,
        "previous_hash": last.entry_hash,
    }
    entry["entry_hash"] = _hash(list(_HASHED_OF(entry)))
    return ADD_ENTRY, entry


def case_stream(case_id: str) -> str:
    """Return the name of a case's stream."""
    return f"{CASE_STREAM}{case_id}"


def lock_stream(connection: Connection, stream: str) -> None:
    """Let commands of an office queue for its stream; a case's version keeps its own apart."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(stream))))


def hash_entry(entry: AuditEntry) -> str:
    """Return the hash of the entry's canonical text together with the hash before it."""
    return _hash([getattr(entry, name) for name in HASHED])


def _hash(values: list[Any]) -> str:
    # As text in the form of ISO 8601, which JSON gives it.
    values[_AT] = values[_AT].astimezone(UTC)
    return hashlib.sha256(to_json(values).encode()).hexdigest()


def broken_entries(session: Session, *, office_id: str) -> list[tuple[str, int]]:
    """Return (stream, seq) of each entry whose hash or link no longer fits."""
    broken: list[tuple[str, int]] = []
    heads: dict[str, tuple[int, str]] = {}
    query = select(AuditEntry).where(AuditEntry.office_id == office_id)
    for entry in session.scalars(query.order_by(AuditEntry.stream, AuditEntry.seq)):
        seq, previous = heads.get(entry.stream, (0, FIRST_HASH))
        is_whole = entry.seq == seq + 1 and entry.previous_hash == previous
        if not is_whole or hash_entry(entry) != entry.entry_hash:
            broken.append((entry.stream, entry.seq))
        heads[entry.stream] = (entry.seq, entry.entry_hash)
    return broken


def seal_heads(session: Session, *, office_id: str, now: datetime) -> AuditSeal | None:
    """Seal the heads of all streams into the office's chain, or return None if nothing is new.

    On PostgreSQL an entry gets its id before it is committed: wait for those under way, or one of
    them would slip in below the seal and look like a forgery.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE audit_entry IN SHARE MODE"))
    newest = session.scalar(
        select(func.max(AuditEntry.id)).where(AuditEntry.office_id == office_id)
    )
    last = session.scalars(
        select(AuditSeal)
        .where(AuditSeal.office_id == office_id)
        .order_by(AuditSeal.id.desc())
        .limit(1)
    ).first()
    sealed_to = last.last_entry_id if last else 0
    if newest is None or newest <= sealed_to:
        return None
    seal = AuditSeal(
        office_id=office_id,
        sealed_at=now,
        last_entry_id=newest,
        heads_hash=_hash_between(session, office_id=office_id, after=sealed_to, until=newest),
        previous_hash=last.seal_hash if last else FIRST_HASH,
        seal_hash="",
    )
    seal.seal_hash = hash_seal(seal)
    session.add(seal)
    return seal


def hash_seal(seal: AuditSeal) -> str:
    """Return the hash of what a seal covers together with the seal before it."""
    at = seal.sealed_at.astimezone(UTC).isoformat()
    words = [seal.office_id, at, seal.last_entry_id, seal.heads_hash, seal.previous_hash]
    return hashlib.sha256(to_json(words).encode()).hexdigest()


def broken_seals(session: Session, *, office_id: str) -> list[datetime]:
    """Return when the seals were set that no longer fit: an entry was taken away or rewritten.

    A chain alone cannot tell that its last entries are gone, or all of it; the seal over it can.
    """
    broken: list[datetime] = []
    sealed_to, previous = 0, FIRST_HASH
    query = select(AuditSeal).where(AuditSeal.office_id == office_id).order_by(AuditSeal.id)
    for seal in session.scalars(query):
        found = _hash_between(
            session, office_id=office_id, after=sealed_to, until=seal.last_entry_id
        )
        is_whole = seal.previous_hash == previous and seal.seal_hash == hash_seal(seal)
        if not is_whole or found != seal.heads_hash:
            broken.append(seal.sealed_at)
        sealed_to, previous = seal.last_entry_id, seal.seal_hash
    return broken


def _hash_between(session: Session, *, office_id: str, after: int, until: int) -> str:
    """Return the hash over the entries that one seal covers."""
    hashes = session.execute(
        select(AuditEntry.id, AuditEntry.entry_hash)
        .where(AuditEntry.office_id == office_id)
        .where(AuditEntry.id > after, AuditEntry.id <= until)
        .order_by(AuditEntry.id)
    ).all()
    return hashlib.sha256(to_json([list(row) for row in hashes]).encode()).hexdigest()
