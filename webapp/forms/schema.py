"""Builds a marshmallow schema from a form, so that the page and the server agree on every limit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields

from webapp.forms.checks import CODES
from webapp.forms.definition import Field
from webapp.phrases import Phrase, phrase
from workflows.services.check_identifier import clean_code

# Our sentence for each complaint marshmallow can make, per kind of field: its own are English only.
MESSAGES: Mapping[str, Mapping[str, str]] = {
    "text": {"invalid": "check.not_text", "invalid_utf8": "check.not_text"},
    "number": {"invalid": "check.not_number", "special": "check.not_number"},
    "whole": {"invalid": "check.not_whole_number", "too_large": "check.not_whole_number"},
    "date": {"invalid": "check.not_date", "format": "check.not_date"},
    "boolean": {"invalid": "check.invalid"},
    "list": {"invalid": "check.invalid"},
}
EVERYWHERE = {
    "required": "check.required",
    "null": "check.required",
    "validator_failed": "check.invalid",
}
# Eight digits, or year, month and day with anything short between and after them.
DATE_AS_TYPED = re.compile(
    r"(\d{4})(?:\D{1,2}|(?=\d{4}$))(\d{1,2})(?:\D{1,2}|(?=\d{2}$))(\d{1,2})\D?"
)
REQUIRED = {
    "radio": "check.required_choice",
    "select": "check.required_choice",
    "checklist": "check.required_choices",
    "filepicker": "check.required_file",
    "checkbox": "check.required_tick",
}


class Refused(ValidationError):
    """A complaint that is a sentence with facts, where marshmallow's are bare strings."""

    def __init__(self, complaint: Phrase) -> None:
        super().__init__([complaint])


def build_schema(questions: Iterable[Field], *, choices: Mapping[str, Collection[str]]) -> Schema:
    """Return the schema of these questions; ``choices`` gives the values each may take."""
    built = {
        question.key: _field(question, choices.get(question.key, ())) for question in questions
    }
    schema = Schema.from_dict(built, name="Answers")
    return schema(unknown=EXCLUDE)


def _field(question: Field, allowed: Collection[str]) -> fields.Field[Any]:
    required = question.limits.required
    common: dict[str, Any] = {
        "required": required,
        "allow_none": not required,
        "load_default": None,
        "validate": _validators(question, allowed),
    }
    if required:
        del common["load_default"]
    builder = _BUILDERS.get(question.kind, _text)
    return builder(question, common)


def _messages(kind: str, question: Field) -> dict[str, Any]:
    needed = REQUIRED.get(question.kind, "check.required")
    return {**EVERYWHERE, **MESSAGES[kind], "required": needed, "null": needed}


def _text(question: Field, common: dict[str, Any]) -> fields.Field[Any]:
    return fields.String(error_messages=_messages("text", question), **common)


def _number(question: Field, common: dict[str, Any]) -> fields.Field[Any]:
    if question.limits.decimals == 0:
        return fields.Integer(strict=True, error_messages=_messages("whole", question), **common)
    return fields.Decimal(error_messages=_messages("number", question), **common)


def _date(question: Field, common: dict[str, Any]) -> fields.Field[Any]:
    return fields.Date(format="iso", error_messages=_messages("date", question), **common)


def _checkbox(question: Field, common: dict[str, Any]) -> fields.Field[Any]:
    if not question.limits.required:
        common["load_default"] = False
    return fields.Boolean(error_messages=_messages("boolean", question), **common)


def _many(question: Field, common: dict[str, Any]) -> fields.Field[Any]:
    if not question.limits.required:
        common["load_default"] = list
    messages = _messages("list", question)
    return fields.List(fields.String(), error_messages=messages, **common)


_BUILDERS: Mapping[str, Callable[[Field, dict[str, Any]], fields.Field[Any]]] = {
    "number": _number,
    "date": _date,
    "checkbox": _checkbox,
    "checklist": _many,
    "filepicker": _many,
}


def _validators(question: Field, allowed: Collection[str]) -> list[Callable[[Any], None]]:
    makers: Mapping[str, Callable[[Field, Collection[str]], list[Callable[[Any], None]]]] = {
        "radio": _one_of,
        "select": _one_of,
        "checklist": _all_of,
        "checkbox": _ticked,
        "filepicker": _files,
        "number": _between,
        "date": _nothing,
    }
    return makers.get(question.kind, _length)(question, allowed)


def _nothing(question: Field, allowed: Collection[str]) -> list[Callable[[Any], None]]:
    return []


def _one_of(question: Field, allowed: Collection[str]) -> list[Callable[[Any], None]]:
    def check(value: Any) -> None:
        if value is not None and value not in allowed:
            raise Refused(phrase("check.not_choice"))

    return [check]


def _all_of(question: Field, allowed: Collection[str]) -> list[Callable[[Any], None]]:
    def check(values: Any) -> None:
        if question.limits.required and not values:
            raise Refused(phrase("check.required_choices"))
        if any(value not in allowed for value in values or ()):
            raise Refused(phrase("check.not_choice"))

    return [check]


def _ticked(question: Field, allowed: Collection[str]) -> list[Callable[[Any], None]]:
    def check(value: Any) -> None:
        if question.limits.required and not value:
            raise Refused(phrase("check.required_tick"))

    return [check]


def _files(question: Field, allowed: Collection[str]) -> list[Callable[[Any], None]]:
    def check(tokens: Any) -> None:
        if question.limits.required and not tokens:
            raise Refused(phrase("check.required_file"))
        if len(tokens or ()) > 1 and not question.takes_many:
            raise Refused(phrase("check.file.one"))
        if any(token not in allowed for token in tokens or ()):
            raise Refused(phrase("check.file.gone"))

    return [check]


def _between(question: Field, allowed: Collection[str]) -> list[Callable[[Any], None]]:
    limits = question.limits

    def check(value: Any) -> None:
        if value is None:
            return
        if limits.minimum is not None and value < Decimal(str(limits.minimum)):
            raise Refused(phrase("check.too_small", limit=limits.minimum))
        if limits.maximum is not None and value > Decimal(str(limits.maximum)):
            raise Refused(phrase("check.too_big", limit=limits.maximum))

    return [check]


def _length(question: Field, allowed: Collection[str]) -> list[Callable[[Any], None]]:
    limits = question.limits

    def check(value: Any) -> None:
        if value is None:
            return
        count = len(value)
        if limits.min_length is not None and count < limits.min_length:
            raise Refused(phrase("check.too_short", limit=limits.min_length, count=count))
        if limits.max_length is not None and count > limits.max_length:
            raise Refused(phrase("check.too_long", limit=limits.max_length, count=count))
        if limits.pattern and not re.fullmatch(limits.pattern, value):
            raise Refused(phrase("check.pattern"))

    return [check]


def tidy(question: Field, value: Any) -> Any:
    """Return an answer as it will be stored: trimmed, empty as None, a code in capitals."""
    if isinstance(value, str):
        value = value.replace("\r\n", "\n").strip()
        if value and any(name.split(":")[0] in CODES for name in question.checks):
            value = clean_code(value)
        if question.kind == "number":
            value = unicodedata.normalize("NFKC", value).replace(",", "")
        if question.kind == "date":
            value = _iso(value)
        return value or None
    return value


def _iso(text: str) -> str:
    """Return a date however it was typed (20261013, 2026/10/13, with year and month words) as ISO.

    What is no date stays as it is, so that it can be shown again.
    """
    match = DATE_AS_TYPED.fullmatch(unicodedata.normalize("NFKC", text))
    if match is None:
        return text
    year, month, day = match.groups()
    return f"{year}-{int(month):02}-{int(day):02}"
