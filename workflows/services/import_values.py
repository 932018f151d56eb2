"""What every import shares: a line of a table, what is wrong with it, and what an importer does."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from workflows.services.desk import Desk
from workflows.storage.unit_of_work import UnitOfWork

NEW, SAME, WRONG, APPLIED = "new", "same", "wrong", "applied"
DAY = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D?")


@dataclass(frozen=True)
class Line:
    """One line of the file by column key; ``number`` counts as the file does, heads included."""

    number: int
    values: Mapping[str, str]

    def text(self, key: str) -> str:
        """Return a value without blanks around it."""
        return self.values.get(key, "").strip()


@dataclass(frozen=True)
class Problem:
    """What is wrong with a value: its column, the key of a sentence and what fills it."""

    column: str
    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_kept(self) -> dict[str, Any]:
        """Return it as it is kept with its line; a value itself is never kept."""
        return {"column": self.column, "key": self.key, "facts": dict(self.facts)}


@dataclass(frozen=True)
class Checked:
    """A line after its check: new, same as the register, or wrong; with its natural key."""

    line: Line
    key: str
    problems: tuple[Problem, ...] = ()
    is_known: bool = False
    entry: Any = None
    command_id: str = ""
    """The id of the line's own command, where lines go one by one."""

    @property
    def outcome(self) -> str:
        """Return new, same or wrong."""
        if self.problems:
            return WRONG
        return SAME if self.is_known else NEW


class Importer(Protocol):
    """Brings lines of one kind into the registers.

    ``one_by_one`` is for cases: no transaction touches two of them, so each line is a command.
    """

    kind: str
    one_by_one: bool
    at_a_time: int

    def check(self, work: UnitOfWork, desk: Desk, lines: Sequence[Line]) -> list[Checked]:
        """Return what is wrong with each line and which the register has; nothing is written."""
        ...

    def apply(self, work: UnitOfWork, desk: Desk, checked: Sequence[Checked]) -> None:
        """Write lines that were found new."""
        ...


def read_day(text: str) -> date | None:
    """Return a date written in one of the usual ways, or None."""
    found = DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def from_fields(fields: Mapping[str, Sequence[str]], names: Mapping[str, str]) -> list[Problem]:
    """Return a service's complaints about fields as problems of columns."""
    return [Problem(names.get(name, name), keys[0]) for name, keys in fields.items() if keys]
