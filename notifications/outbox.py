"""Sends what waits in the outbox: at least once, under the effect's key, with the cause kept.

An effect is claimed, sent through its channel and noted as sent. A process that dies in between
leaves a claim that runs out, and the next sender repeats it under the same key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from notifications.channels.channel import Channel, Receipt, is_refusal, refused
from workflows.services.move_case import describe_cause
from workflows.services.settle_effect import settle_failed, settle_sent
from workflows.storage.databases import Sessions
from workflows.storage.outbox_store import Effect, claim_due, mark_failed
from workflows.storage.unit_of_work import CommandBus

DELAYS = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
)


@dataclass(frozen=True)
class RetryPolicy:
    """When a failed effect is tried again, and when people are told of it.

    Delays are taken in turn; the last one repeats for ever, because a report that the law asks for
    is never given up by a machine. Only a refusal ends the attempts: then a person must act.
    """

    delays: tuple[timedelta, ...] = DELAYS
    max_attempts_before_incident: int = 3

    def next_attempt(
        self, *, attempts: int, now: datetime, error: BaseException
    ) -> datetime | None:
        """Return when to try again after so many attempts, or None after a refusal."""
        if is_refusal(error):
            return None
        return now + self.delays[min(attempts, len(self.delays)) - 1]

    def is_incident(self, *, attempts: int, error: BaseException) -> bool:
        """Say whether people must hear of the failure: at once after a refusal."""
        return is_refusal(error) or attempts >= self.max_attempts_before_incident


@dataclass(frozen=True)
class Outcome:
    """What became of one effect."""

    effect: Effect
    receipt: Receipt | None = None
    error: BaseException | None = None
    retry_at: datetime | None = None


class OutboxStore(Protocol):
    """Hands out effects, each to one sender at a time, and notes the result."""

    def claim(self, *, now: datetime, limit: int, effect_id: str | None = None) -> list[Effect]: ...

    def note_sent(self, *, effect: Effect, receipt: Receipt, now: datetime) -> None: ...

    def note_failed(
        self,
        *,
        effect: Effect,
        error: BaseException,
        retry_at: datetime | None,
        is_incident: bool,
        now: datetime,
    ) -> None: ...


@dataclass(frozen=True)
class Dispatcher:
    """Sends claimed effects through the channel of their kind, one after the other."""

    store: OutboxStore
    channels: Mapping[str, Channel]
    policy: RetryPolicy = RetryPolicy()

    def send_due(self, *, now: datetime, limit: int = 50) -> list[Outcome]:
        """Send what is due and return what became of each effect; one failure stops no other.

        Effects are claimed one at a time, so that no claim runs out behind a slow receiver.
        """
        outcomes: list[Outcome] = []
        while len(outcomes) < limit:
            claimed = self.store.claim(now=now, limit=1)
            if not claimed:
                break
            outcomes += [self._send(effect, now) for effect in claimed]
        return outcomes

    def send_one(self, *, effect_id: str, now: datetime) -> Outcome | None:
        """Send that effect; nothing happens when it is sent, not due, or in other hands."""
        claimed = self.store.claim(now=now, limit=1, effect_id=effect_id)
        return self._send(claimed[0], now) if claimed else None

    def _send(self, effect: Effect, now: datetime) -> Outcome:
        try:
            receipt = self._channel(effect.kind).send(effect)
        except Exception as error:
            # Whatever went wrong must not stop the effects behind it; the cause is kept in full.
            return self._note_failure(effect, error, now)
        self.store.note_sent(effect=effect, receipt=receipt, now=now)
        return Outcome(effect=effect, receipt=receipt)

    def _channel(self, kind: str) -> Channel:
        if kind not in self.channels:
            raise refused("error.channel_unknown", kind=kind)
        return self.channels[kind]

    def _note_failure(self, effect: Effect, error: Exception, now: datetime) -> Outcome:
        retry_at = self.policy.next_attempt(attempts=effect.attempts, now=now, error=error)
        self.store.note_failed(
            effect=effect,
            error=error,
            retry_at=retry_at,
            is_incident=self.policy.is_incident(attempts=effect.attempts, error=error),
            now=now,
        )
        return Outcome(effect=effect, error=error, retry_at=retry_at)


@dataclass(frozen=True)
class CaseOutbox:
    """The outbox table of the core: failures that last become incidents on their case."""

    sessions: Sessions
    bus: CommandBus

    def claim(self, *, now: datetime, limit: int, effect_id: str | None = None) -> list[Effect]:
        """Claim due effects; a claim runs out, so that a sender that died loses nothing."""
        return claim_due(self.sessions, now=now, limit=limit, effect_id=effect_id)

    def note_sent(self, *, effect: Effect, receipt: Receipt, now: datetime) -> None:
        """Note that the receiver has the effect, and resolve its incident if it had one."""
        settle_sent(self.sessions, self.bus, effect=effect, now=now)

    def note_failed(
        self,
        *,
        effect: Effect,
        error: BaseException,
        retry_at: datetime | None,
        is_incident: bool,
        now: datetime,
    ) -> None:
        """Note the cause and the next attempt; a lasting failure shows on the case."""
        if is_incident:
            settle_failed(
                self.sessions, self.bus, effect=effect, cause=error, now=now, retry_at=retry_at
            )
            return
        key, facts = describe_cause(error)
        mark_failed(
            self.sessions,
            effect_id=effect.id,
            now=now,
            error={"key": key, "facts": facts},
            retry_at=retry_at,
        )
