"""The marks by which a function says which operation or form it answers to.

With its name an operation declares what it leaves behind: ``sets`` (the values that each variable
may take), ``needs`` (variables that must not be blank), ``reads`` (those it only looks at),
``starts`` (clocks, with the parameter of the rule pack) and ``raises`` (codes that a diagram may
catch). ``follows`` is what one answer of a form brings with it, ``refuses`` what is turned down
and when. The legal lint explores every path by these words; a contract test holds them to the code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from workflows.lint.declared import Declarations, Declared, declare
from workflows.services.desk import Operation

_OPERATIONS: dict[str, Operation] = {}
_ANSWERS: dict[str, Operation] = {}
_DECLARED: dict[str, Declared] = {}
_DECLARED_ANSWERS: dict[str, Declared] = {}


def operation(
    name: str,
    *,
    needs: Iterable[str] = (),
    reads: Iterable[str] = (),
    sets: Mapping[str, Any] | None = None,
    starts: Mapping[str, str] | None = None,
    raises: Iterable[str] = (),
) -> Callable[[Operation], Operation]:
    """Register a function under the name that diagrams use for it."""
    _DECLARED[name] = declare(needs=needs, reads=reads, sets=sets, starts=starts, raises=raises)
    return _register(_OPERATIONS, name)


def answered(
    form: str,
    *,
    reads: Iterable[str] = (),
    sets: Mapping[str, Any] | None = None,
    follows: Iterable[tuple[str, Any, str, Any]] = (),
    refuses: Iterable[tuple[str, Any, str]] = (),
) -> Callable[[Operation], Operation]:
    """Register a function that runs as soon as this form is answered."""
    said = declare(reads=reads, sets=sets, follows=follows, refuses=refuses)
    _DECLARED_ANSWERS[form] = said
    return _register(_ANSWERS, form)


def marked_operations() -> Mapping[str, Operation]:
    """Return the operations registered so far."""
    return dict(_OPERATIONS)


def marked_answers() -> Mapping[str, Operation]:
    """Return the forms registered so far."""
    return dict(_ANSWERS)


def marked_declarations() -> Declarations:
    """Return what the registered functions declare about themselves."""
    return Declarations(operations=dict(_DECLARED), answers=dict(_DECLARED_ANSWERS))


def _register(table: dict[str, Operation], name: str) -> Callable[[Operation], Operation]:
    def mark(function: Operation) -> Operation:
        if name in table:
            raise ValueError(f"{name} is registered twice")
        table[name] = function
        return function

    return mark
