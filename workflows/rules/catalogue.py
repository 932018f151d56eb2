"""What may be recorded and with what measures, as data: nothing outside the lists counts (N26).

The files in ``bpmn/catalogue`` hold the national items and measures that the product uses, what may
not be collected, and the words of the registers. Local supplements are an office's own rows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from workflows.errors import RuleMissing

FOLDER = Path(__file__).resolve().parents[2] / "bpmn" / "catalogue"
# Standing on a plan alone makes nobody lose a right (N26 and N27 over R50 and R124).
NATIONAL = "national"


@dataclass(frozen=True)
class Basis:
    """A document and clause that something rests on, with its rank and our rule id."""

    rule: str
    document: str
    clause: str
    rank: str = ""

    @property
    def words(self) -> str:
        """Return document and clause as they are cited."""
        return f"{self.document} {self.clause}".strip()


@dataclass(frozen=True)
class Item:
    """One item of the catalogue; ``publicity`` is public, restricted or internal (R110)."""

    key: str
    group: str
    name: str
    name_en: str
    publicity: str
    nature: str
    subject_kinds: tuple[str, ...]
    basis: tuple[Basis, ...]
    is_confirmed: bool
    note: str = ""
    group_en: str = ""
    edition: str = ""
    division: str = ""

    def fits(self, *, subject_kind: str, division: str) -> bool:
        """Say whether the item is meant for such a subject there."""
        is_meant = not self.subject_kinds or subject_kind in self.subject_kinds
        return is_meant and division.startswith(self.division)


@dataclass(frozen=True)
class Measure:
    """One measure of the list; only a confirmed one may be imposed."""

    key: str
    name: str
    name_en: str
    measure_class: str
    subject_kinds: tuple[str, ...]
    basis: tuple[Basis, ...]
    standing: str
    note: str = ""
    edition: str = ""
    division: str = ""

    @property
    def is_lawful(self) -> bool:
        """Say whether the measure stands in the list with a lawful basis."""
        return self.standing == NATIONAL

    def fits(self, *, subject_kind: str, division: str) -> bool:
        """Say whether the measure is meant for such a subject there."""
        is_meant = not self.subject_kinds or subject_kind in self.subject_kinds
        return is_meant and division.startswith(self.division)


@dataclass(frozen=True)
class Forbidden:
    """A kind of information that no record may hold, with the rule that says so."""

    key: str
    name: str
    name_en: str
    only_people: bool
    source: Basis
    fields: tuple[str, ...]
    words: tuple[str, ...]
    exceptions: tuple[str, ...]

    def find(self, text: str, *, is_field: bool) -> str:
        """Return the first forbidden word in the text, or an empty string."""
        for exception in self.exceptions:
            text = text.replace(exception, "")
        words = (*self.fields, *self.words) if is_field else self.words
        return next((word for word in words if word in text), "")


@dataclass(frozen=True)
class Word:
    """A code of the registers with its name and the rules behind it."""

    key: str
    name: str
    name_en: str
    rules: tuple[str, ...]
    division: str = ""
    area: str = ""


@cache
def read_items(folder: Path = FOLDER) -> Mapping[str, Item]:
    """Return the shipped catalogue items by key."""
    content = _read(folder / "items.json")
    edition = str(content["edition"]["name"])
    found = [_item(row, edition) for row in content["items"]]
    return {item.key: item for item in found}


@cache
def read_measures(folder: Path = FOLDER) -> Mapping[str, Measure]:
    """Return the shipped measures by key."""
    content = _read(folder / "measures.json")
    edition = str(content["edition"]["name"])
    found = [_measure(row, edition) for row in content["measures"]]
    return {measure.key: measure for measure in found}


@cache
def read_forbidden(folder: Path = FOLDER) -> tuple[Forbidden, ...]:
    """Return what may not be collected."""
    return tuple(_forbidden(row) for row in _read(folder / "prohibited.json")["groups"])


@cache
def read_words(family: str, folder: Path = FOLDER) -> Mapping[str, Word]:
    """Return a family of codes: areas, source_kinds, purposes, commitment_kinds, ranks and more."""
    files = {"areas": "items", "source_kinds": "items", "default_types": "items"}
    files["classes"] = "measures"
    rows = _read(folder / f"{files.get(family, 'words')}.json")[family]
    found = [
        Word(
            key=row["key"],
            name=row["name"],
            name_en=row["name_en"],
            rules=tuple(row["rules"]),
            division=row.get("jurisdiction", ""),
            area=row.get("area", ""),
        )
        for row in rows
    ]
    return {word.key: word for word in found}


def _read(path: Path) -> Mapping[str, Any]:
    try:
        content: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as problem:
        raise RuleMissing("error.catalogue_unreadable", file=path.name) from problem
    return content


def _bases(rows: list[Mapping[str, str]]) -> tuple[Basis, ...]:
    return tuple(
        Basis(row["rule"], row["document"], row.get("clause", ""), row["rank"]) for row in rows
    )


def _item(row: Mapping[str, Any], edition: str) -> Item:
    return Item(
        key=row["key"],
        group=row["group"],
        group_en=row["group_en"],
        name=row["name"],
        name_en=row["name_en"],
        publicity=row["publicity"],
        nature=row["nature"],
        subject_kinds=tuple(row["subject_kinds"]),
        basis=_bases(row["basis"]),
        is_confirmed=bool(row["confirmed"]),
        note=row["note"],
        edition=edition,
    )


def _measure(row: Mapping[str, Any], edition: str) -> Measure:
    return Measure(
        key=row["key"],
        name=row["name"],
        name_en=row["name_en"],
        measure_class=row["class"],
        subject_kinds=tuple(row["subject_kinds"]),
        basis=_bases(row["basis"]),
        standing=row["standing"],
        note=row["note"],
        edition=edition,
    )


def _forbidden(row: Mapping[str, Any]) -> Forbidden:
    source = row["source"]
    return Forbidden(
        key=row["key"],
        name=row["name"],
        name_en=row["name_en"],
        only_people=row["subjects"] == "natural_person",
        source=Basis(source["rule"], source["document"], source["clause"]),
        fields=tuple(row["fields"]),
        words=tuple(row["words"]),
        exceptions=tuple(row["except"]),
    )


@dataclass(frozen=True)
class Column:
    """A column of a table that can be imported."""

    key: str
    name: str
    name_en: str
    is_required: bool
    example: str
    note: str
    note_en: str


@cache
def read_columns(kind: str, folder: Path = FOLDER) -> tuple[Column, ...]:
    """Return the columns of a kind of import; raises RuleMissing for an unknown kind."""
    kinds = _read(folder / "imports.json")["kinds"]
    if kind not in kinds:
        raise RuleMissing("error.import_kind_unknown", kind=kind)
    return tuple(
        Column(
            key=row["key"],
            name=row["name"],
            name_en=row["name_en"],
            is_required=row["required"],
            example=row["example"],
            note=row["note"],
            note_en=row["note_en"],
        )
        for row in kinds[kind]["columns"]
    )
