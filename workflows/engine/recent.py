"""What costs much to make is made once per process and kept while it is used."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class RecentlyUsed(Generic[Value]):
    """Keeps the values used last; safe to share between threads."""

    def __init__(self, *, limit: int) -> None:
        """Start empty, to hold at most ``limit`` values."""
        self._limit = limit
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._last: tuple[Hashable, Value] | None = None
        self._lock = Lock()

    def get(self, *, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return the value kept under ``key``, making it on first use."""
        last = self._last
        if last is not None and last[0] == key:
            # The one asked for last needs neither the lock nor another place.
            return last[1]
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                self._last = (key, self._values[key])
                return self._last[1]
        value = make()
        with self._lock:
            kept = self._values.setdefault(key, value)
            self._values.move_to_end(key)
            while len(self._values) > self._limit:
                self._values.popitem(last=False)
            return kept

    def clear(self) -> None:
        """Forget all values, as a restart of the program would."""
        with self._lock:
            self._values.clear()
            self._last = None
