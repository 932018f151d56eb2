"""How the platform behaves: at once or later, accepting, rejecting, or down."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, replace
from typing import Any


class ControlWrong(ValueError):
    """A control value cannot be used; the argument names the field."""


@dataclass(frozen=True)
class Control:
    """``reject`` is a pattern looked for in a report; ``reject_times`` None means always."""

    down: bool = False
    ack_after: float = 2.0
    reject: str = ""
    reject_times: int | None = None

    def rejects(self, text: str) -> bool:
        """Say whether a report with this text is to be rejected."""
        left = self.reject_times is None or self.reject_times > 0
        return bool(self.reject) and left and re.search(self.reject, text) is not None

    def changed(self, values: dict[str, Any]) -> Control:
        """Return the control with these values. Raises ControlWrong naming the field."""
        for name, value in values.items():
            if name not in _CHECKS or not _CHECKS[name](value):
                raise ControlWrong(name)
        return replace(self, **values)


def _is_pattern(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        re.compile(value)
    except re.error:
        return False
    return True


def _is_count(value: Any) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0)


def _is_seconds(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


_CHECKS = {
    "down": lambda value: isinstance(value, bool),
    "ack_after": _is_seconds,
    "reject": _is_pattern,
    "reject_times": _is_count,
}


class Behaviour:
    """The control in force, shared by the HTTP side and the courier; a restart begins anew."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._lock = threading.Lock()

    @property
    def now(self) -> Control:
        """Return the control in force."""
        return self._control

    def change(self, values: dict[str, Any]) -> Control:
        """Change the behaviour and return it. Raises ControlWrong, and then changes nothing."""
        with self._lock:
            self._control = self._control.changed(values)
            return self._control

    def note_rejection(self) -> None:
        """Count a rejection by pattern, where they are counted."""
        with self._lock:
            left = self._control.reject_times
            if left:
                self._control = replace(self._control, reject_times=left - 1)
