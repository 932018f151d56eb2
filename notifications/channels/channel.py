"""What every channel promises: send one effect, say what the receiver answered, or raise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from workflows.errors import (
    InvalidAnswer,
    NotAllowed,
    NotFound,
    OutsideServiceFailed,
    RuleMissing,
)
from workflows.storage.outbox_store import Effect

WRONG_HERE = (InvalidAnswer, NotAllowed, NotFound, RuleMissing)


@dataclass(frozen=True)
class Receipt:
    """The receiver's word that it has the effect, such as a receipt number or a Message-ID."""

    reference: str


class Channel(Protocol):
    """Sends effects of one kind, at least once, always under the effect's key."""

    def send(self, effect: Effect) -> Receipt:
        """Send the effect. Raises OutsideServiceFailed with the real cause."""
        ...


def refused(key: str, **facts: Any) -> OutsideServiceFailed:
    """Return a failure that sending the same again cannot cure, so that a person looks at it."""
    return OutsideServiceFailed(key, permanent=True, **facts)


def is_refusal(error: BaseException) -> bool:
    """Say whether sending the same effect again is of no use: refused there, or wrong here."""
    if isinstance(error, OutsideServiceFailed):
        return bool(error.facts.get("permanent"))
    return isinstance(error, WRONG_HERE)
