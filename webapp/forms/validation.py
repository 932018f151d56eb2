"""Checks what was entered: the server's word, whatever the page's script let through."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from marshmallow import ValidationError

from webapp.forms.checks import CHECKS, CheckContext
from webapp.forms.conditions import is_met
from webapp.forms.definition import Choice, Field, FormDefinition
from webapp.forms.schema import build_schema, tidy
from webapp.phrases import Phrase, phrase
from workflows.errors import DiagramError

LISTS = frozenset({"checklist", "filepicker"})
TEXT_KIND_CHECKS = {"email": "email", "phone": "phone"}


class StagedFile(Protocol):
    """A file waiting for its form (a row of staged uploads)."""

    @property
    def token(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...


@dataclass(frozen=True)
class FormContext:
    """What a form needs from its page: the business day, choices, staged files, other facts.

    ``choices`` maps a ``source`` to its choices; ``files`` maps a token to its staged file;
    ``facts`` are dates and values a check or condition may name without their being a question.
    """

    today: date
    choices: Mapping[str, Sequence[Choice]] = field(default_factory=dict)
    files: Mapping[str, StagedFile] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Validated:
    """The outcome of a check: tidy answers, complaints that refuse, doubts that do not."""

    clean: dict[str, Any]
    errors: dict[str, tuple[Phrase, ...]]
    doubts: dict[str, tuple[Phrase, ...]]

    @property
    def is_valid(self) -> bool:
        """Return whether nothing has to be changed."""
        return not self.errors


class Multi(Protocol):
    """Answers as a browser posts them (werkzeug's MultiDict)."""

    def getlist(self, key: str) -> list[str]: ...


def read_answers(definition: FormDefinition, posted: Multi) -> dict[str, Any]:
    """Return the raw answers of a posted form: lists for lists, None where nothing was sent."""
    raw: dict[str, Any] = {}
    for question in definition.fields:
        sent = [value for value in posted.getlist(question.key) if value != ""]
        if question.kind in LISTS:
            raw[question.key] = sent
        elif question.kind == "checkbox":
            raw[question.key] = "true" if sent else "false"
        else:
            raw[question.key] = sent[-1] if sent else None
    return raw


def validate(
    definition: FormDefinition, raw: Mapping[str, Any] | Multi, *, context: FormContext
) -> Validated:
    """Check the answers of every question that shows; hidden and locked ones are thrown away.

    A question marked ``doubt`` never refuses: its complaint is returned beside the answer.
    """
    answers = dict(raw) if isinstance(raw, Mapping) and not hasattr(raw, "getlist") else None
    if answers is None:
        answers = read_answers(definition, raw)  # type: ignore[arg-type]
    shown = visible_fields(definition, answers, facts=context.facts)
    questions = [question for question in shown if not question.is_locked]
    tidied = {q.key: tidy(q, answers.get(q.key)) for q in questions}
    clean, complaints = _load(questions, tidied, context)
    _check_named(definition, questions, clean, complaints, context)
    doubtful = {q.key for q in questions if q.is_doubt_only}
    return _sorted(clean, complaints, doubtful, tidied)


def visible_fields(
    definition: FormDefinition, answers: Mapping[str, Any], *, facts: Mapping[str, Any]
) -> list[Field]:
    """Return the questions that show for these answers.

    The answer of a hidden question counts as empty for the questions that depend on it.
    """
    seen: dict[str, Any] = dict(facts)
    shown: list[Field] = []
    for question in definition.fields:
        if question.hidden_when is not None and is_met(question.hidden_when, seen):
            seen[question.key] = None
            continue
        seen[question.key] = answers.get(question.key)
        shown.append(question)
    return shown


def _load(
    questions: Sequence[Field], tidied: Mapping[str, Any], context: FormContext
) -> tuple[dict[str, Any], dict[str, list[Phrase]]]:
    allowed = {q.key: _allowed(q, context) for q in questions}
    schema = build_schema(questions, choices=allowed)
    given = {key: value for key, value in tidied.items() if value is not None}
    try:
        return dict(schema.load(given)), {}
    except ValidationError as problem:
        found: Any = problem.messages
        complaints = {str(key): _phrases(said) for key, said in found.items()}
        valid: Any = problem.valid_data
        return dict(valid or {}), complaints


def _allowed(question: Field, context: FormContext) -> Collection[str]:
    if question.kind == "filepicker":
        return frozenset(context.files)
    return frozenset(choice.value for choice in choices_of(question, context))


def choices_of(question: Field, context: FormContext) -> Sequence[Choice]:
    """Return the choices of a question. Raises DiagramError when its source is not provided."""
    if not question.source:
        return question.choices
    try:
        return context.choices[question.source]
    except KeyError:
        raise DiagramError("form.no_source", element=question.key, source=question.source) from None


def _phrases(found: Any) -> list[Phrase]:
    """Return marshmallow's complaints as sentences; those of list items are flattened."""
    if isinstance(found, Mapping):
        return [part for value in found.values() for part in _phrases(value)]
    return [item if isinstance(item, Phrase) else phrase(str(item)) for item in found]


def _check_named(
    definition: FormDefinition,
    questions: Sequence[Field],
    clean: Mapping[str, Any],
    complaints: dict[str, list[Phrase]],
    context: FormContext,
) -> None:
    labels = {question.key: question.label for question in definition.fields}
    answers = {**context.facts, **clean}
    for question in questions:
        value = clean.get(question.key)
        if value is None or question.key in complaints:
            continue
        for name, argument in _named_checks(question):
            found = _get_check(name, question)(
                value, CheckContext(context.today, answers, labels, argument)
            )
            if found is not None:
                complaints.setdefault(question.key, []).append(found)
                break


def _named_checks(question: Field) -> list[tuple[str, str]]:
    named = [check.partition(":") for check in question.checks]
    found = [(name, argument) for name, _, argument in named]
    implied = TEXT_KIND_CHECKS.get(question.limits.text_kind)
    return [(implied, ""), *found] if implied else found


def _get_check(name: str, question: Field) -> Callable[[Any, CheckContext], Phrase | None]:
    if name not in CHECKS:
        raise DiagramError("form.unknown_check", element=question.key, check=name)
    return CHECKS[name]


def _sorted(
    clean: dict[str, Any],
    complaints: Mapping[str, list[Phrase]],
    doubtful: Collection[str],
    tidied: Mapping[str, Any],
) -> Validated:
    errors = {k: tuple(v) for k, v in complaints.items() if k not in doubtful}
    doubts = {k: tuple(v) for k, v in complaints.items() if k in doubtful}
    for key in doubts:
        clean[key] = tidied[key]
    return Validated(clean=clean, errors=errors, doubts=doubts)


def variables(definition: FormDefinition, clean: Mapping[str, Any]) -> dict[str, Any]:
    """Return the process variables of a form: plain JSON values, never protected answers.

    A question that did not show gives None, so that a gateway never reads an old answer.
    """
    return {
        question.variable: _plain(clean.get(question.key))
        for question in definition.fields
        if question.variable and not question.is_protected
    }


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def storable(definition: FormDefinition, clean: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers as JSON values for the task's record, without protected ones."""
    hidden = {question.key for question in definition.fields if question.is_protected}
    return {key: _plain(value) for key, value in clean.items() if key not in hidden}
