"""Prepares a form for its page: answers, complaints and choices beside each question."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from webapp.forms.conditions import Tree, is_met
from webapp.forms.definition import Choice, Field, FormDefinition, Group, Item
from webapp.forms.validation import FormContext, StagedFile, choices_of
from webapp.phrases import Phrase, Words, phrase

TEXT_INPUT_TYPES = {"email": "email", "phone": "tel"}
NO_SELECT_BELOW = 7


@dataclass(frozen=True)
class Upload:
    """What a file field takes: where files go, which kinds, how large."""

    url: str
    types: str = ".pdf,.jpg,.jpeg,.png"
    type_words: Words = field(default_factory=lambda: phrase("form.file.types"))
    limit: int = 20 * 1024 * 1024


@dataclass(frozen=True)
class FormLink:
    """A rare way on, set as a link beside the buttons."""

    label: Words
    url: str


@dataclass(frozen=True)
class FormFrame:
    """What surrounds the questions: where they go, what happens then, how the draft stands."""

    action: str
    command_id: str
    submit: Words = field(default_factory=lambda: phrase("form.submit"))
    effect: Words = ""
    draft_url: str | None = None
    draft_state: Words = ""
    upload: Upload | None = None
    link: FormLink | None = None
    hidden: tuple[tuple[str, str], ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    is_kept: bool = False


@dataclass(frozen=True)
class Option:
    """A choice as drawn."""

    value: str
    label: str
    is_chosen: bool
    element: str
    note: str = ""


@dataclass(frozen=True)
class Question:
    """A question as drawn; ``element`` is the id of its control."""

    field: Field
    element: str
    value: str
    options: tuple[Option, ...] = ()
    files: tuple[StagedFile, ...] = ()
    errors: tuple[Phrase, ...] = ()
    doubts: tuple[Phrase, ...] = ()
    is_hidden: bool = False
    control: str = "text"

    @property
    def is_grouped(self) -> bool:
        """Return whether the question is a fieldset with a legend."""
        return self.control in ("radio", "checklist")

    @property
    def described_by(self) -> str:
        """Return the ids of help and complaint, for aria-describedby."""
        parts = [f"{self.element}-help"] if self.field.help else []
        if self.errors or self.doubts:
            parts.append(f"{self.element}-bad")
        return " ".join(parts)

    @property
    def attributes(self) -> dict[str, str | int | None]:
        """Return what the control says of itself in HTML; None leaves an attribute out."""
        limits, is_file = self.field.limits, self.field.kind == "filepicker"
        return {
            "id": self.element,
            # A file travels ahead of its form; the name itself is kept for its token.
            "name": f"{self.field.key}.file" if is_file else self.field.key,
            "required": "" if limits.required and not is_file else None,
            "minlength": limits.min_length,
            "maxlength": limits.max_length,
            "pattern": limits.pattern,
            "aria-invalid": "true" if self.errors else None,
            "aria-describedby": self.described_by or None,
        }

    @property
    def hide_data(self) -> str:
        """Return the condition as the page's script reads it."""
        return _tree_data(self.field.hidden_when)


@dataclass(frozen=True)
class Section:
    """A heading with its items, or words between questions, as drawn."""

    kind: str
    text: str = ""
    items: tuple[Question | Section, ...] = ()
    is_hidden: bool = False
    hide_data: str = ""


@dataclass(frozen=True)
class FormView:
    """A form as drawn."""

    id: str
    title: str
    items: tuple[Question | Section, ...]
    frame: FormFrame
    problems: tuple[tuple[str, Words], ...]
    doubts: tuple[tuple[str, Words], ...]
    has_files: bool
    facts_data: str

    @property
    def element(self) -> str:
        """Return the id of the form element."""
        return f"form-{self.id}"


Errors = Mapping[str, Sequence[Phrase]]


def form_view(
    definition: FormDefinition,
    *,
    frame: FormFrame,
    context: FormContext,
    values: Mapping[str, Any] | None = None,
    errors: Errors | None = None,
    doubts: Errors | None = None,
) -> FormView:
    """Return the form with these answers; without answers, with its defaults."""
    drawer = _Drawer(definition, context, values, errors or {}, doubts or {})
    items = tuple(drawer.item(item) for item in definition.items)
    return FormView(
        id=definition.id,
        title=definition.title,
        items=items,
        frame=frame,
        problems=drawer.complaints(drawer.errors),
        doubts=drawer.complaints(drawer.doubts),
        has_files=any(question.kind == "filepicker" for question in definition.fields),
        facts_data=json.dumps(
            {key: _written(value) for key, value in context.facts.items()}, ensure_ascii=False
        ),
    )


class _Drawer:
    """Draws the items of one form."""

    def __init__(
        self,
        definition: FormDefinition,
        context: FormContext,
        values: Mapping[str, Any] | None,
        errors: Errors,
        doubts: Errors,
    ) -> None:
        self.definition = definition
        self.context = context
        self.errors = errors
        self.doubts = doubts
        self.values = {
            question.key: question.default if values is None else values.get(question.key)
            for question in definition.fields
        }
        self.seen = {**context.facts, **self.values}

    def complaints(self, given: Errors) -> tuple[tuple[str, Words], ...]:
        """Return each complaint with the element to jump to, in the order of the page."""
        found: list[tuple[str, Words]] = []
        for question in self.definition.fields:
            for complaint in given.get(question.key, ()):
                target = f"{self.element(question.key)}-field"
                found.append(
                    (target, phrase("form.problem", label=question.label, problem=complaint))
                )
        return tuple(found)

    def element(self, key: str) -> str:
        return f"{self.definition.id}-{key}".replace(".", "-")

    def item(self, item: Item) -> Question | Section:
        if isinstance(item, Field):
            return self.question(item)
        hidden = self.is_hidden(item.hidden_when)
        data = _tree_data(item.hidden_when)
        if isinstance(item, Group):
            inner = tuple(self.item(part) for part in item.items)
            return Section("group", item.label, inner, hidden, data)
        return Section("text" if item.text else "separator", item.text, (), hidden, data)

    def is_hidden(self, tree: Tree | None) -> bool:
        return tree is not None and is_met(tree, self.seen)

    def question(self, question: Field) -> Question:
        value = self.values.get(question.key)
        options = self.options(question, value)
        return Question(
            field=question,
            element=self.element(question.key),
            value=_written(value),
            options=options,
            files=self.files(question, value),
            errors=tuple(self.errors.get(question.key, ())),
            doubts=tuple(self.doubts.get(question.key, ())),
            is_hidden=self.is_hidden(question.hidden_when),
            control=_control(question, options),
        )

    def options(self, question: Field, value: Any) -> tuple[Option, ...]:
        if question.kind not in ("radio", "select", "checklist"):
            return ()
        chosen = set(value) if isinstance(value, list | tuple) else {_written(value)}
        return tuple(
            Option(
                choice.value,
                choice.label,
                choice.value in chosen,
                f"{self.element(question.key)}-{place}",
                choice.note,
            )
            for place, choice in enumerate(self.choices(question))
        )

    def choices(self, question: Field) -> Sequence[Choice]:
        return choices_of(question, self.context)

    def files(self, question: Field, value: Any) -> tuple[StagedFile, ...]:
        if question.kind != "filepicker":
            return ()
        known = self.context.files
        return tuple(known[token] for token in value or () if token in known)


def _control(question: Field, options: Sequence[Option]) -> str:
    """Return how the question is drawn; few choices are never hidden in a select."""
    if question.kind == "textfield":
        return TEXT_INPUT_TYPES.get(question.limits.text_kind, "text")
    if question.kind == "select" and len(options) < NO_SELECT_BELOW:
        return "radio"
    return question.kind


def _tree_data(tree: Tree | None) -> str:
    return json.dumps(tree, ensure_ascii=False) if tree else ""


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value)
