"""Several texts may answer one question; the rule book says which of them binds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from workflows.errors import RuleMissing
from workflows.rules.parameters import (
    SUBJECT_KINDS,
    Kind,
    Paper,
    Parameter,
    Rank,
    RulePack,
    Standing,
)
from workflows.rules.reading import read_pack

__all__ = [
    "SUBJECT_KINDS",
    "Kind",
    "Paper",
    "Parameter",
    "Rank",
    "Required",
    "RuleBook",
    "RulePack",
    "Standing",
    "missing_parameters",
    "read_pack",
    "read_rule_book",
    "required_keys",
]

SHIPPED_FOLDER = Path(__file__).resolve().parents[2] / "bpmn" / "rules"
REQUIRED_FILE = "required.json"


class RuleBook:
    """The packs an office works with."""

    def __init__(self, packs: Iterable[RulePack]) -> None:
        self.packs = tuple(packs)
        self._by_key: dict[str, list[Parameter]] = {}
        for pack in self.packs:
            for parameter in pack.parameters:
                self._by_key.setdefault(parameter.key, []).append(parameter)

    def find(
        self, key: str, *, division: str, on: date, subject_kind: str | None = None
    ) -> Parameter | None:
        """Return the parameter that binds, or None; see ``list_candidates`` for which one does."""
        found = self.list_candidates(key, division=division, on=on, subject_kind=subject_kind)
        return found[0] if found else None

    def get(
        self, key: str, *, division: str, on: date, subject_kind: str | None = None
    ) -> Parameter:
        """Return the parameter that binds.

        Raises RuleMissing naming the key, the files looked into and what to add.
        """
        found = self.find(key, division=division, on=on, subject_kind=subject_kind)
        if found is None:
            raise self._no_rule(key, division, on, subject_kind)
        return found

    def list_candidates(
        self, key: str, *, division: str, on: date, subject_kind: str | None = None
    ) -> tuple[Parameter, ...]:
        """Return every parameter of the key in force here, the one that binds first.

        The higher rank goes first (O-12), then the narrower jurisdiction, then what is written for
        this kind of subject, then the younger text.
        """
        held = [
            parameter
            for parameter in self._by_key.get(key, ())
            if parameter.holds_for(division=division, on=on, subject_kind=subject_kind)
        ]
        return tuple(sorted(held, key=_precedence))

    def list_all(self, key: str) -> tuple[Parameter, ...]:
        """Return every parameter of the key, of every region and time."""
        return tuple(self._by_key.get(key, ()))

    def choose_pack(self, division: str, on: date) -> RulePack:
        """Return the narrowest pack for a division with anything in force on that day.

        The office's own terms are no region's rules: they are chosen only where nothing else is.
        """
        here = [
            pack
            for pack in self.packs
            if division.startswith(pack.jurisdiction)
            and any(parameter.is_in_force(on) for parameter in pack.parameters)
        ]
        if not here:
            raise RuleMissing("error.rule_no_pack", division=division, on=on)
        return max(here, key=_narrowness)

    def with_pack(self, pack: RulePack) -> RuleBook:
        """Return the book as it would be with this pack in place of its former version."""
        return RuleBook([*(one for one in self.packs if one.id != pack.id), pack])

    def _no_rule(self, key: str, division: str, on: date, subject_kind: str | None) -> RuleMissing:
        looked_into = [pack for pack in self.packs if division.startswith(pack.jurisdiction)]
        return RuleMissing(
            "error.rule_missing_parameter",
            parameter=key,
            files=", ".join(pack.source or pack.id for pack in looked_into) or "-",
            division=division,
            on=on,
            subject_kind=subject_kind or "-",
        )


def _narrowness(pack: RulePack) -> tuple[bool, int, date]:
    return (not pack.is_office, len(pack.jurisdiction), pack.version)


def _precedence(parameter: Parameter) -> tuple[int, int, int, int]:
    return (
        parameter.rank.order,
        -len(parameter.jurisdiction),
        0 if parameter.subject_kinds else 1,
        -parameter.valid_from.toordinal(),
    )


@cache
def read_rule_book(folder: Path = SHIPPED_FOLDER) -> RuleBook:
    """Read every pack in a folder; raises RuleMissing naming the file that is wrong."""
    files = sorted(file for file in folder.glob("*.json") if file.name != REQUIRED_FILE)
    if not files:
        raise RuleMissing("error.rule_folder_empty", source=str(folder))
    return RuleBook(read_pack(file.read_bytes(), source=file.name) for file in files)


@dataclass(frozen=True)
class Required:
    """A parameter that a process cannot run without, for these kinds of subject (none = any)."""

    key: str
    subject_kinds: tuple[str, ...]
    why: str


@cache
def required_keys(folder: Path = SHIPPED_FOLDER) -> tuple[Required, ...]:
    """Return what the processes need, from bpmn/rules/required.json."""
    file = folder / REQUIRED_FILE
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise RuleMissing("error.rule_required_unreadable", source=str(file)) from problem
    return tuple(
        Required(
            key=row["key"],
            subject_kinds=tuple(row.get("subject_kinds", ())),
            why=row.get("why", ""),
        )
        for row in content["required"]
    )


def missing_parameters(
    *, book: RuleBook, division: str, on: date, required: Iterable[Required] | None = None
) -> tuple[RuleMissing, ...]:
    """Return an error for each parameter the processes need here and the book does not give.

    An office starts, and a pack is deployed, only when this is empty.
    """
    missing: list[RuleMissing] = []
    for need in required if required is not None else required_keys():
        for subject_kind in need.subject_kinds or (None,):
            try:
                book.get(need.key, division=division, on=on, subject_kind=subject_kind)
            except RuleMissing as problem:
                missing.append(problem)
    return tuple(missing)
