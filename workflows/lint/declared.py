"""What an operation says about itself, because a program cannot be asked what it will write.

The lint explores what a process can do without running any operation; it has to know which
variables each one may leave behind, which it relies on, and which clock it starts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Any


class Some(Enum):
    """Values that are not one value."""

    VALUE = "value"
    """Any value that is not blank."""
    ITEMS = "items"
    """A list: the lint tries none, one and two items."""
    KEPT = "kept"
    """Whatever it was before: the operation may leave it alone."""


VALUE, ITEMS, KEPT = Some.VALUE, Some.ITEMS, Some.KEPT


@dataclass(frozen=True)
class Declared:
    """What an operation, or what answering a form, does to the variables of a case."""

    needs: frozenset[str] = frozenset()
    """Variables without which it cannot do its work; blank counts as missing."""
    reads: frozenset[str] = frozenset()
    """Variables that it looks at; they may be blank."""
    sets: Mapping[str, tuple[Any, ...]] = field(default_factory=dict, hash=False)
    """The values it may give to each variable."""
    follows: tuple[tuple[str, Any, str, Any], ...] = ()
    """What one answer brings with it: where a variable gets this value, that one gets that."""
    refuses: tuple[tuple[str, Any, str], ...] = ()
    """Answers that are turned down: this variable with this value, once that one is true."""
    starts: Mapping[str, str] = field(default_factory=dict, hash=False)
    """The clocks it starts, with the parameter of the rule pack that gives their length."""
    raises: frozenset[str] = frozenset()
    """The error codes that a diagram may catch from it."""


def declare(
    *,
    needs: Iterable[str] = (),
    reads: Iterable[str] = (),
    sets: Mapping[str, Any] | None = None,
    follows: Iterable[tuple[str, Any, str, Any]] = (),
    refuses: Iterable[tuple[str, Any, str]] = (),
    starts: Mapping[str, str] | None = None,
    raises: Iterable[str] = (),
) -> Declared:
    """Return a declaration; a value that stands alone is the only one that is set."""
    return Declared(
        needs=frozenset(needs),
        reads=frozenset(reads),
        sets=MappingProxyType({name: _values(each) for name, each in (sets or {}).items()}),
        follows=tuple(follows),
        refuses=tuple(refuses),
        starts=MappingProxyType(dict(starts or {})),
        raises=frozenset(raises),
    )


def _values(given: Any) -> tuple[Any, ...]:
    if isinstance(given, list | tuple | set | frozenset) and given:
        return tuple(given)
    # An empty list is a value like any other: the list of a case that has nothing in it yet.
    return ((),) if isinstance(given, list | tuple) else (given,)


NOTHING = Declared()


@dataclass(frozen=True)
class Declarations:
    """What all operations and answered forms declare, by name."""

    operations: Mapping[str, Declared] = field(default_factory=dict, hash=False)
    answers: Mapping[str, Declared] = field(default_factory=dict, hash=False)

    def operation(self, name: str | None) -> Declared:
        """Return what an operation declares; one that declares nothing changes nothing."""
        return self.operations.get(name or "", NOTHING)

    def answer(self, form: str | None) -> Declared:
        """Return what answering a form does beside its own fields."""
        return self.answers.get(form or "", NOTHING)
