"""What the engine says about a case, as plain values that outlive any engine library.

Named tuples, because each move makes a dozen: a frozen dataclass takes five times as long to make.
"""

from __future__ import annotations

from typing import NamedTuple

from workflows.errors import CaseworkError


class OpenStep(NamedTuple):
    """A box in the diagram that waits for a person; ``id`` survives saving."""

    id: str
    element: str
    item: str | None = None


class TimerWait(NamedTuple):
    """A timer event that waits for its point on a clock; the service computes the instant."""

    id: str
    element: str
    clock: str
    point: str
    item: str | None = None


class MessageWait(NamedTuple):
    """An event that waits for a message of this name."""

    element: str
    name: str
    item: str | None = None


class SignalWait(NamedTuple):
    """An event that waits for a signal of this name; a signal reaches all that wait for it."""

    element: str
    name: str
    item: str | None = None


class HeldToken(NamedTuple):
    """A token that stands somewhere in a case, so that it can be moved or cancelled."""

    id: str
    element: str
    scope: str
    item: str | None = None


class RaisedError(CaseworkError):
    """An operation ended in an error that the diagram may catch by its code."""

    def __init__(self, code: str) -> None:
        """Keep the code that an error event in the diagram may name."""
        super().__init__("error.engine.error_raised", code=code)
        self.code = code


class FailedOperation(NamedTuple):
    """An automatic step that failed and waits for a retry.

    ``cause`` is the real error in the move in which it happened, and None later: a saved state
    does not carry it, the incident does. ``operation`` is the operation of a service task, the
    decision of a business-rule task, and empty for a gateway whose conditions did not decide.
    """

    id: str
    element: str
    operation: str
    item: str | None = None
    cause: BaseException | None = None


class PassedElement(NamedTuple):
    """An element that was completed in this move."""

    element: str
    item: str | None = None


class Snapshot(NamedTuple):
    """A case after a move: its new state, what waits, and what happened on the way.

    ``active`` names every element that holds a token, enclosing sub-processes and calls included.
    ``sent`` names the messages thrown in this move that nobody inside the case waited for,
    ``signalled`` the signals thrown in it, whether somebody inside the case heard them or not.
    """

    state: str
    steps: tuple[OpenStep, ...] = ()
    timers: tuple[TimerWait, ...] = ()
    messages: tuple[MessageWait, ...] = ()
    failed: tuple[FailedOperation, ...] = ()
    passed: tuple[PassedElement, ...] = ()
    ended: tuple[str, ...] = ()
    is_finished: bool = False
    active: tuple[str, ...] = ()
    sent: tuple[str, ...] = ()
    signals: tuple[SignalWait, ...] = ()
    signalled: tuple[str, ...] = ()
