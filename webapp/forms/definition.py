"""Reads a form-js schema into plain values: the one description page and check share.

Only a part of form-js is read: textfield, textarea, number, datetime (dates), select, radio,
checkbox, checklist, filepicker, text, group, separator and a button's label. What is ours stands
in ``properties``:

- ``variable``: the process variable the answer becomes (never for a protected answer)
- ``source``: the name of a list of choices the page provides
- ``check``: named checks, separated by commas (``uscc``, ``not_after:arrived_on``)
- ``doubt``: the check's complaint is kept beside the answer and does not refuse it
- ``protected``: personal data; kept in the vault, never a variable, never in a draft's plain text
- ``locked``: shown, not answered; ``reason`` says why
- ``layout``: ``row`` puts choices side by side; ``buttons`` has the two buttons of the page answer

Whatever else stands there (``service_check``, ``prefill``) is kept in ``Field.properties`` for the
page and the service that know it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from webapp.forms.conditions import ConditionError, Tree, parse_condition
from workflows.errors import DiagramError

CHOOSING = frozenset({"select", "radio", "checklist"})
INPUTS = CHOOSING | {"textfield", "textarea", "number", "datetime", "checkbox", "filepicker"}
PASSAGES = frozenset({"text", "separator"})
IGNORED = frozenset({"spacer", "button"})
KINDS = {"datetime": "date"}
FULL_WIDTH = 16


@dataclass(frozen=True)
class Choice:
    """One answer to choose: what is stored and what is read."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True)
class Limits:
    """Bounds of an answer; None is no bound."""

    required: bool = False
    min_length: int | None = None
    max_length: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    decimals: int | None = None
    text_kind: str = ""


@dataclass(frozen=True)
class Field:
    """One question of a form."""

    key: str
    kind: str
    label: str
    help: str = ""
    limits: Limits = Limits()
    choices: tuple[Choice, ...] = ()
    source: str = ""
    checks: tuple[str, ...] = ()
    is_doubt_only: bool = False
    variable: str = ""
    is_protected: bool = False
    is_locked: bool = False
    lock_reason: str = ""
    hidden_when: Tree | None = None
    default: Any = None
    is_in_row: bool = False
    is_by_button: bool = False
    is_narrow: bool = False
    rows: int = 4
    accept: str = ""
    takes_many: bool = False
    suffix: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Passage:
    """Words between questions; a separator has none."""

    text: str = ""
    hidden_when: Tree | None = None


@dataclass(frozen=True)
class Group:
    """Questions under one heading."""

    label: str
    items: tuple[Item, ...]
    hidden_when: Tree | None = None


Item = Field | Passage | Group


@dataclass(frozen=True)
class FormDefinition:
    """A form: its id and its items in order."""

    id: str
    items: tuple[Item, ...]
    title: str = ""
    fields: tuple[Field, ...] = field(default=())
    submit: str = ""
    """The verb on its button, where the form draws one."""

    def get_field(self, key: str) -> Field:
        """Return a question by its key. Raises KeyError when there is none."""
        for found in self.fields:
            if found.key == key:
                return found
        raise KeyError(key)


def parse_form(
    content: bytes | str | Mapping[str, Any],
    *,
    source: str = "",
    texts: Mapping[str, str] | None = None,
) -> FormDefinition:
    """Read a form-js schema, in the language of ``texts`` where it has a word.

    ``texts`` maps ``<form id>.<key>.label``, ``.help``, ``.option.<value>``, ``.reason`` and
    ``.suffix`` (a group or passage goes by its ``id``: ``.label``, ``.text``),
    ``<form id>.submit.label`` and ``<form id>.title``. Raises DiagramError naming the file and the
    component.
    """
    schema = _read(content, source)
    form_id = str(schema.get("id") or source.rsplit("/", 1)[-1].removesuffix(".json"))
    reader = _Reader(form_id, source or form_id, texts or {})
    items = reader.items(schema.get("components") or [], None)
    title = reader.word("title", str(schema.get("title", "")))
    fields = tuple(_fields(items))
    reader.refuse_doubles(fields)
    submit = reader.submit(schema.get("components") or [])
    return FormDefinition(id=form_id, items=items, title=title, fields=fields, submit=submit)


def _read(content: bytes | str | Mapping[str, Any], source: str) -> Mapping[str, Any]:
    if isinstance(content, Mapping):
        return content
    try:
        schema = json.loads(content)
    except ValueError as problem:
        raise DiagramError("form.not_json", file=source, problem=str(problem)) from problem
    if not isinstance(schema, dict):
        raise DiagramError("form.not_json", file=source, problem="not an object")
    return schema


def _fields(items: Sequence[Item]) -> Iterator[Field]:
    for item in items:
        if isinstance(item, Field):
            yield item
        elif isinstance(item, Group):
            yield from _fields(item.items)


class _Reader:
    """Reads components of one form and knows whom to name when one is wrong."""

    def __init__(self, form_id: str, file: str, texts: Mapping[str, str]) -> None:
        self.form_id = form_id
        self.file = file
        self.texts = texts

    def word(self, path: str, own: str) -> str:
        return self.texts.get(f"{self.form_id}.{path}", own)

    def refuse(self, key: str, component: str, **facts: Any) -> DiagramError:
        return DiagramError(key, file=self.file, element=component, **facts)

    def refuse_doubles(self, fields: Sequence[Field]) -> None:
        seen: set[str] = set()
        for found in fields:
            if found.key in seen:
                raise self.refuse("form.double_key", found.key)
            seen.add(found.key)

    def submit(self, components: Sequence[Mapping[str, Any]]) -> str:
        buttons = (one for one in components if one.get("type") == "button")
        return next((self.word("submit.label", str(one.get("label", ""))) for one in buttons), "")

    def items(
        self, components: Sequence[Mapping[str, Any]], outer: Tree | None
    ) -> tuple[Item, ...]:
        found = (self.item(component, outer) for component in components)
        return tuple(item for item in found if item is not None)

    def item(self, component: Mapping[str, Any], outer: Tree | None) -> Item | None:
        kind = str(component.get("type", ""))
        name = str(component.get("key") or component.get("id") or kind)
        if kind in IGNORED:
            return None
        hidden = _either(outer, self.condition(component, name))
        if kind == "group":
            label = self.word(f"{name}.label", str(component.get("label", "")))
            return Group(label, self.items(component.get("components") or [], hidden), hidden)
        if kind in PASSAGES:
            return Passage(self.word(f"{name}.text", str(component.get("text", ""))), hidden)
        if kind not in INPUTS:
            raise self.refuse("form.unknown_type", name, type=kind)
        if not component.get("key"):
            raise self.refuse("form.no_key", name)
        return self.field(component, kind, name, hidden)

    def condition(self, component: Mapping[str, Any], name: str) -> Tree | None:
        text = (component.get("conditional") or {}).get("hide")
        if not text:
            return None
        try:
            return parse_condition(str(text))
        except ConditionError as problem:
            raise self.refuse("form.condition", name, problem=str(problem)) from problem

    def field(
        self, component: Mapping[str, Any], kind: str, key: str, hidden: Tree | None
    ) -> Field:
        own = component.get("properties") or {}
        if kind in CHOOSING and not own.get("source") and not component.get("values"):
            raise self.refuse("form.no_choices", key)
        # form-js keeps what stands above a date apart from what stands above a time of day.
        asked = component.get("label") or component.get("dateLabel")
        if not asked:
            raise self.refuse("form.no_label", key)
        return Field(
            key=key,
            kind=KINDS.get(kind, kind),
            label=self.word(f"{key}.label", str(asked)),
            help=self.word(f"{key}.help", str(component.get("description", ""))),
            limits=_limits(component),
            choices=self.choices(component, key),
            source=str(own.get("source", "")),
            checks=tuple(c.strip() for c in str(own.get("check", "")).split(",") if c.strip()),
            is_doubt_only=_yes(own.get("doubt")),
            variable="" if _yes(own.get("protected")) else str(own.get("variable", "")),
            is_protected=_yes(own.get("protected")),
            is_locked=_yes(own.get("locked")) or bool(component.get("readonly")),
            lock_reason=self.word(f"{key}.reason", str(own.get("reason", ""))),
            hidden_when=hidden,
            default=component.get("defaultValue"),
            properties={str(name): str(value) for name, value in own.items()},
            is_in_row=own.get("layout") == "row",
            is_by_button=own.get("layout") == "buttons",
            is_narrow=_columns(component) < FULL_WIDTH,
            rows=int(own.get("rows", 4)),
            accept=str(component.get("accept", "")),
            takes_many=bool(component.get("multiple")),
            suffix=self.word(
                f"{key}.suffix", str((component.get("appearance") or {}).get("suffixAdorner", ""))
            ),
        )

    def choices(self, component: Mapping[str, Any], key: str) -> tuple[Choice, ...]:
        return tuple(
            Choice(
                str(value["value"]),
                self.word(f"{key}.option.{value['value']}", str(value.get("label", ""))),
            )
            for value in component.get("values") or []
        )


def _either(first: Tree | None, second: Tree | None) -> Tree | None:
    if first and second:
        return ["or", first, second]
    return first or second


def _yes(value: Any) -> bool:
    return value is True or str(value).lower() in ("true", "yes")


def _columns(component: Mapping[str, Any]) -> int:
    return int((component.get("layout") or {}).get("columns") or FULL_WIDTH)


def _limits(component: Mapping[str, Any]) -> Limits:
    rules = component.get("validate") or {}
    return Limits(
        required=bool(rules.get("required")),
        min_length=rules.get("minLength"),
        max_length=rules.get("maxLength"),
        minimum=rules.get("min"),
        maximum=rules.get("max"),
        pattern=rules.get("pattern"),
        decimals=component.get("decimalDigits"),
        text_kind=str(rules.get("validationType", "")),
    )
