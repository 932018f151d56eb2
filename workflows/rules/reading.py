"""Rule packs are written by legal reviewers, so a slip in one is named by file, key and remedy."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from workflows.clock.terms import parse_point
from workflows.errors import DiagramError, RuleMissing
from workflows.rules.parameters import (
    SUBJECT_KINDS,
    Kind,
    Paper,
    Parameter,
    Rank,
    RulePack,
    Standing,
)

FORMAT = "jiannuo-rules-1"
_E = TypeVar("_E", bound=StrEnum)

_PACK_FIELDS = {
    *("format", "id", "jurisdiction", "title", "version", "documents", "parameters", "note"),
}
_DOCUMENT_FIELDS = {
    *("number", "title", "rank", "valid_from", "valid_to", "unread", "unread_higher", "note"),
}
_PARAMETER_FIELDS = {
    *("key", "name", "name_en", "value", "unit", "choices", "rule_ids", "document", "clause"),
    *("quote", "start_event", "stop_event", "confirmed", "subject_kinds", "standing", "note"),
    *("valid_from", "valid_to", "set_by"),
}
_KEY = re.compile(r"[a-z]+(\.[a-z][A-Za-z0-9_]*)+")
_DIVISION = re.compile(r"(\d{2}){0,3}")


def read_pack(text: bytes | str, *, source: str) -> RulePack:
    """Read one rule pack (JSON, UTF-8); raises RuleMissing naming file, key, field and remedy."""
    reader = _PackReader(_parse(text, source), source)
    return reader.read()


def _parse(text: bytes | str, source: str) -> Mapping[str, Any]:
    try:
        content = json.loads(text if isinstance(text, str) else text.decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        raise RuleMissing("error.rule_pack_encoding", source=source) from problem
    except json.JSONDecodeError as problem:
        raise RuleMissing(
            "error.rule_pack_not_json", source=source, line=problem.lineno, column=problem.colno
        ) from problem
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise RuleMissing("error.rule_pack_format", source=source, format=FORMAT)
    return content


class _PackReader:
    """Turns a parsed pack into values, refusing the first thing that cannot be read."""

    def __init__(self, content: Mapping[str, Any], source: str) -> None:
        self.content = content
        self.source = source

    def read(self) -> RulePack:
        """Return the pack."""
        self._only(self.content, _PACK_FIELDS, "")
        pack_id = self._words(self.content, "id", "")
        jurisdiction = self.content.get("jurisdiction")
        if not isinstance(jurisdiction, str) or not _DIVISION.fullmatch(jurisdiction):
            raise self._bad("jurisdiction", jurisdiction, "")
        rows = self.content.get("parameters")
        if not isinstance(rows, list) or not rows:
            raise self._missing("parameters", "")
        parameters = tuple(self._parameter(row, pack_id, jurisdiction) for row in rows)
        self._refuse_twins(parameters)
        return RulePack(
            id=pack_id,
            jurisdiction=jurisdiction,
            title=self._words(self.content, "title", ""),
            version=self._day(self.content.get("version"), "version", ""),
            parameters=parameters,
            source=self.source,
            papers=tuple(self._paper(name) for name in self.content["documents"]),
        )

    def _paper(self, name: str) -> Paper:
        """Return a text that the pack names, whether a parameter cites it or nobody has read it."""
        paper = self._document({"document": name}, "")
        unread, first = paper.get("unread") is True, paper.get("valid_from")
        return Paper(
            number=str(paper.get("number") or ""),
            title=self._words(paper, "title", ""),
            rank=self._one_of(Rank, paper.get("rank"), "rank", ""),
            valid_from=None if unread and not first else self._day(first, "valid_from", ""),
            valid_to=self._last_day(paper.get("valid_to"), ""),
            unread=unread,
            unread_higher=self._texts(paper, "unread_higher", ""),
            note=str(paper.get("note") or ""),
        )

    def _parameter(self, row: object, pack_id: str, jurisdiction: str) -> Parameter:
        if not isinstance(row, dict):
            raise self._bad("parameters", row, "")
        key = self._words(row, "key", "")
        if not _KEY.fullmatch(key):
            raise self._bad("key", key, key)
        self._only(row, _PARAMETER_FIELDS, key)
        paper = self._document(row, key)
        rank = self._one_of(Rank, paper.get("rank"), "rank", key)
        unit = self._one_of(Kind, row.get("unit"), "unit", key)
        choices = self._texts(row, "choices", key)
        return Parameter(
            key=key,
            value=self._value(row, unit, choices, key),
            unit=unit,
            rule_ids=self._texts(row, "rule_ids", key),
            document=str(paper.get("number") or ""),
            clause=self._cited(row, "clause", rank, key),
            quote=self._cited(row, "quote", rank, key),
            rank=rank,
            valid_from=self._day(row.get("valid_from", paper.get("valid_from")), "valid_from", key),
            valid_to=self._last_day(row.get("valid_to", paper.get("valid_to")), key),
            start_event=self._event(row, "start_event", unit, key),
            stop_event=self._event(row, "stop_event", unit, key),
            confirmed=self._switch(row, "confirmed", key),
            subject_kinds=self._subject_kinds(row, key),
            jurisdiction=jurisdiction,
            note=str(row.get("note") or ""),
            unread_higher=self._texts(paper, "unread_higher", key),
            name=self._words(row, "name", key),
            name_en=self._words(row, "name_en", key),
            document_title=str(paper.get("title") or ""),
            standing=self._standing(row, rank, key),
            choices=choices,
            pack_id=pack_id,
        )

    def _document(self, row: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        name = self._words(row, "document", key)
        papers = self.content.get("documents")
        paper = papers.get(name) if isinstance(papers, dict) else None
        if not isinstance(paper, dict):
            raise RuleMissing(
                "error.rule_document_unknown", source=self.source, parameter=key, document=name
            )
        self._only(paper, _DOCUMENT_FIELDS, key)
        return paper

    def _value(
        self, row: Mapping[str, Any], unit: Kind, choices: tuple[str, ...], key: str
    ) -> object:
        if "value" not in row:
            raise self._missing("value", key)
        value = row["value"]
        if row.get("set_by") is not None:
            self._check_left_to_person(row, unit, key)
            return None
        if not _VALUE_TESTS[unit](value) or (unit is Kind.CHOICE and value not in choices):
            raise self._bad("value", value, key)
        return value

    def _check_left_to_person(self, row: Mapping[str, Any], unit: Kind, key: str) -> None:
        """Refuse a value where the text gives none and a person sets it in the case (O-11, N6)."""
        if row["set_by"] != "person" or row["value"] is not None or not unit.counts_time:
            raise self._bad("set_by", row["set_by"], key)

    def _cited(self, row: Mapping[str, Any], field: str, rank: Rank, key: str) -> str:
        """Return clause or quote; whoever cites a text must say which words of it."""
        if rank is Rank.OFFICE:
            return str(row.get(field) or "")
        return self._words(row, field, key)

    def _event(self, row: Mapping[str, Any], field: str, unit: Kind, key: str) -> str:
        if unit.counts_time:
            return self._words(row, field, key)
        return str(row.get(field) or "")

    def _standing(self, row: Mapping[str, Any], rank: Rank, key: str) -> Standing | None:
        if rank is not Rank.OFFICE:
            if row.get("standing") is not None:
                raise self._bad("standing", row["standing"], key)
            return None
        return self._one_of(Standing, row.get("standing"), "standing", key)

    def _subject_kinds(self, row: Mapping[str, Any], key: str) -> tuple[str, ...]:
        kinds = self._texts(row, "subject_kinds", key)
        for kind in kinds:
            if kind not in SUBJECT_KINDS:
                raise self._bad("subject_kinds", kind, key)
        return kinds

    def _refuse_twins(self, parameters: tuple[Parameter, ...]) -> None:
        """Refuse two parameters of one key that would bind the same subject on the same day."""
        for number, one in enumerate(parameters):
            for other in parameters[number + 1 :]:
                if one.key == other.key and one.rank is other.rank and _overlap(one, other):
                    raise RuleMissing("error.rule_twice", source=self.source, parameter=one.key)

    # --- Reading single fields ---

    def _words(self, row: Mapping[str, Any], field: str, key: str) -> str:
        value = row.get(field)
        if not isinstance(value, str) or not value.strip():
            raise self._missing(field, key)
        return value.strip()

    def _texts(self, row: Mapping[str, Any], field: str, key: str) -> tuple[str, ...]:
        value = row.get(field, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self._bad(field, value, key)
        return tuple(value)

    def _switch(self, row: Mapping[str, Any], field: str, key: str) -> bool:
        value = row.get(field)
        if not isinstance(value, bool):
            raise self._missing(field, key)
        return value

    def _day(self, value: object, field: str, key: str) -> date:
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            raise self._bad(field, value, key) from None

    def _last_day(self, value: object, key: str) -> date | None:
        return None if value is None else self._day(value, "valid_to", key)

    def _one_of(self, kinds: type[_E], value: object, field: str, key: str) -> _E:
        try:
            return kinds(str(value))
        except ValueError:
            raise self._bad(field, value, key) from None

    def _only(self, row: Mapping[str, Any], known: set[str], key: str) -> None:
        for field in sorted(set(row) - known):
            raise RuleMissing(
                "error.rule_field_unknown", source=self.source, parameter=key, field=field
            )

    def _missing(self, field: str, key: str) -> RuleMissing:
        return RuleMissing(
            "error.rule_field_missing", source=self.source, parameter=key, field=field
        )

    def _bad(self, field: str, value: object, key: str) -> RuleMissing:
        return RuleMissing(
            "error.rule_field_invalid",
            source=self.source,
            parameter=key,
            field=field,
            value=str(value),
        )


def _overlap(one: Parameter, other: Parameter) -> bool:
    share_a_kind = bool(set(one.subject_kinds) & set(other.subject_kinds))
    are_both_general = not one.subject_kinds and not other.subject_kinds
    return one.valid_from == other.valid_from and (share_a_kind or are_both_general)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 9999


def _is_point(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        parse_point(value)
    except DiagramError:
        return False
    return True


def _is_allowance(value: object) -> bool:
    """Tell whether a value says what make_allowance understands, or that nothing is allowed."""
    if value is None:
        return True
    if not isinstance(value, dict) or set(value) - {"grounds", "times", "max", "total", "approval"}:
        return False
    numbers = [value[name] for name in ("times", "max", "total") if value.get(name) is not None]
    return all(_is_number(number) for number in numbers)


_VALUE_TESTS = {
    Kind.WORKING_DAYS: _is_number,
    Kind.CALENDAR_DAYS: _is_number,
    Kind.MONTHS: _is_number,
    Kind.NUMBER: _is_number,
    Kind.POINT: _is_point,
    Kind.CHOICE: lambda value: isinstance(value, str),
    Kind.SWITCH: lambda value: isinstance(value, bool),
    Kind.ITEMS: lambda value: isinstance(value, list),
    Kind.ALLOWANCE: _is_allowance,
}
