"""Which remedies a letter names: only what the legal reviewer signed, never what was typed.

The table is decision x kind of subject x authority (N25, domain part E "Remedies"). No row, or a
row whose text changed after it was signed: no letter.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from notifications.letters.kinds import SHIPPED
from notifications.letters.letter import Remedies
from workflows.errors import RuleMissing

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Citation:
    """The provision that a remedy rests on."""

    rule: str
    document: str
    clause: str


@dataclass(frozen=True)
class RemedyRow:
    """One row of the table as it reads in one division; the hash covers all that is printed."""

    id: str
    decisions: tuple[str, ...]
    subject_kinds: tuple[str, ...]
    authorities: tuple[str, ...]
    paragraphs: tuple[str, ...]
    citations: tuple[Citation, ...]
    for_the_reviewer: str

    @cached_property
    def hash(self) -> str:
        """Return what a signature binds to: the text, where it applies and what it cites."""
        content = [
            self.id,
            self.decisions,
            self.subject_kinds,
            self.authorities,
            self.paragraphs,
            [(each.rule, each.document, each.clause) for each in self.citations],
        ]
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class RowSignature:
    """The legal reviewer's signature under one row, bound to its text."""

    row: str
    row_hash: str
    signed_by: str
    signed_on: date


@dataclass(frozen=True)
class RemedyTable:
    """The remedies of one division."""

    rows: tuple[RemedyRow, ...]

    def find_row(self, *, decision: str, subject_kind: str, authority: str) -> RemedyRow | None:
        """Return the row for this decision, kind of subject and authority, if there is one."""
        for row in self.rows:
            if (
                decision in row.decisions
                and subject_kind in row.subject_kinds
                and authority in row.authorities
            ):
                return row
        return None

    def get_signed(
        self,
        *,
        decision: str,
        subject_kind: str,
        authority: str,
        signatures: Iterable[RowSignature],
    ) -> Remedies:
        """Return the remedies to print. Raises RuleMissing without a row or a valid signature."""
        facts = {"decision": decision, "subject_kind": subject_kind, "authority": authority}
        row = self.find_row(**facts)
        if row is None:
            raise RuleMissing("error.remedy_row_missing", **facts)
        for signature in signatures:
            if signature.row == row.id and signature.row_hash == row.hash:
                return Remedies(
                    row=row.id,
                    paragraphs=row.paragraphs,
                    signed_by=signature.signed_by,
                    signed_on=signature.signed_on,
                )
        raise RuleMissing("error.remedy_row_unsigned", row=row.id, **facts)


@lru_cache(maxsize=64)
def read_remedies(*, division: str, path: Path = SHIPPED / "remedies.json") -> RemedyTable:
    """Return the remedies table as it reads in a division (code by prefix, longest first)."""
    data = json.loads(path.read_text(encoding="utf-8"))
    names = {key: _closest(choices, division, key) for key, choices in data["fill"].items()}
    return RemedyTable(rows=tuple(_row(each, names) for each in data["rows"]))


def _closest(choices: Mapping[str, str], division: str, key: str) -> str:
    fitting = [prefix for prefix in choices if division.startswith(prefix)]
    if not fitting:
        raise RuleMissing("error.remedy_body_missing", body=key, division=division)
    return choices[max(fitting, key=len)]


def _row(data: Mapping[str, Any], names: Mapping[str, str]) -> RemedyRow:
    return RemedyRow(
        id=data["id"],
        decisions=tuple(data["decisions"]),
        subject_kinds=tuple(data["subject_kinds"]),
        authorities=tuple(data["authorities"]),
        paragraphs=tuple(_fill(text, names) for text in data["paragraphs"]),
        citations=tuple(
            Citation(**{field: _fill(text, names) for field, text in each.items()})
            for each in data["citations"]
        ),
        for_the_reviewer=data["for_the_reviewer"],
    )


def _fill(text: str, names: Mapping[str, str]) -> str:
    """Return the text as it reads in the division: bodies and documents differ by region."""
    return _PLACEHOLDER.sub(lambda match: names[match.group(1)], text)
