"""Says which duties care about an element when it is passed, as bits that are cheap to compare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from workflows.engine.expressions import Condition, compile_condition
from workflows.lint.duty_file import Duty
from workflows.lint.values import LISTS

LENGTH: Final = "length"
END: Final = 1
"""The bit of the end of the case."""


class Marks:
    """The bits of the steps that duties name; a part of a duty, such as ``from``, has one bit."""

    def __init__(self, duties: Sequence[Duty], setters: Mapping[str, Iterable[str]]) -> None:
        """Give out the bits; ``setters`` are the elements that set each list."""
        self._lengths: dict[str, list[tuple[str, tuple[int, ...]]]] = {}
        self._bits: dict[tuple[str, str], int] = {}
        self._by_element: dict[str, list[tuple[int, Condition | None]]] = {}
        for duty in duties:
            for part, marks in duty.steps.items():
                for mark in marks:
                    # Every one of the needs is needed, so each has a bit of its own.
                    name = f"{part} {mark.number}" if part == "needs" else part
                    bit = self._bits.setdefault((duty.id, name), 2 << len(self._bits))
                    when = compile_condition(mark.when) if mark.when else None
                    self._by_element.setdefault(mark.element, []).append((bit, when))

            if duty.listed:
                first = 2 << len(self._bits)
                bits = tuple(first << number for number in range(len(LISTS)))
                self._bits |= {(duty.id, f"{LENGTH} {n}"): bit for n, bit in enumerate(bits)}
                for element in setters.get(duty.listed, ()):
                    self._lengths.setdefault(element, []).append((duty.listed, bits))

    def lengths(self, duty: Duty) -> list[int]:
        """Return the bits that say that the list of a duty was set, by its length."""
        return [self._bits[duty.id, f"{LENGTH} {number}"] for number in range(len(LISTS))]

    def bit(self, duty: Duty, part: str) -> int:
        """Return the bit of a part of a duty, 0 where the duty does not have it."""
        return self._bits.get((duty.id, part), 0)

    def needs(self, duty: Duty) -> list[int]:
        """Return the bits of all that a duty needs."""
        numbers = sorted({mark.number for mark in duty.steps["needs"]})
        return [self._bits[duty.id, f"needs {number}"] for number in numbers]

    def all_of(self, duty: Duty) -> int:
        """Return all bits of a duty."""
        found = 0
        for (name, _), bit in self._bits.items():
            found |= bit if name == duty.id else 0
        return found

    def possible(self, elements: Iterable[str]) -> int:
        """Return the bits that some of these elements may have."""
        found = 0
        for element in elements:
            for bit, _ in self._by_element.get(element, ()):
                found |= bit
            for _, bits in self._lengths.get(element, ()):
                found |= sum(bits)
        return found

    def of(self, element: str, variables: Mapping[str, Any]) -> int:
        """Return the bits of an element that is passed with these variables."""
        bits = 0
        for bit, when in self._by_element.get(element, ()):
            if when is None or when(variables):
                bits |= bit
        for name, by_length in self._lengths.get(element, ()):
            value = variables.get(name)
            if isinstance(value, tuple):
                bits |= by_length[len(value)]
        return bits
