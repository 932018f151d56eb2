"""Two engines behind one door: a case starts on the chosen one, and stays on the one it began on.

A saved state says in its first words which engine wrote it, and no engine reads the other's. So the
setting can be changed at any time: cases that run go on with the engine they began with.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from workflows.engine.bundle import Bundle
from workflows.engine.engine import CaseEngine, MovingEngine, Operations
from workflows.engine.spiff import codec
from workflows.engine.spiff.engine import SpiffEngine
from workflows.engine.token import instance
from workflows.engine.token.engine import TokenEngine
from workflows.engine.values import HeldToken, Snapshot
from workflows.errors import Conflict, DiagramError

TOKEN: Final = "token"
SPIFF: Final = "spiff"
NAMES: Final = (TOKEN, SPIFF)

_FORMAT = re.compile(r'"format":\s*"([a-z0-9-]{1,40})"')


class Engines:
    """Implements ``MovingEngine`` by passing each case on to the engine that its state names."""

    def __init__(self, name: str = TOKEN) -> None:
        """Start new cases on the engine of this name, one of ``NAMES``."""
        self.name = name
        self._token = TokenEngine()
        self._spiff = SpiffEngine()
        named: Mapping[str, CaseEngine] = {TOKEN: self._token, SPIFF: self._spiff}
        self._first = named[name]
        self._by_format: Mapping[str, CaseEngine] = {
            instance.FORMAT: self._token,
            codec.FORMAT: self._spiff,
        }

    def start(
        self,
        *,
        bundle: Bundle,
        start_event: str,
        variables: Mapping[str, Any],
        operations: Operations,
    ) -> Snapshot:
        """Start a case on the chosen engine. Raises NotFound when there is no such start event."""
        return self._first.start(
            bundle=bundle, start_event=start_event, variables=variables, operations=operations
        )

    def complete(self, *, bundle: Bundle, state: str, **given: Any) -> Snapshot:
        """Complete an open step. Raises Conflict when it is no longer open."""
        return self._of(state).complete(bundle=bundle, state=state, **given)

    def deliver_message(self, *, bundle: Bundle, state: str, **given: Any) -> Snapshot:
        """Deliver a message. Raises Conflict when no one receiver waits for it."""
        return self._of(state).deliver_message(bundle=bundle, state=state, **given)

    def fire_timer(self, *, bundle: Bundle, state: str, **given: Any) -> Snapshot:
        """Fire a waiting timer. Raises Conflict when it no longer waits."""
        return self._of(state).fire_timer(bundle=bundle, state=state, **given)

    def retry(self, *, bundle: Bundle, state: str, **given: Any) -> Snapshot:
        """Try a failed automatic step again. Raises Conflict when it no longer waits."""
        return self._of(state).retry(bundle=bundle, state=state, **given)

    def look(self, *, bundle: Bundle, state: str) -> Snapshot:
        """Return what waits in this state, without moving anything."""
        return self._of(state).look(bundle=bundle, state=state)

    def read_variables(self, *, state: str) -> Mapping[str, Any]:
        """Return the variables of the case that gateways and handlers read."""
        return self._of(state).read_variables(state=state)

    def deliver_signal(self, *, bundle: Bundle, state: str, **given: Any) -> Snapshot:
        """Deliver a signal. Raises Conflict when the case's engine knows no signals."""
        return self._moving(state).deliver_signal(bundle=bundle, state=state, **given)

    def move(self, *, bundle: Bundle, state: str, **given: Any) -> Snapshot:
        """Put a token on another element. Raises Conflict when the case's engine cannot."""
        return self._moving(state).move(bundle=bundle, state=state, **given)

    def cancel(self, *, bundle: Bundle, state: str, **given: Any) -> Snapshot:
        """Take a token away. Raises Conflict when the case's engine cannot."""
        return self._moving(state).cancel(bundle=bundle, state=state, **given)

    def list_tokens(self, *, bundle: Bundle, state: str) -> tuple[HeldToken, ...]:
        """Return every token. Raises Conflict when the case's engine cannot tell."""
        return self._moving(state).list_tokens(bundle=bundle, state=state)

    def _of(self, state: str) -> CaseEngine:
        """Return the engine that wrote the state. Raises DiagramError when none of ours did."""
        if state.startswith(instance.FIRST_WORDS):
            return self._token
        found = _FORMAT.search(state)
        if found is None or found[1] not in self._by_format:
            raise DiagramError("error.engine.state_unreadable")
        return self._by_format[found[1]]

    def _moving(self, state: str) -> MovingEngine:
        engine = self._of(state)
        if engine is not self._token:
            raise Conflict("error.engine.cannot_move_here")
        return self._token
