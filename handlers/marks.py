"""The marks by which a function says which operation or form it answers to."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from workflows.services.desk import Operation

_OPERATIONS: dict[str, Operation] = {}
_ANSWERS: dict[str, Operation] = {}


def operation(name: str) -> Callable[[Operation], Operation]:
    """Register a function under the name that diagrams use for it."""
    return _register(_OPERATIONS, name)


def answered(form: str) -> Callable[[Operation], Operation]:
    """Register a function that runs as soon as this form is answered."""
    return _register(_ANSWERS, form)


def marked_operations() -> Mapping[str, Operation]:
    """Return the operations registered so far."""
    return dict(_OPERATIONS)


def marked_answers() -> Mapping[str, Operation]:
    """Return the forms registered so far."""
    return dict(_ANSWERS)


def _register(table: dict[str, Operation], name: str) -> Callable[[Operation], Operation]:
    def mark(function: Operation) -> Operation:
        if name in table:
            raise ValueError(f"{name} is registered twice")
        table[name] = function
        return function

    return mark
