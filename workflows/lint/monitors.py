"""Follows a duty along a path: what is owed so far, and whether the end comes before it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from workflows.lint.duty_file import ACCEPTED, Duty
from workflows.lint.marks import END, Marks
from workflows.lint.walking import Label

BROKEN: Final = -1
"""The state of a duty that this path has broken."""
EXCUSED: Final = -2
"""The state of a duty on a path that the office accepts."""

ARMED, DONE, AT_END = 1, 2, 4
"""What some rules remember: the duty is owed, it is kept, an end that it asks of is reached."""

Rule = Callable[[int, int], int]
"""From the state so far and the bits of a step to the next state."""


@dataclass(frozen=True)
class Monitor:
    """One duty on its way along a path; it begins in state 0."""

    duty: Duty
    rule: Rule
    accepted: int = 0
    """The bits of steps behind which the office accepts that the duty is not kept."""

    def is_settled(self, state: int) -> bool:
        """Return whether nothing that follows can break the duty any more."""
        if state == EXCUSED:
            return True
        if self.duty.kind in ("before", "provision"):
            return state == ARMED
        return self.duty.kind in ("passes", "remedies") and bool(state > 0 and state & DONE)

    def follow(self, state: int, label: Label) -> int:
        """Return the state after a step between two ways to stand."""
        for bits in label.marks:
            if state == EXCUSED or bits & self.accepted:
                return EXCUSED
            state = self.rule(state, bits)
            if state == BROKEN:
                return BROKEN
        return state


def monitor(duty: Duty, marks: Marks) -> Monitor:
    """Return what follows a duty along a path."""
    return Monitor(duty, _RULES[duty.kind](duty, marks), marks.bit(duty, ACCEPTED))


def _passes(duty: Duty, marks: Marks) -> Rule:
    begins, done, ends = (marks.bit(duty, part) for part in ("from", "one_of", "ends"))

    def rule(state: int, bits: int) -> int:
        if not begins or bits & begins:
            state |= ARMED
        if bits & done and state & ARMED:
            state |= DONE
        if bits & ends or not ends:
            state |= AT_END
        is_owed = state & ARMED and state & AT_END and not state & DONE
        return BROKEN if bits & END and is_owed else state

    return rule


def _after(duty: Duty, marks: Marks) -> Rule:
    armed, unless, ends = (marks.bit(duty, part) for part in ("after", "unless", "ends"))
    needs = marks.needs(duty)
    everything = (1 << len(needs)) - 1
    at_end = 1 << len(needs)

    def rule(state: int, bits: int) -> int:
        if bits & armed:
            state |= everything
        for number, need in enumerate(needs):
            if bits & need:
                state &= ~(1 << number)
        if bits & unless:
            state &= at_end
        if bits & ends or not ends:
            state |= at_end
        return BROKEN if bits & END and state & everything and state & at_end else state

    return rule


def _before(duty: Duty, marks: Marks) -> Rule:
    first, then = marks.bit(duty, "first"), marks.bit(duty, "then")

    def rule(state: int, bits: int) -> int:
        if bits & then and not state:
            return BROKEN
        return ARMED if bits & first else state

    return rule


def _once(duty: Duty, marks: Marks) -> Rule:
    step = marks.bit(duty, "step")

    def rule(state: int, bits: int) -> int:
        if bits & step:
            return BROKEN if state else ARMED
        return state

    return rule


def _never(duty: Duty, marks: Marks) -> Rule:
    after, then = marks.bit(duty, "after"), marks.bit(duty, "then")

    def rule(state: int, bits: int) -> int:
        if bits & then and state:
            return BROKEN
        return ARMED if bits & after else state

    return rule


def _each(duty: Duty, marks: Marks) -> Rule:
    """Count down from the length of the list, as it was last set."""
    step, unless = marks.bit(duty, "step"), marks.bit(duty, "unless")
    lengths = marks.lengths(duty)

    def rule(state: int, bits: int) -> int:
        for length, bit in enumerate(lengths):
            state = length if bits & bit else state
        if bits & step:
            state = max(0, state - 1)
        if bits & unless:
            state = 0
        return BROKEN if bits & END and state else state

    return rule


_RULES: Mapping[str, Callable[[Duty, Marks], Rule]] = {
    "passes": _passes,
    "after": _after,
    "before": _before,
    "once": _once,
    "never": _never,
    "each": _each,
    "remedies": _passes,
    "provision": _before,
}

USED: Final[Mapping[str, tuple[str, ...]]] = {
    "passes": ("from", "one_of"),
    "after": ("after", "needs"),
    "before": ("first", "then"),
    "once": ("step",),
    "never": ("after",),
    "each": ("step",),
    "remedies": ("one_of", "ends"),
    "provision": ("first", "then"),
}
"""The parts that some path has to meet, or the duty says nothing about this process."""


def idle_parts(duty: Duty, marks: Marks, seen: int) -> list[str]:
    """Return the parts of a duty that no path meets; ``seen`` are the bits of all paths."""
    wanted: dict[str, Any] = {}
    for part in USED[duty.kind]:
        if part in duty.steps:
            wanted[part] = marks.needs(duty) if part == "needs" else [marks.bit(duty, part)]
    return [part for part, bits in wanted.items() if any(not bit & seen for bit in bits)]
