"""Chain what was done, so that a later change of an entry shows (foundations: Audit; R93, R147)."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from workflows.events import Command
from workflows.models import AuditEntry, AuditSeal
from workflows.storage.databases import to_json

FIRST_HASH = "0" * 64


def append_entry(
    session: Session, *, command: Command, stream: str, content: dict[str, Any]
) -> None:
    """Add the command's entry to its stream, chained to the entry before it.

    A case's version keeps two commands apart; an office has none, so they queue for its stream.
    """
    if stream.startswith("office:"):
        _lock_stream(session, stream)
    last = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.stream == stream)
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    ).first()
    entry = AuditEntry(
        office_id=command.office_id,
        stream=stream,
        seq=(last.seq if last else 0) + 1,
        at=command.now,
        command=command.name,
        command_id=command.id,
        person_id=command.actor.person_id,
        post_id=command.actor.post_id,
        on_behalf_of=command.actor.on_behalf_of,
        origin=command.actor.origin,
        reason=command.reason,
        content=content,
        previous_hash=last.entry_hash if last else FIRST_HASH,
        entry_hash="",
    )
    entry.entry_hash = hash_entry(entry)
    session.add(entry)


def _lock_stream(session: Session, stream: str) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(stream))))


def hash_entry(entry: AuditEntry) -> str:
    """Return the hash of the entry's canonical text together with the hash before it."""
    canonical = to_json(
        [
            entry.stream,
            entry.seq,
            entry.at.astimezone(UTC).isoformat(),
            entry.command,
            entry.command_id,
            entry.person_id,
            entry.post_id,
            entry.on_behalf_of,
            entry.origin,
            entry.reason,
            entry.content,
            entry.previous_hash,
        ]
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


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
