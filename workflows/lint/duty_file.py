"""Reads the duties that lie beside a process: what the law asks of it, in words and in steps.

A lawyer reads ``duties.json``: each duty has rule ids, a sentence in Chinese and in English, and
one of a few kinds. docs/legal-lint.md tells the format.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from workflows.engine.blueprint import Blueprint
from workflows.engine.bundle import SHARED, Bundle
from workflows.engine.expressions import compile_expression
from workflows.errors import DiagramError
from workflows.lint.declared import VALUE

FILE: Final = "duties.json"
OF_SHARED: Final = f"{SHARED}/{FILE}"
"""The duties of shared parts: each says of which ``part``, and is that of whoever calls it."""
FORMAT: Final = "jiannuo-duties-1"
SERVED: Final = "record_service"
"""The operation that registers the service of a letter."""

KINDS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "passes": (("one_of",), ("from", "ends")),
    "after": (("after", "needs"), ("unless", "ends")),
    "before": (("first", "then"), ()),
    "once": (("step",), ()),
    "never": (("after", "then"), ()),
    "each": (("list", "step"), ("unless",)),
    "remedies": (("one_of", "ends"), ()),
    "provision": (("first", "then", "parameter", "value"), ()),
    "clock": (("clock", "waits"), ("remind", "reminders", "escalate")),
    "expiry": (("clock", "steps"), ("point",)),
    "heard": (("message", "waits"), ()),
    "offers": (("forms", "variable", "values"), ()),
    "apart": (("steps",), ()),
    "another_person": (("steps", "not_by"), ()),
    "by": (("steps", "post"), ()),
    "does": (("steps", "operation"), ()),
    "repeats": (("steps", "list"), ()),
    "closes": (("steps",), ()),
}
"""The kinds of duty: what each must say, and what it may say."""
STEPS: Final = ("from", "one_of", "ends", "after", "needs", "unless", "first", "then", "step")
"""The parts of a duty that name steps on a path."""
ACCEPTED: Final = "accepted"
"""Paths on which the office knows that a duty is not kept, with the reason."""
ON_PATHS: Final = frozenset(
    {"passes", "after", "before", "once", "never", "each", "remedies", "provision"}
)
EVERYWHERE: Final = "*"


@dataclass(frozen=True)
class Mark:
    """A step as a duty names it: an element, and what must hold when it is passed."""

    element: str
    when: str = ""
    number: int = 0
    """Which entry of its part it stands for: an operation may be that of several elements."""


@dataclass(frozen=True)
class Duty:
    """One duty: what the law asks, and by which steps it is kept."""

    id: str
    kind: str
    rules: tuple[str, ...]
    sentence: Mapping[str, str] = field(hash=False)
    steps: Mapping[str, tuple[Mark, ...]] = field(hash=False)
    """The steps of each part, such as ``from`` and ``one_of``."""
    given: Mapping[str, Any] = field(hash=False)
    """Everything the duty says, as it is written."""

    @property
    def is_on_paths(self) -> bool:
        """Return whether the duty is judged path by path, and not on the drawing alone."""
        return self.kind in ON_PATHS

    @property
    def listed(self) -> str:
        """Return the list whose items are counted; empty for other kinds."""
        return str(self.given.get("list", ""))


@dataclass(frozen=True)
class Slip:
    """What is wrong with the file of duties itself."""

    duty: str
    name: str
    detail: str = ""


@dataclass(frozen=True)
class DutyFile:
    """All that the file says."""

    is_there: bool = False
    duties: tuple[Duty, ...] = ()
    terms: tuple[Mapping[str, Any], ...] = ()
    given_at_start: Mapping[str, tuple[Any, ...]] = field(default_factory=dict, hash=False)
    given_by_message: Mapping[str, Mapping[str, tuple[Any, ...]]] = field(
        default_factory=dict, hash=False
    )
    blanks: frozenset[tuple[str, str]] = frozenset()
    """Variables that may be blank, with the element that may find them so."""
    slips: tuple[Slip, ...] = ()

    @cached_property
    def marked(self) -> frozenset[str]:
        """Return the elements that some duty looks for on a path."""
        return frozenset(
            mark.element
            for duty in self.duties
            if duty.is_on_paths
            for marks in duty.steps.values()
            for mark in marks
        )

    @cached_property
    def conditions(self) -> tuple[tuple[str, str], ...]:
        """Return each condition of a duty with the element at which it is judged."""
        return tuple(
            (mark.element, mark.when)
            for duty in self.duties
            for marks in duty.steps.values()
            for mark in marks
            if mark.when
        )

    @cached_property
    def lists(self) -> frozenset[str]:
        """Return the lists of which every item is counted."""
        return frozenset(duty.listed for duty in self.duties if duty.listed)

    def may_be_blank(self, variable: str, element: str) -> bool:
        """Return whether it means something there that nobody has set the variable."""
        return bool({(variable, element), (variable, EVERYWHERE)} & self.blanks)


def read_duties(bundle: Bundle, plan: Blueprint) -> DutyFile:
    """Return the duties beside a process. What is wrong with the file is among its slips."""
    if FILE not in bundle.files:
        return DutyFile()
    try:
        content = json.loads(bundle.files[FILE])
    except ValueError as error:
        return DutyFile(is_there=True, slips=(Slip("", "unreadable", str(error)),))
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        return DutyFile(is_there=True, slips=(Slip("", "unreadable", FORMAT),))
    slips: list[Slip] = []
    written = [*content.get("duties", ()), *_of_shared(bundle, plan)]
    duties = [_duty(each, plan, slips) for each in written]
    given = content.get("given", {})
    return DutyFile(
        is_there=True,
        duties=tuple(duty for duty in duties if duty is not None),
        terms=tuple(content.get("terms", ())),
        given_at_start=_given(given.get("start", {})),
        given_by_message={name: _given(each) for name, each in given.get("messages", {}).items()},
        blanks=frozenset(_blanks(content.get("may_be_blank", ()))),
        slips=(*slips, *_said_twice(duties)),
    )


def _of_shared(bundle: Bundle, plan: Blueprint) -> Iterator[Mapping[str, Any]]:
    """Yield the duties of the shared parts that the process calls, or that these call."""
    content = json.loads(bundle.files.get(OF_SHARED, b"{}"))
    called, pending = {bundle.main_process}, [bundle.main_process]
    while pending:
        here = pending.pop()
        further = {one.calls for one in plan.elements.values() if one.process == here and one.calls}
        pending += sorted(further - called)
        called |= further
    for each in content.get("duties", ()):
        if each.get("part") in called:
            yield {name: value for name, value in each.items() if name != "part"}


def _duty(given: Mapping[str, Any], plan: Blueprint, slips: list[Slip]) -> Duty | None:
    name, kind = str(given.get("id", "")), str(given.get("kind", ""))
    found = list(_slips_of(given, name, kind))
    if found:
        slips += found
        return None
    steps = {part: _marks(given[part], plan, name, slips) for part in STEPS if part in given}
    if given.get(ACCEPTED):
        through = [step for each in given[ACCEPTED] for step in each["through"]]
        steps[ACCEPTED] = _marks(through, plan, name, slips)
    return Duty(
        id=name,
        kind=kind,
        rules=tuple(given["rules"]),
        sentence={"zh": str(given["zh"]), "en": str(given["en"])},
        steps=steps,
        given=dict(given),
    )


def _slips_of(given: Mapping[str, Any], name: str, kind: str) -> Iterator[Slip]:
    if kind not in KINDS:
        yield Slip(name, "unknown_kind", kind)
        return
    must, may = KINDS[kind]
    usual = {"id", "kind", "rules", "zh", "en", "note", ACCEPTED}
    for part in ("id", "rules", "zh", "en", *must):
        if not given.get(part):
            yield Slip(name, "part_missing", part)
    for part in sorted(given.keys() - usual - {*must, *may}):
        yield Slip(name, "part_unknown", part)


def _said_twice(duties: Iterable[Duty | None]) -> Iterator[Slip]:
    known: set[str] = set()
    for duty in duties:
        if duty is not None and duty.id in known:
            yield Slip(duty.id, "said_twice")
        known.add(duty.id if duty is not None else "")


def _marks(given: Any, plan: Blueprint, duty: str, slips: list[Slip]) -> tuple[Mark, ...]:
    found: list[Mark] = []
    for number, each in enumerate(given if isinstance(given, list) else [given]):
        marks = [replace(mark, number=number) for mark in _resolve(each, plan)]
        if not marks:
            slips.append(Slip(duty, "unknown_step", _words(each)))
        for mark in marks:
            if mark.when and not _compiles(mark.when):
                slips.append(Slip(duty, "condition", mark.when))
            else:
                found.append(mark)
    return tuple(found)


def _resolve(given: Any, plan: Blueprint) -> Iterator[Mark]:
    """Yield the elements that are meant: by id, by operation, or by the letter that is served."""
    if isinstance(given, str):
        given = {"step": given}
    when = str(given.get("when", ""))
    operation, element = given.get("operation"), given.get("step")
    if "letter" in given:
        operation, when = SERVED, f"letter_kind == '{given['letter']}'"
    for one in plan.elements.values():
        if (element and one.id == element) or (operation and one.operation == operation):
            yield Mark(one.id, when)


def _words(given: Any) -> str:
    if isinstance(given, str):
        return given
    return str(given.get("step") or given.get("operation") or given.get("letter") or given)


def _compiles(text: str) -> bool:
    try:
        compile_expression(text)
    except DiagramError:
        return False
    return True


def _given(written: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    return {
        name: tuple(VALUE if each == EVERYWHERE else each for each in values)
        for name, values in written.items()
    }


def _blanks(given: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for each in given:
        for element in each.get("at") or [EVERYWHERE]:
            yield str(each["variable"]), str(element)
