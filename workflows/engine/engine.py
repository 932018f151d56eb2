"""The door to the engine: values in and out, so that a second engine can stand beside the first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from workflows.engine.bundle import Bundle
from workflows.engine.values import HeldToken, Snapshot


class Operations(Protocol):
    """What a service task may call."""

    def run(
        self, *, operation: str, element: str, item: str | None, variables: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Carry out the operation and return the variables that it sets."""
        ...


class CaseEngine(Protocol):
    """Moves a case; every verb takes a state and returns the next one."""

    name: str
    """Which engine new cases start on, so that what they need can be checked before."""

    def start(
        self,
        *,
        bundle: Bundle,
        start_event: str,
        variables: Mapping[str, Any],
        operations: Operations,
    ) -> Snapshot:
        """Start a case at one of the start events of the main process."""
        ...

    def complete(
        self,
        *,
        bundle: Bundle,
        state: str,
        step_id: str,
        variables: Mapping[str, Any],
        operations: Operations,
    ) -> Snapshot:
        """Complete an open step. Raises Conflict when it is no longer open."""
        ...

    def deliver_message(
        self,
        *,
        bundle: Bundle,
        state: str,
        name: str,
        item: str | None = None,
        variables: Mapping[str, Any],
        operations: Operations,
    ) -> Snapshot:
        """Deliver a message to the one receiver that waits for it.

        Raises Conflict when nobody waits, or when several do and ``item`` does not decide.
        """
        ...

    def fire_timer(
        self, *, bundle: Bundle, state: str, timer_id: str, operations: Operations
    ) -> Snapshot:
        """Fire a waiting timer. Raises Conflict when it no longer waits."""
        ...

    def retry(
        self, *, bundle: Bundle, state: str, failed_id: str, operations: Operations
    ) -> Snapshot:
        """Try a failed automatic step again. Raises Conflict when it no longer waits."""
        ...

    def look(self, *, bundle: Bundle, state: str) -> Snapshot:
        """Return what waits in this state, without moving anything."""
        ...

    def read_variables(self, *, state: str) -> Mapping[str, Any]:
        """Return the variables of the case that gateways and handlers read."""
        ...


class MovingEngine(CaseEngine, Protocol):
    """An engine that also moves tokens where no flow leads, and knows signals from outside."""

    def deliver_signal(
        self,
        *,
        bundle: Bundle,
        state: str,
        name: str,
        variables: Mapping[str, Any],
        operations: Operations,
    ) -> Snapshot:
        """Deliver a signal to all that wait for it in this case; that may be nobody."""
        ...

    def move(
        self, *, bundle: Bundle, state: str, token_id: str, element: str, operations: Operations
    ) -> Snapshot:
        """Put a token on another element; what it leaves is cancelled.

        Raises NotFound when there is no such element, Conflict when the token is gone or cannot be
        put there.
        """
        ...

    def cancel(
        self, *, bundle: Bundle, state: str, token_id: str = "", operations: Operations
    ) -> Snapshot:
        """Take a token away with all that runs inside it, or end the case when none is named.

        Raises Conflict when the token is gone.
        """
        ...

    def list_tokens(self, *, bundle: Bundle, state: str) -> tuple[HeldToken, ...]:
        """Return every token with its element, for those who move or cancel one."""
        ...
