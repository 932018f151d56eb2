"""A bundle compiled once into flat tables of numbers, which every step of every case only reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from workflows.engine.expressions import Condition

# What a node does when a token enters it; the numbers index the table of rules in run.py.
PASS: Final = 0
USER: Final = 1
WORK: Final = 2
RULE: Final = 3
CATCH: Final = 4
EVENT_GATE: Final = 5
CHOICE: Final = 6
PARALLEL: Final = 7
INCLUSIVE: Final = 8
SCOPE: Final = 9
THROW: Final = 10
END: Final = 11

AWAITED: Final = frozenset(
    {
        "timer",
        "message",
        "signal",
    }
)
"""The kinds of event that a case waits for; the others are thrown up from within a scope."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow: the node it leads to, and its place among the flows into that node."""

    target: int
    slot: int
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """What an event waits for or throws; for a timer ``name`` is the clock."""

    kind: str
    name: str = ""
    point: str = ""


@dataclass(frozen=True, slots=True)
class Repeat:
    """How often an activity is carried out: per item, so many times, or while a condition holds."""

    is_loop: bool = False
    sequential: bool = False
    collection: str = ""
    cardinality: Condition | None = None
    until: Condition | None = None
    """The completion condition of a multi-instance activity."""
    condition: Condition | None = None
    """The condition under which a loop goes round again."""
    test_before: bool = False
    maximum: int = 0


@dataclass(frozen=True, slots=True)
class Node:
    """One element: what it does, where its flows lead, what is attached to it."""

    index: int
    id: str
    op: int
    scope: int
    out: tuple[Flow, ...] = ()
    default: int = -1
    """Which of ``out`` is the default flow, -1 for none."""
    slots: int = 0
    """How many flows lead here."""
    event: Event | None = None
    interrupting: bool = True
    boundaries: tuple[int, ...] = ()
    offers: tuple[int, ...] = ()
    """The events that wait while a token stands here: its own, its choices, or its boundaries."""
    body: int = -1
    """The scope that it opens, -1 for none."""
    repeat: Repeat | None = None
    operation: str = ""
    table: Any = None
    letter: str | None = None
    compensation: int = -1
    """The activity that undoes this one, -1 for none."""
    undoes: int = -1
    """For a thrown compensation: the activity to undo, -1 for all of the scope."""
    upstream: tuple[frozenset[int], ...] = ()
    """For an inclusive join, per incoming flow: the nodes that lead to it without passing here."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A process or sub-process: where its tokens begin, and which events may begin more in it."""

    index: int
    id: str
    starts: tuple[int, ...] = ()
    handlers: tuple[tuple[int, int], ...] = ()
    """Event sub-processes: the node, and the start event inside it."""
    is_event: bool = False
    is_transaction: bool = False


@dataclass(frozen=True, slots=True)
class Program:
    """All scopes and nodes of a bundle; read-only, shared between threads."""

    hash: str
    scopes: tuple[Scope, ...]
    nodes: tuple[Node, ...]
    numbers: Mapping[str, int] = field(hash=False)
    """The index of each node by its id."""
    scope_numbers: Mapping[str, int] = field(hash=False)
    """The index of each scope by its id."""
    starts: Mapping[str, int] = field(hash=False)
    """The start events of the main process by id."""
