"""The province as a simulated office meets it: it answers days later, and rejects some reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from notifications.channels.channel import Channel, Receipt
from workflows.storage.outbox_store import Effect


@dataclass
class SimulatedProvince(Channel):
    """Keeps each report once per key and answers when its day has come."""

    clock: Callable[[], datetime]
    seed: int
    after_days: list[int]
    rejects_share: float
    times_received: dict[str, int] = field(default_factory=dict)
    _waiting: list[tuple[datetime, dict[str, Any]]] = field(default_factory=list)

    def send(self, effect: Effect) -> Receipt:
        """Take a report; a repeat under the same key is the same report."""
        self.times_received[effect.key] = self.times_received.get(effect.key, 0) + 1
        if self.times_received[effect.key] == 1:
            # Each report has its own luck, so that the order in which they leave does not matter.
            dice = Random(
                f"{self.seed}:{effect.payload['case_number']}:{effect.payload['attempt']}"
            )
            answer_at = self.clock() + timedelta(days=dice.choice(self.after_days))
            rejects = dice.random() < self.rejects_share
            self._waiting.append((answer_at, _answer(effect, answer_at, rejects=rejects)))
        return Receipt(reference=f"R-{effect.key}")

    def take_due(self, now: datetime) -> list[dict[str, Any]]:
        """Return the answers that have come by now, and forget them."""
        due = [answer for at, answer in self._waiting if at <= now]
        self._waiting = [each for each in self._waiting if each[0] > now]
        return due


def _answer(effect: Effect, at: datetime, *, rejects: bool) -> dict[str, Any]:
    return {
        "message_id": f"answer:{effect.key}",
        "kind": "report_rejected" if rejects else "report_acknowledged",
        "payload": {
            "report_key": effect.key,
            "receipt": f"R-{effect.key}",
            "decided_at": at.isoformat(),
            **({"reason": "字段与省平台不一致"} if rejects else {}),
        },
    }
