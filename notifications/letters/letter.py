"""A letter is frozen as plain data before it is drawn, so that its PDF can be made again.

The officer edits the text of a draft; what the law wrote for us (the remedies) and what the
registers say (rows and tables) stays locked. Everything serialises to JSON and back without loss.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Row:
    """One line of a form: a label and what stands beside it."""

    label: str
    value: str


@dataclass(frozen=True)
class Table:
    """A small table inside a letter, such as the items of a supplement notice."""

    heads: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    caption: str = ""


@dataclass(frozen=True)
class Remedies:
    """The remedies paragraph and the signed row of the table that it was taken from (N25)."""

    row: str
    paragraphs: tuple[str, ...]
    signed_by: str
    signed_on: date


@dataclass(frozen=True)
class Seal:
    """The entry in the seal register; without one no seal is drawn on the paper."""

    organisation: str
    register_number: str
    sealed_on: date


@dataclass(frozen=True, kw_only=True)
class LetterData:
    """Everything that is printed on one letter, and nothing else."""

    kind: str
    title: str
    issuer: str
    addressee: str = ""
    paragraphs: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    tables: tuple[Table, ...] = ()
    remedies: Remedies | None = None
    closing: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    number: str | None = None
    dated_on: date | None = None
    draft: int | None = None
    seal: Seal | None = None
    meta: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the letter as canonical JSON: same letter, same text."""
        return json.dumps(
            self.to_mapping(), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )

    def to_mapping(self) -> dict[str, Any]:
        """Return the letter as plain values that a JSON column can hold."""
        return {name: _plain(value) for name, value in vars(self).items()}

    @classmethod
    def from_json(cls, text: str) -> LetterData:
        """Return the letter that was written by ``to_json``."""
        return cls.from_mapping(json.loads(text))

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> LetterData:
        """Return the letter held in the plain mapping that ``to_json`` writes."""
        return cls(
            kind=data["kind"],
            title=data["title"],
            issuer=data["issuer"],
            addressee=data["addressee"],
            paragraphs=tuple(data["paragraphs"]),
            rows=tuple(Row(**row) for row in data["rows"]),
            tables=tuple(_table(table) for table in data["tables"]),
            remedies=_remedies(data["remedies"]),
            closing=tuple(data["closing"]),
            attachments=tuple(data["attachments"]),
            cc=tuple(data["cc"]),
            number=data["number"],
            dated_on=_date(data["dated_on"]),
            draft=data["draft"],
            seal=_seal(data["seal"]),
            meta=dict(data["meta"]),
        )


def revise(
    *,
    letter: LetterData,
    title: str | None = None,
    addressee: str | None = None,
    paragraphs: tuple[str, ...] | None = None,
    attachments: tuple[str, ...] | None = None,
    cc: tuple[str, ...] | None = None,
) -> LetterData:
    """Return the next draft with the officer's own words; remedies, rows and tables stay locked."""
    return replace(
        letter,
        title=letter.title if title is None else title,
        addressee=letter.addressee if addressee is None else addressee,
        paragraphs=letter.paragraphs if paragraphs is None else paragraphs,
        attachments=letter.attachments if attachments is None else attachments,
        cc=letter.cc if cc is None else cc,
        draft=(letter.draft or 0) + 1,
    )


def with_number(*, letter: LetterData, number: str, dated_on: date) -> LetterData:
    """Return the letter as it goes out: numbered, dated, no longer a draft."""
    return replace(letter, number=number, dated_on=dated_on, draft=None)


def with_seal(*, letter: LetterData, seal: Seal) -> LetterData:
    """Return the letter with the seal that was entered in the register."""
    return replace(letter, seal=seal)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, Row | Table | Remedies | Seal):
        return {name: _plain(each) for name, each in vars(value).items()}
    raise TypeError(f"A letter cannot hold a {type(value).__name__}.")


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _table(data: Mapping[str, Any]) -> Table:
    lines = tuple(tuple(line) for line in data["lines"])
    return Table(heads=tuple(data["heads"]), lines=lines, caption=data["caption"])


def _remedies(data: Mapping[str, Any] | None) -> Remedies | None:
    if data is None:
        return None
    return Remedies(
        row=data["row"],
        paragraphs=tuple(data["paragraphs"]),
        signed_by=data["signed_by"],
        signed_on=date.fromisoformat(data["signed_on"]),
    )


def _seal(data: Mapping[str, Any] | None) -> Seal | None:
    if data is None:
        return None
    return Seal(
        organisation=data["organisation"],
        register_number=data["register_number"],
        sealed_on=date.fromisoformat(data["sealed_on"]),
    )
