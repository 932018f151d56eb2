"""Reads which variables a form can give, and with which values, from the form's own file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from workflows.engine.bundle import Bundle
from workflows.engine.expressions import evaluate
from workflows.errors import DiagramError
from workflows.lint.declared import ITEMS, KEPT, VALUE, Declared
from workflows.lint.values import Domains, Values, freeze

MANY = frozenset({"checklist", "taglist"})
_EQUALS = re.compile(r"(?<![!<>=])=(?!=)")


@dataclass(frozen=True)
class Field:
    """A question whose answer becomes a variable."""

    key: str
    variable: str
    values: tuple[Any, ...]
    choices: tuple[Any, ...]
    """What can be chosen; of a list ``values`` say only how long it is."""
    is_required: bool
    hidden_when: str


def read_fields(bundle: Bundle, form: str) -> tuple[Field, ...]:
    """Return the questions of a form that become variables; none where there is no such form."""
    for file in (f"forms/{form}.json", f"shared/forms/{form}.json"):
        if file in bundle.files:
            content = json.loads(bundle.files[file])
            return tuple(_fields(content.get("components", ())))
    return ()


def _fields(components: Any) -> Iterator[Field]:
    for each in components:
        yield from _fields(each.get("components", ()))
        own = each.get("properties") or {}
        if own.get("variable") and str(own.get("protected", "")).lower() not in ("true", "yes"):
            yield _field(each, str(own["variable"]))


def _field(component: Mapping[str, Any], variable: str) -> Field:
    condition = str((component.get("conditional") or {}).get("hide") or "").strip()
    return Field(
        key=str(component.get("key", "")),
        variable=variable,
        values=_values(component),
        choices=tuple(each["value"] for each in component.get("values") or ()),
        is_required=bool((component.get("validate") or {}).get("required")),
        hidden_when=_EQUALS.sub("==", condition.removeprefix("=")).strip(),
    )


def _values(component: Mapping[str, Any]) -> tuple[Any, ...]:
    kind = component.get("type")
    if kind in MANY:
        return (ITEMS,)
    if kind == "checkbox":
        return (True, False)
    if kind == "number":
        return (0, 1, 2)
    return tuple(each["value"] for each in component.get("values") or ()) or (VALUE,)


def answers(
    fields: tuple[Field, ...], declared: Declared, domains: Domains, kept: frozenset[str]
) -> tuple[Values, ...]:
    """Return every answer that can be told from the others, with what it brings with it."""
    own = [(field, _with_gap(field)) for field in fields if _matters(field, fields, kept)]
    extra = [(name, each) for name, each in declared.sets.items() if name in kept]
    found: dict[tuple[Any, ...], Values] = {}
    for values in product(*(values for _, values in own)):
        answered = _shown(dict(zip((field.key for field, _ in own), values, strict=True)), own)
        given = {field.variable: answered[field.key] for field, _ in own if field.key in answered}
        for given_too in product(*(each for _, each in extra)):
            both = {**given, **_not_kept(zip((n for n, _ in extra), given_too, strict=True))}
            for full in _spread_all(_followed(both, declared), domains, kept):
                found.setdefault(freeze(full), full)
    return tuple(found.values())


def _matters(field: Field, fields: tuple[Field, ...], kept: frozenset[str]) -> bool:
    """Return whether the variable is read, or another question is shown by this one."""
    return field.variable in kept or any(field.key in other.hidden_when for other in fields)


def _with_gap(field: Field) -> tuple[Any, ...]:
    return field.values if field.is_required else (*field.values, KEPT)


def _not_kept(pairs: Any) -> dict[str, Any]:
    return {name: value for name, value in pairs if value is not KEPT}


def _shown(answered: dict[str, Any], own: list[tuple[Field, tuple[Any, ...]]]) -> dict[str, Any]:
    """Return the answers to questions that are shown; a hidden one is not asked."""
    return {
        field.key: answered[field.key]
        for field, _ in own
        if answered[field.key] is not KEPT and not _is_hidden(field, answered)
    }


def _is_hidden(field: Field, answered: Mapping[str, Any]) -> bool:
    if not field.hidden_when:
        return False
    try:
        return bool(evaluate(field.hidden_when, answered))
    except DiagramError:
        # The condition asks what is no variable; the question may be shown.
        return False


def _followed(given: dict[str, Any], declared: Declared) -> dict[str, Any]:
    brought = {name: value for cause, at, name, value in declared.follows if given.get(cause) == at}
    return {**given, **brought}


def _spread_all(given: Values, domains: Domains, kept: frozenset[str]) -> Iterator[Values]:
    names = [name for name in given if name in kept]
    for values in product(*(domains.spread(name, given[name]) for name in names)):
        yield dict(zip(names, values, strict=True))
