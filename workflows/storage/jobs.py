"""How whoever sends effects learns of a new one: by sweeping the outbox, or by a job of its own.

The outbox row is the truth and its claim keeps two senders apart; a job only says "now". So a lost
job costs seconds, never an effect, and a doubled one does nothing.
"""

from __future__ import annotations

from typing import Protocol

from sqlalchemy import Connection


class JobQueue(Protocol):
    """Tells the senders of a new effect, in the transaction that wrote it."""

    def announce(self, connection: Connection, *, effect_id: str) -> None:
        """Make a job of the effect; it comes to be only when the transaction commits."""
        ...


class SweptQueue:
    """Embedded: the tick sweeps the outbox every few seconds, so there is nothing to tell."""

    def announce(self, connection: Connection, *, effect_id: str) -> None:
        """Do nothing."""
